"""Estimates with 95 % intervals.

| function | interval |
|---|---|
| share | Wilson's score interval (Wilson 1927) |
| mean | Student's t; the quantile by the incomplete beta function |
| median, percentile | order statistics, free of any assumption on the distribution |
| difference_of_means | Welch (1947), degrees of freedom by Satterthwaite |
| difference_of_shares | Newcombe (1998), method 10, from two Wilson intervals |
| rate_ratio | mid-P of the conditional binomial, as for two Poisson counts |
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from amends.insights.statistics.numbers import (
    TAIL,
    Z95,
    Numbers,
    binomial_cdf,
    binomial_mid,
    floats,
    root,
    t95,
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, what it may as well be (95 %), and how many observations it rests on."""

    value: float
    low: float
    high: float
    n: int

    def kept_within(self, lowest: float, highest: float) -> Self:
        """Cut the interval to what the scale allows; it covers what it did before."""
        return replace(self, low=max(lowest, self.low), high=min(highest, self.high))

    @property
    def includes_zero(self) -> bool:
        return self.low <= 0 <= self.high


def share(successes: int, n: int) -> Estimate | None:
    """Return a share of 0..1; None when n is 0.

    Raises:
        ValueError: successes are not from 0 to n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share; count successes from 0 to n.")
    if n == 0:
        return None
    low, high = wilson(successes / n, n)
    return Estimate(successes / n, low, high, n)


def wilson(p: float, n: float) -> tuple[float, float]:
    """Return Wilson's bounds of a share p in 0..1 of n > 0."""
    z2 = Z95 * Z95
    middle = p + z2 / (2 * n)
    half = Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low, high = (middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)
    return (0.0 if p == 0 else min(p, low)), (1.0 if p == 1 else max(p, high))


def mean(values: Numbers, lowest: float = -math.inf, highest: float = math.inf) -> Estimate | None:
    """Return a mean; None for fewer than two values, of which nothing can be said.

    Where all values are equal the interval has no width: they show no spread to judge by.

    Args:
        lowest: The least a value can be; the interval ends there at the latest.
        highest: The most a value can be.
    """
    array = floats(values)
    if array.size < 2:
        return None
    middle = float(array.mean())
    half = t95(array.size - 1) * float(array.std(ddof=1)) / math.sqrt(array.size)
    whole = Estimate(middle, middle - half, middle + half, array.size)
    return whole.kept_within(lowest, highest)


def median(values: Numbers) -> Estimate | None:
    """Return a median; None for fewer than six values, which hold no 95 % interval."""
    return percentile(values, 50)


def percentile(values: Numbers, p: float) -> Estimate | None:
    """Return the value below which p % of all lie, interpolated.

    Args:
        p: Above 0 and below 100.

    Returns:
        None where the values are too few for both bounds: 6 for the median, 36 for the 90th,
        72 for the 95th percentile.

    Raises:
        ValueError: p is not between 0 and 100.
    """
    if not 0 < p < 100:
        raise ValueError(f"A percentile lies above 0 and below 100; {p:g} does not.")
    array = np.sort(floats(values))
    n, chance = array.size, p / 100
    lower = _first(n, lambda rank: binomial_cdf(rank - 1, n, chance) > TAIL) - 1
    upper = _first(n, lambda rank: binomial_cdf(rank - 1, n, chance) >= 1 - TAIL)
    if lower < 1 or upper > n:
        return None
    value = float(np.percentile(array, p))
    return Estimate(value, float(array[lower - 1]), float(array[upper - 1]), n)


def _first(n: int, holds: Callable[[int], bool]) -> int:
    """Return the first rank from 1 to n + 1 at which a condition holds that then goes on to."""
    return bisect_left(range(1, n + 1), True, key=holds) + 1


def difference_of_means(a: Numbers, b: Numbers) -> Estimate | None:
    """Return mean(a) - mean(b); None where either has fewer than two values."""
    first, second = floats(a), floats(b)
    if min(first.size, second.size) < 2:
        return None
    parts = [float(one.var(ddof=1)) / one.size for one in (first, second)]
    value = float(first.mean() - second.mean())
    half = t95(satterthwaite(parts, [first.size - 1, second.size - 1])) * math.sqrt(sum(parts))
    return Estimate(value, value - half, value + half, first.size + second.size)


def satterthwaite(parts: list[float], freedoms: list[int]) -> float:
    """Return the degrees of freedom of a sum of independent variances.

    Args:
        parts: The variances that are added up.
        freedoms: The degrees of freedom of each, 1 or more.
    """
    below = sum(part * part / df for part, df in zip(parts, freedoms, strict=True))
    return sum(parts) ** 2 / below if below > 0 else float(sum(freedoms))


def difference_of_shares(a_successes: int, a_n: int, b_successes: int, b_n: int) -> Estimate | None:
    """Return share a - share b, from -1 to 1; None where either has no observation.

    Raises:
        ValueError: successes are not from 0 to n.
    """
    a, b = share(a_successes, a_n), share(b_successes, b_n)
    if a is None or b is None:
        return None
    value = a.value - b.value
    low = value - math.hypot(a.value - a.low, b.high - b.value)
    high = value + math.hypot(a.high - a.value, b.value - b.low)
    return Estimate(value, max(-1.0, low), min(1.0, high), a_n + b_n)


def rate_ratio(a_count: int, a_exposure: float, b_count: int, b_exposure: float) -> Estimate | None:
    """Return how many times rate a is of rate b.

    Given the total, the first count is binomial with chance r·A / (r·A + B), for exposures A and B
    and ratio r; the bounds are the ratios whose mid-P is 2.5 % on either side.

    Args:
        a_exposure: What the count was taken over, such as days or conversations; above 0.

    Returns:
        None where b_count is 0: nothing is so many times as much as nothing.

    Raises:
        ValueError: a count is negative, or an exposure is not above 0.
    """
    if min(a_count, b_count) < 0 or min(a_exposure, b_exposure) <= 0:
        raise ValueError("Counts must be 0 or more, and what they are taken over above 0.")
    if b_count == 0:
        return None
    total, scale = a_count + b_count, b_exposure / a_exposure

    def bound(mid: float) -> float:
        p = root(lambda chance: binomial_mid(a_count, total, chance) - mid, 0.0, 1.0)
        return scale * p / (1 - p)

    low = bound(1 - TAIL) if a_count else 0.0
    return Estimate(scale * a_count / b_count, low, bound(TAIL), total)
