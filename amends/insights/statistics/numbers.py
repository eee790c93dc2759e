"""Numbers as they come in, and the distributions that intervals are read from.

All rest on one function, the regularised incomplete beta function, evaluated by its continued
fraction (Press et al., Numerical Recipes, 3rd ed. 2007, section 6.4); no outside library is needed.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Numbers = Sequence[float] | NDArray[Any]
type Floats = NDArray[np.float64]

CONFIDENCE = 0.95
TAIL = (1 - CONFIDENCE) / 2
Z95 = NormalDist().inv_cdf(1 - TAIL)  # 1.959964

_TINY = 1e-300
_CLOSE = 1e-15
_NORMAL_FROM = 1e7  # degrees of freedom from which t and normal agree in all digits that count


def floats(values: Numbers) -> Floats:
    """Return the values as an array.

    Raises:
        ValueError: a value is missing or endless.
    """
    array = np.asarray(values, dtype=np.float64)
    if not np.isfinite(array).all():
        raise ValueError("A value is missing or endless; leave out what is not known.")
    return array


def within(values: Numbers, lowest: float, highest: float, name: str) -> Floats:
    """Return the values as an array.

    Raises:
        ValueError: one lies outside of the scale.
    """
    array = floats(values)
    if array.size and (array.min() < lowest or array.max() > highest):
        raise ValueError(f"{name} must lie from {lowest:g} to {highest:g}.")
    return array


def same_length(first: Sequence[Any] | NDArray[Any], *others: Sequence[Any] | NDArray[Any]) -> int:
    """Return the common length.

    Raises:
        ValueError: they differ.
    """
    lengths = {len(first), *(len(one) for one in others)}
    if len(lengths) > 1:
        raise ValueError(f"Pairs need lists of one length, not of {sorted(lengths)}.")
    return len(first)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return I_x(a, b), the chance that a Beta(a, b) is at most x; a, b > 0, x in 0..1."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    log_front = (
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    front = math.exp(log_front)
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _fraction(a, b, x) / a)
    return max(0.0, 1 - front * _fraction(b, a, 1 - x) / b)


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction, by Lentz's method; needs about sqrt(max(a, b)) steps."""
    c, d = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    result = d
    for step in range(1, 1_000_000):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        for term in (even, odd):
            d = 1 / _off_zero(1 + term * d)
            c = _off_zero(1 + term / c)
            result *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return result


def _off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def t_cdf(t: float, df: float) -> float:
    """Return the chance that Student's t with df > 0 degrees of freedom is at most t."""
    if t * t < df:  # near the middle the other side of the beta distribution keeps all digits
        inner = incomplete_beta(0.5, df / 2, t * t / (df + t * t)) / 2
        return 0.5 + math.copysign(inner, t)
    tail = incomplete_beta(df / 2, 0.5, df / (df + t * t)) / 2
    return 1 - tail if t > 0 else tail


@lru_cache(maxsize=4096)
def t95(df: float) -> float:
    """Return the 97.5 % quantile of Student's t, by Newton's method from the normal quantile.

    The cdf is concave above zero and the start lies below the root, so each step comes closer and
    none overshoots. From ten million degrees of freedom on the normal quantile is returned.
    """
    if df >= _NORMAL_FROM:
        return Z95
    t = Z95
    for _ in range(200):
        step = (1 - TAIL - t_cdf(t, df)) / _t_density(t, df)
        t += step
        if abs(step) < 1e-13 * t:
            break
    return t


def _t_density(t: float, df: float) -> float:
    log = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2
    return math.exp(log - (df + 1) / 2 * math.log1p(t * t / df))


def binomial_cdf(k: int, n: int, p: float) -> float:
    """Return the chance of at most k successes in n trials of chance p."""
    if k < 0:
        return 0.0
    return 1.0 if k >= n else incomplete_beta(n - k, k + 1, 1 - p)


def binomial_mid(k: int, n: int, p: float) -> float:
    """Return the chance of fewer than k successes plus half the chance of exactly k."""
    return (binomial_cdf(k - 1, n, p) + binomial_cdf(k, n, p)) / 2


def negative_binomial_tail(k: int, size: float, chance: float) -> float:
    """Return the chance of k or more, mean size * (1 - chance) / chance."""
    return 1.0 if k <= 0 else incomplete_beta(k, size, 1 - chance)


def root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function crosses zero between low and high, by halving."""
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if falling(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
