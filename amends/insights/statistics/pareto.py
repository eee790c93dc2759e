"""Pareto: which few keys make up most of all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST = 0.8


@dataclass(frozen=True, slots=True)
class ParetoBar:
    key: str
    count: int
    share: float  # of all, 0..1
    cumulative: float  # of all down to this one, 0..1


def pareto(counts: Mapping[str, int]) -> list[ParetoBar]:
    """Return one bar per key that was counted at all, the largest first, equals by name.

    Raises:
        ValueError: a count is negative.
    """
    if min(counts.values(), default=0) < 0:
        raise ValueError("A count must be 0 or more.")
    total, so_far, bars = sum(counts.values()), 0, []
    for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count:
            so_far += count
            bars.append(ParetoBar(key, count, count / total, so_far / total))
    return bars


def vital_few(bars: Sequence[ParetoBar], most: float = MOST) -> list[str]:
    """Return the keys of the fewest bars that together make up 80 %."""
    return [bar.key for bar in bars if bar.cumulative - bar.share < most - 1e-12]
