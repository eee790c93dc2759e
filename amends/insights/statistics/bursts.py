"""What grows: trends over weeks, and bursts of one period against those before it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from amends.insights.statistics.intervals import Estimate
from amends.insights.statistics.numbers import Floats, Numbers, floats, negative_binomial_tail, t95

FEWEST_PERIODS = 4
FEWEST_COUNTED = 10
LEAST_RATIO = 1.5
FEWEST_NOW = 5
FALSE_DISCOVERIES = 0.05
_PRIOR = 0.5  # Jeffreys' prior of a Poisson rate: Gamma(1/2, 0)


class Direction(StrEnum):
    RISING = "rising"
    FALLING = "falling"
    CANNOT_BE_TOLD = "cannot_be_told"


@dataclass(frozen=True, slots=True)
class Trend:
    """How much a count grows from one period to the next, on average."""

    growth: Estimate  # per period, as a share: 0.05 is 5 % more each week; n: periods
    direction: Direction
    dispersion: float  # 1: as scattered as chance alone would have it; more: restless


def trend(counts: Numbers) -> Trend | None:
    """Fit a quasi-Poisson line to counts of following periods of one length, oldest first.

    The logarithm of the expected count is a straight line; the interval is Student's t with the
    dispersion by Pearson's statistic, never below 1 (McCullagh and Nelder 1989, section 6.2).

    Returns:
        None for fewer than 4 periods or 10 counted, or where everything fell into the first or
        the last period, which no line fits.

    Raises:
        ValueError: a count is negative.
    """
    seen = _counts(counts)
    periods, total = seen.size, float(seen.sum())
    if periods < FEWEST_PERIODS or total < FEWEST_COUNTED or total in (seen[0], seen[-1]):
        return None
    at = floats(np.arange(periods) - (periods - 1) / 2)
    slope, fitted = _line(seen, at)
    around = at - float((fitted * at).sum()) / total
    dispersion = max(1.0, float(((seen - fitted) ** 2 / fitted).sum()) / (periods - 2))
    error = math.sqrt(dispersion / float((fitted * around**2).sum()))
    half = t95(periods - 2) * error
    growth = Estimate(
        math.expm1(slope), math.expm1(slope - half), math.expm1(slope + half), periods
    )
    return Trend(growth, _direction(growth), dispersion)


def _line(seen: Floats, at: Floats) -> tuple[float, Floats]:
    """Return the likeliest slope of the logarithm, and the counts that it expects.

    For a given slope the likeliest level makes the expected total the seen one; what is left is
    one equation, "expected mean time = seen mean time", which grows with the slope.
    """
    total = float(seen.sum())
    target = float((seen * at).sum()) / total
    slope = 0.0
    for _ in range(200):
        shape = np.exp(slope * at - (slope * at).max())
        chances = shape / shape.sum()
        middle = float((chances * at).sum())
        step = (target - middle) / float((chances * (at - middle) ** 2).sum())
        slope += max(-1.0, min(1.0, step))
        if abs(step) < 1e-13:
            break
    shape = np.exp(slope * at - (slope * at).max())
    return slope, total * shape / shape.sum()


def _direction(growth: Estimate) -> Direction:
    if growth.includes_zero:
        return Direction.CANNOT_BE_TOLD
    return Direction.RISING if growth.value > 0 else Direction.FALLING


@dataclass(frozen=True, slots=True)
class Burst:
    """A key that comes up far more than it used to."""

    key: str
    now: int
    expected: float
    ratio: float
    p: float  # chance of as many or more, if nothing had changed
    q: float  # p after Benjamini and Hochberg: the share of false alarms down to here


def bursts(
    counts_now: Mapping[str, int],
    counts_before: Mapping[str, Sequence[int]],
    *,
    false_discoveries: float = FALSE_DISCOVERIES,
) -> list[Burst]:
    """Return the keys that burst in the present period, the surest first.

    A key's rate has a Gamma distribution after its earlier periods (from Jeffreys' prior), so what
    is expected now is negative binomial: wider than Poisson by what few periods leave unknown. Its
    variance is widened once more by what all keys' earlier periods together scatter beyond chance:
    by one factor for all keys, or by more for larger keys, whichever is more. Simulated, 40 keys
    over eight periods then gave a false alarm in 3 to 8 % of periods, Poisson or not.

    All keys of either period are tested; Benjamini and Hochberg (1995) keep the share of false
    alarms among what is returned at `false_discoveries`.

    Args:
        counts_now: The count of each key; one that is missing was not seen.
        counts_before: The counts of each key in earlier periods of the same length. A key that
            is missing was not seen in any of them.

    Returns:
        Only keys with q up to `false_discoveries`, 5 or more now, and 1.5 times the expected.
        Nothing without earlier periods.

    Raises:
        ValueError: a count is negative.
    """
    periods = max((len(one) for one in counts_before.values()), default=0)
    if periods == 0:
        return []
    keys = sorted(counts_now.keys() | counts_before.keys())
    earlier = [_counts(counts_before.get(key) or [0] * periods) for key in keys]
    now = [int(one) for one in _counts([counts_now.get(key, 0) for key in keys])]
    factor, rate_spread = dispersion(earlier), heterogeneity(earlier)
    expected = [(float(one.sum()) + _PRIOR) / one.size for one in earlier]
    chances = [
        _chance(count, mean, one.size, max(factor, 1 + rate_spread * mean))
        for count, mean, one in zip(now, expected, earlier, strict=True)
    ]
    found = [
        Burst(key, count, mean, count / mean, p, q)
        for key, count, mean, p, q in zip(
            keys, now, expected, chances, adjusted(chances), strict=True
        )
    ]
    kept = [one for one in found if _counts_as_burst(one, false_discoveries)]
    return sorted(kept, key=lambda one: (one.q, one.p, -one.ratio, one.key))


def _counts_as_burst(one: Burst, false_discoveries: float) -> bool:
    return one.now >= FEWEST_NOW and one.ratio >= LEAST_RATIO and one.q <= false_discoveries


def _chance(count: int, mean: float, periods: int, spread: float) -> float:
    """Return the chance of `count` or more: negative binomial of this mean and variance."""
    factor = spread * (1 + 1 / periods)
    return negative_binomial_tail(count, mean / (factor - 1), 1 / factor)


def dispersion(series: Sequence[Numbers]) -> float:
    """Return how much more than chance the counts of keys scatter over periods; 1 at the least."""
    rows = [one for one in map(floats, series) if one.size > 1 and one.sum() > 0]
    freedoms = sum(one.size - 1 for one in rows)
    if freedoms == 0:
        return 1.0
    scatter = sum(float(((one - one.mean()) ** 2).sum() / one.mean()) for one in rows)
    return max(1.0, scatter / freedoms)


def heterogeneity(series: Sequence[Numbers]) -> float:
    """Return the squared variation of rates from period to period, by moments; 0 at the least.

    Where rates vary so, a count of mean m has the variance m + heterogeneity · m².
    """
    rows = [one for one in map(floats, series) if one.size > 1]
    beyond = sum(float(one.var(ddof=1) - one.mean()) for one in rows)
    squares = sum(float(one.mean() ** 2 - one.var(ddof=1) / one.size) for one in rows)
    return max(0.0, beyond / squares) if squares > 0 else 0.0


def adjusted(chances: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number (Benjamini and Hochberg 1995), in their order."""
    order = sorted(range(len(chances)), key=lambda index: -chances[index])
    result, lowest = [1.0] * len(chances), 1.0
    for rank, index in zip(range(len(chances), 0, -1), order, strict=True):
        lowest = min(lowest, chances[index] * len(chances) / rank)
        result[index] = lowest
    return result


def _counts(values: Numbers) -> Floats:
    counts = floats(values)
    if counts.size and counts.min() < 0:
        raise ValueError("A count must be 0 or more.")
    return counts
