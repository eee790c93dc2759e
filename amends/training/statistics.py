"""Shares with their intervals, and F1."""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

Z_95 = 1.96
"""Normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; of none, the rate is 0."""

    hits: int
    rows: int

    @property
    def rate(self) -> float:
        return self.hits / self.rows if self.rows else 0.0

    @property
    def interval95(self) -> tuple[float, float]:
        return wilson(self.hits, self.rows)


def share(outcomes: Iterable[object]) -> Share:
    """Return how many of the outcomes are true."""
    found = [bool(outcome) for outcome in outcomes]
    return Share(sum(found), len(found))


def wilson(hits: int, rows: int, z: float = Z_95) -> tuple[float, float]:
    """Return Wilson's interval of a proportion; it stays inside [0, 1] for few rows, too."""
    if not rows:
        return (0.0, 0.0)
    rate, spread = hits / rows, 1 + z * z / rows
    centre = (rate + z * z / (2 * rows)) / spread
    half = z * math.sqrt(rate * (1 - rate) / rows + z * z / (4 * rows * rows)) / spread
    return (centre - half, centre + half)


def f1(right: int, wrongly_found: int, not_found: int) -> float:
    """Return the harmonic mean of precision and recall; 0 if nothing was right."""
    return 2 * right / (2 * right + wrongly_found + not_found) if right else 0.0


def macro_f1(pairs: Sequence[tuple[Hashable, Hashable]], labels: Iterable[Hashable]) -> float:
    """Return the mean F1 of the labels over pairs of expected and answered label."""
    expected = Counter(pair[0] for pair in pairs)
    answered = Counter(pair[1] for pair in pairs)
    right = Counter(wanted for wanted, got in pairs if wanted == got)
    scores = [
        f1(right[label], answered[label] - right[label], expected[label] - right[label])
        for label in labels
    ]
    return sum(scores) / len(scores) if scores else 0.0
