"""The scales of surveys: NPS, CSAT, CES, the gap between perception and expectation, and CSI."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from amends.insights.statistics.intervals import Estimate, mean, share, wilson
from amends.insights.statistics.numbers import Floats, Numbers, same_length, within

PROMOTER, PASSIVE = 9, 7  # Reichheld (2003): 9 and 10 promote, 7 and 8 are passive
SATISFIED = 4  # of 1..5: "top two boxes"
AGREES = 5  # of 1..7: somewhat agree and above
AS_EXPECTED = 3  # of 1..5


@dataclass(frozen=True, slots=True)
class Nps:
    """Promoters less detractors, in points from -100 to 100."""

    value: float
    low: float
    high: float
    promoters: int
    passives: int
    detractors: int
    n: int


@dataclass(frozen=True, slots=True)
class Csat:
    """How many are satisfied (4 or 5 of 5), the mean (None for one answer), and all answers."""

    top_two: Estimate
    mean: Estimate | None
    counts: Mapping[int, int]

    @property
    def n(self) -> int:
        return self.top_two.n


@dataclass(frozen=True, slots=True)
class Ces:
    """How easy it was, 1 to 7, and how many agree that it was (5 or more)."""

    mean: Estimate | None
    agreeing: Estimate

    @property
    def n(self) -> int:
        return self.agreeing.n


def nps(scores: Numbers) -> Nps | None:
    """Return the net promoter score of answers from 0 to 10; None without answers.

    The interval combines the Wilson intervals of both shares by their correlation in one
    multinomial sample (Zou and Donner 2008), so that it never leaves -100..100 and keeps a width
    where all agree.

    Raises:
        ValueError: an answer lies outside of the scale.
    """
    answers = within(scores, 0, 10, "Answers to the question of recommendation")
    if answers.size == 0:
        return None
    promoters = int((answers >= PROMOTER).sum())
    detractors = int((answers < PASSIVE).sum())
    low, high = _difference_within(promoters, detractors, answers.size)
    return Nps(
        value=100 * (promoters - detractors) / answers.size,
        low=100 * low,
        high=100 * high,
        promoters=promoters,
        passives=answers.size - promoters - detractors,
        detractors=detractors,
        n=answers.size,
    )


def _difference_within(first: int, second: int, n: int) -> tuple[float, float]:
    """Return the bounds of p - q, both shares of the same n answers."""
    p, q = first / n, second / n
    (p_low, p_high), (q_low, q_high) = wilson(p, n), wilson(q, n)
    spread = math.sqrt(p * (1 - p) * q * (1 - q))
    together = -p * q / spread if spread > 0 else 0.0
    down = _hypotenuse(p - p_low, q_high - q, together)
    up = _hypotenuse(p_high - p, q - q_low, together)
    return max(-1.0, p - q - down), min(1.0, p - q + up)


def _hypotenuse(a: float, b: float, correlation: float) -> float:
    return math.sqrt(max(0.0, a * a + b * b - 2 * correlation * a * b))


def csat(scores: Numbers) -> Csat | None:
    """Return the satisfaction stated, of answers from 1 to 5; None without answers.

    Raises:
        ValueError: an answer lies outside of the scale.
    """
    answers = within(scores, 1, 5, "Answers to the question of satisfaction")
    top_two = share(int((answers >= SATISFIED).sum()), answers.size)
    if top_two is None:
        return None
    counts = {mark: int((np.rint(answers) == mark).sum()) for mark in range(1, 6)}
    return Csat(top_two, mean(answers, 1, 5), counts)


def ces(scores: Numbers) -> Ces | None:
    """Return how easy it was, of answers from 1 to 7 (7: strongly agree); None without answers.

    Raises:
        ValueError: an answer lies outside of the scale.
    """
    answers = within(scores, 1, 7, "Answers to the question of effort")
    agreeing = share(int((answers >= AGREES).sum()), answers.size)
    return Ces(mean(answers, 1, 7), agreeing) if agreeing else None


def gap(scores: Numbers) -> Estimate | None:
    """Return perception less expectation, -2 to 2, of answers from 1 to 5 (3: as expected).

    The question asks for the difference itself, so one answer holds both.

    Raises:
        ValueError: an answer lies outside of the scale.
    """
    return mean(within(scores, 1, 5, "Answers against expectation") - AS_EXPECTED, -2, 2)


def csi(importances: Numbers, satisfactions: Numbers) -> float:
    """Return the weighted index of satisfaction, 0 to 100.

    The form is that of the American index (Fornell et al. 1996, Journal of Marketing 60(4)): the
    weighted mean, less the lowest it can be, over its range. Importances 5, 4, 3 and satisfactions
    4, 3, 5 of 5 make (5·4 + 4·3 + 3·5) / 12 = 47/12, and (47/12 - 1) / 4 · 100 = 72.92.

    Args:
        importances: How much each factor matters, 0 or more, in any unit.
        satisfactions: Satisfaction with each factor, 1 to 5.

    Raises:
        ValueError: nothing is weighed, the lists differ in length, or a value is out of range.
    """
    same_length(importances, satisfactions)
    weights = _weights(importances)
    marks = within(satisfactions, 1, 5, "Satisfactions")
    return float((weights * marks).sum() / weights.sum() - 1) / 4 * 100


def _weights(importances: Numbers) -> Floats:
    weights = within(importances, 0, math.inf, "Importances")
    if weights.size == 0 or weights.sum() <= 0:
        raise ValueError("An index needs at least one factor that matters more than 0.")
    return weights
