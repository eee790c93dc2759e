"""What a criterion came to."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    met: bool | None  # None: it does not apply
    seq: int | None = None  # the message that shows it


DOES_NOT_APPLY = Finding(None)


def together(findings: Iterable[Finding]) -> Finding:
    """Return one finding for several: the first that is not met, else the first that is."""
    found = [one for one in findings if one.met is not None]
    unmet = next((one for one in found if not one.met), None)
    return unmet or next(iter(found), DOES_NOT_APPLY)
