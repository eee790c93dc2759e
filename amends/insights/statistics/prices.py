"""What a point of satisfaction costs, by kind of remedy.

Those who got a remedy are compared with those of the same category of complaint who got none. The
price of a point is mean cost over difference in satisfaction, with Fieller's interval (1954), which
takes into account that the difference is uncertain too. Who got a remedy was not drawn by lot: a
price says what went together, not what would happen if more were given.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amends.insights.statistics.intervals import Estimate, mean, satterthwaite
from amends.insights.statistics.numbers import Floats, Numbers, same_length, t95, within

type Words = Sequence[str] | NDArray[Any]

FEWEST = 10  # comparable conversations on either side
NONE = ""  # the kind of those who got nothing


class Told(StrEnum):
    PRICE = "price"
    TOO_FEW = "too_few"
    NO_DIFFERENCE = "no_difference"  # the difference may as well be zero
    LOWER = "lower"  # those with the remedy were less satisfied


@dataclass(frozen=True, slots=True)
class Price:
    """One kind of remedy in one currency; money in minor units."""

    kind: str
    currency: str
    n: int  # who got it and can be compared
    n_without: int  # the comparable ones who got none
    left_out: int  # who got it in a category in which too few got none
    cost: Estimate | None
    difference: Estimate | None  # in points of satisfaction
    per_point: Estimate | None  # only when told is PRICE
    told: Told


class _Stratum(NamedTuple):
    costs: Floats
    satisfied: Floats
    without: Floats


class _Moments(NamedTuple):
    """Means of cost and difference, their variances and covariance, degrees of freedom."""

    cost: float
    difference: float
    cost_variance: float
    parts: list[float]
    covariance: float
    freedoms: list[int]


def prices(
    kinds: Words,
    currencies: Words,
    costs_minor: Numbers,
    satisfactions: Numbers,
    categories: Words,
) -> list[Price]:
    """Return one price per kind and currency, by kind.

    Args:
        kinds: The kind of remedy of each conversation; "" for none.
        currencies: The currency of its cost; "" for none.
        costs_minor: Its cost in minor units, 0 or more; 0 for none.
        satisfactions: Satisfaction at the end, 1 to 5.
        categories: The category of the complaint, by which conversations are comparable.

    Raises:
        ValueError: the lists differ in length, or a value is out of range.
    """
    same_length(kinds, currencies, costs_minor, satisfactions, categories)
    costs = within(costs_minor, 0, math.inf, "Costs")
    marks = within(satisfactions, 1, 5, "Satisfaction")
    kind, currency, category = (
        np.asarray(one, dtype=str) for one in (kinds, currencies, categories)
    )
    without = _by_category(category, marks, kind == NONE)
    result = []
    for group in sorted({*zip(kind.tolist(), currency.tolist(), strict=True)}):
        if group[0] == NONE:
            continue
        chosen = (kind == group[0]) & (currency == group[1])
        paid = _by_category(category, costs, chosen)
        satisfied = _by_category(category, marks, chosen)
        strata = [
            _Stratum(paid[name], satisfied[name], without[name])
            for name in paid
            if paid[name].size > 1 and name in without and without[name].size > 1
        ]
        result.append(_price(*group, int(chosen.sum()), strata))
    return result


def _by_category(
    category: NDArray[np.str_], values: Floats, chosen: NDArray[np.bool_]
) -> dict[str, Floats]:
    """Return the chosen values of each category, by its name."""
    inside, kept = category[chosen], values[chosen]
    order = np.argsort(inside, kind="stable")
    names, starts = np.unique(inside[order], return_index=True)
    if not names.size:
        return {}
    return dict(zip(names.tolist(), np.split(kept[order], starts[1:]), strict=True))


def _price(kind: str, currency: str, everybody: int, strata: list[_Stratum]) -> Price:
    n = sum(one.costs.size for one in strata)
    n_without = sum(one.without.size for one in strata)
    cost = mean(np.concatenate([one.costs for one in strata])) if strata else None
    if min(n, n_without) < FEWEST:
        return Price(kind, currency, n, n_without, everybody - n, cost, None, None, Told.TOO_FEW)
    moments = _moments(strata, n)
    half = t95(satterthwaite(moments.parts, moments.freedoms)) * math.sqrt(sum(moments.parts))
    difference = Estimate(
        moments.difference, moments.difference - half, moments.difference + half, n + n_without
    )
    told = _told(difference)
    per_point = _fieller(moments, n) if told is Told.PRICE else None
    return Price(kind, currency, n, n_without, everybody - n, cost, difference, per_point, told)


def _told(difference: Estimate) -> Told:
    if difference.includes_zero:
        return Told.NO_DIFFERENCE
    return Told.PRICE if difference.value > 0 else Told.LOWER


def _moments(strata: list[_Stratum], n: int) -> _Moments:
    """Weigh each category by its share of those who got the remedy."""
    cost = difference = cost_variance = covariance = 0.0
    parts: list[float] = []
    freedoms: list[int] = []
    for one in strata:
        weight, size = one.costs.size / n, one.costs.size
        together = np.cov(one.costs, one.satisfied, ddof=1) / size
        cost += weight * float(one.costs.mean())
        difference += weight * float(one.satisfied.mean() - one.without.mean())
        cost_variance += weight**2 * float(together[0, 0])
        covariance += weight**2 * float(together[0, 1])
        without = float(one.without.var(ddof=1)) / one.without.size
        parts += [weight**2 * float(together[1, 1]), weight**2 * without]
        freedoms += [size - 1, one.without.size - 1]
    return _Moments(cost, difference, cost_variance, parts, covariance, freedoms)


def _fieller(moments: _Moments, n: int) -> Estimate:
    """Return cost over difference; the difference must be surely above zero.

    The bounds are the ratios r for which cost - r · difference is within t of its error of zero,
    a quadratic in r.
    """
    t2 = t95(satterthwaite(moments.parts, moments.freedoms)) ** 2
    a = moments.difference**2 - t2 * sum(moments.parts)
    b = moments.cost * moments.difference - t2 * moments.covariance
    c = moments.cost**2 - t2 * moments.cost_variance
    half = math.sqrt(max(0.0, b * b - a * c))
    return Estimate(moments.cost / moments.difference, (b - half) / a, (b + half) / a, n)
