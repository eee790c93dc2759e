"""Before and after: whether a figure changed at a date, or cannot be told to have."""

from dataclasses import dataclass
from enum import StrEnum

from amends.insights.statistics.intervals import (
    Estimate,
    difference_of_means,
    difference_of_shares,
    mean,
    share,
)
from amends.insights.statistics.numbers import Numbers, floats

FEWEST = 10  # observations on either side
FEWEST_WEEKS = 4


class Verdict(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    CANNOT_BE_TOLD = "cannot_be_told"


class Why(StrEnum):
    """Why it cannot be told."""

    TOO_FEW = "too_few"
    MAY_BE_CHANCE = "may_be_chance"  # the interval of the difference includes zero


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    before: Estimate | None
    after: Estimate | None
    difference: Estimate | None  # after less before; None when there are too few
    verdict: Verdict
    why: Why | None = None  # only when it cannot be told


def before_after(
    before: Numbers, after: Numbers, *, higher_is_better: bool, fewest: int = FEWEST
) -> BeforeAfter:
    """Compare the means of two lists of values, such as scores, costs, or counts per week.

    That something changed at a date does not say that what was done then changed it.

    Args:
        fewest: How many values each side needs; `FEWEST_WEEKS` for counts per week.
    """
    sides = mean(before), mean(after)
    if min(floats(before).size, floats(after).size) < fewest:
        return BeforeAfter(*sides, None, Verdict.CANNOT_BE_TOLD, Why.TOO_FEW)
    return _judged(*sides, difference_of_means(after, before), higher_is_better)


def before_after_shares(
    before: tuple[int, int],
    after: tuple[int, int],
    *,
    higher_is_better: bool,
    fewest: int = FEWEST,
) -> BeforeAfter:
    """Compare two shares, each given as successes and observations.

    Raises:
        ValueError: successes are not from 0 to the number of observations.
    """
    sides = share(*before), share(*after)
    if min(before[1], after[1]) < fewest:
        return BeforeAfter(*sides, None, Verdict.CANNOT_BE_TOLD, Why.TOO_FEW)
    return _judged(*sides, difference_of_shares(*after, *before), higher_is_better)


def _judged(
    before: Estimate | None,
    after: Estimate | None,
    difference: Estimate | None,
    higher_is_better: bool,
) -> BeforeAfter:
    if difference is None:
        return BeforeAfter(before, after, None, Verdict.CANNOT_BE_TOLD, Why.TOO_FEW)
    if difference.includes_zero:
        return BeforeAfter(before, after, difference, Verdict.CANNOT_BE_TOLD, Why.MAY_BE_CHANCE)
    better = (difference.value > 0) == higher_is_better
    return BeforeAfter(before, after, difference, Verdict.BETTER if better else Verdict.WORSE)
