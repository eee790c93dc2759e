"""One difference between two versions of a policy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from amends.values import Json


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REORDERED = "reordered"  # only the order is another one


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs at one place: a clause, a fact, a cap. `place` is its name in the policy."""

    section: str
    place: str
    kind: Kind
    sentences: tuple[str, ...]


def place(
    section: str, name: str, changed: Iterable[str], reordered: Iterable[str] = ()
) -> Iterator[Difference]:
    """Yield the difference at one place; nothing when there is nothing to say."""
    changes, orders = tuple(changed), tuple(reordered)
    if changes or orders:
        kind = Kind.CHANGED if changes else Kind.REORDERED
        yield Difference(section, name, kind, (*changes, *orders))


def difference_to_json(difference: Difference) -> Json:
    return {
        "section": difference.section,
        "place": difference.place,
        "change": str(difference.kind),
        "sentences": list(difference.sentences),
    }
