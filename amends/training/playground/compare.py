"""The same messages as two models read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from amends.values import Json

COMPARED = (
    "intent", "complaint", "category", "secondary", "sentiment_label", "flags", "severity",
    "handoff", "language",
)  # fmt: skip
"""What of a reading may change what a customer is told; figures alone make no difference."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One message, and what the two make of it: JSON objects as `amends nlu` writes them."""

    text: str
    left: Json
    right: Json

    @property
    def differing(self) -> frozenset[str]:
        """The names of what they read differently."""
        return frozenset(name for name in COMPARED if self.left[name] != self.right[name])


def compare(
    texts: Sequence[str], left: Sequence[Json], right: Sequence[Json]
) -> tuple[Compared, ...]:
    """Put two models' readings of the same messages side by side, in order."""
    return tuple(
        Compared(text, one, other) for text, one, other in zip(texts, left, right, strict=True)
    )
