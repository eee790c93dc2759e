"""Fuzzy comprehensive evaluation: many factors, five grades, one composite.

Each value from 1 to 5 belongs to the two grades beside it, by how near they are (triangular
membership). The mean memberships of a factor are its row in the matrix R; the weights W compose
the rows to B = W∘R by the weighted average M(·, ⊕), which lets every factor count. Maximum and
minimum, the other usual composition, would let the largest weight drown the rest.

With triangular memberships the composite equals the weighted mean, put on 0 to 100; what is added
to it is the distribution over the grades, in which a split between delight and anger stays visible.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from amends.insights.statistics.numbers import Floats, Numbers, within


class Grade(StrEnum):
    VERY_DISSATISFIED = "very_dissatisfied"
    DISSATISFIED = "dissatisfied"
    NEUTRAL = "neutral"
    SATISFIED = "satisfied"
    VERY_SATISFIED = "very_satisfied"


GRADES = tuple(Grade)
_MARKS = np.arange(1.0, 6.0)
_POINTS = np.array([0.0, 25.0, 50.0, 75.0, 100.0])
_SAME = 1e-12

# The order is that of Orsingher, Valentini and de Angelis (2010), a meta-analysis of 60 studies:
# the outcome moves satisfaction with complaint handling most, then the treatment, least the
# process. The sizes are ours.
JUSTICE_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"outcome": 0.5, "process": 0.2, "treatment": 0.3}
)
# How customers spread 100 points over the five (Zeithaml, Parasuraman and Berry 1990).
SERVQUAL_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "reliability": 0.32,
        "responsiveness": 0.22,
        "assurance": 0.19,
        "empathy": 0.16,
        "tangibles": 0.11,
    }
)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a set of factors comes to."""

    memberships: Mapping[Grade, float]  # B, together 1
    grade: Grade  # of the largest membership; of two equal ones the lower
    composite: float  # 0..100
    matrix: Mapping[str, Mapping[Grade, float]]  # R, by factor
    weights: Mapping[str, float]  # W as used, together 1
    missing: tuple[str, ...]  # factors without a value, whose weight the others share


def membership(values: Numbers) -> Mapping[Grade, float]:
    """Return how far values from 1 to 5 belong to each grade, on average; together 1.

    Raises:
        ValueError: there are none, or one lies outside of the scale.
    """
    return dict(zip(GRADES, (float(one) for one in _row(values)), strict=True))


def _row(values: Numbers) -> Floats:
    marks = within(values, 1, 5, "Values of a factor")
    if marks.size == 0:
        raise ValueError("A factor without values belongs to no grade.")
    nearness = np.clip(1 - np.abs(marks[:, None] - _MARKS[None, :]), 0, 1)
    row: Floats = nearness.mean(axis=0)
    return row


def evaluate(
    values: Mapping[str, Numbers], weights: Mapping[str, float] = JUSTICE_WEIGHTS
) -> Evaluation | None:
    """Return the evaluation of all factors that have a weight.

    Args:
        values: The values of each factor, 1 to 5; a factor may have none.
        weights: The weight of each factor, 0 or more; only their ratios matter.

    Returns:
        None when no factor with a weight has a value.

    Raises:
        ValueError: a value lies outside of the scale, or a weight is negative.
    """
    if min(weights.values(), default=0) < 0:
        raise ValueError("A weight of a factor must be 0 or more.")
    rows = {name: _row(values[name]) for name in weights if len(values.get(name, ())) > 0}
    total = sum(weights[name] for name in rows)
    if total <= 0:
        return None
    used = {name: weights[name] / total for name in rows}
    composed = sum((used[name] * row for name, row in rows.items()), np.zeros(len(GRADES)))
    return Evaluation(
        memberships=_by_grade(composed),
        grade=GRADES[int(np.argmax(composed >= composed.max() - _SAME))],
        composite=float(composed @ _POINTS),
        matrix={name: _by_grade(row) for name, row in rows.items()},
        weights=used,
        missing=tuple(name for name in weights if name not in rows),
    )


def _by_grade(row: Floats) -> Mapping[Grade, float]:
    return dict(zip(GRADES, (float(one) for one in row), strict=True))
