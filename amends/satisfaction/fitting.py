"""Moves the believed points as far as rated conversations give reason to.

A ridge regression towards the beliefs: where conversations say nothing of a factor, the belief
stays; the more of them speak of it, the less it matters. No factor may turn against its meaning
(a worse mood never counts for satisfaction), so its points stay at zero or above.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from amends.satisfaction.model import Weights
from amends.satisfaction.scoring import BELIEVED, predicted

BELIEF_WEIGHT = 20.0
"""How strongly beliefs hold: like that many conversations that differ in one factor by one."""

FOLDS = 10
HALF_A_POINT = 0.5
DISSATISFIED = 2.5


@dataclass(frozen=True, slots=True)
class Rated:
    """One conversation and how satisfied its customer is, 1 to 5."""

    features: Mapping[str, float]
    satisfaction: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How well conversations are predicted that were left out of the fitting."""

    conversations: int
    correlation: float  # Pearson's r
    mean_error: float  # points
    within_half: float  # share predicted within half a point
    dissatisfied_found: float  # area under the ROC curve for up to 2.5, 0.5 is chance


def fit(rated: Sequence[Rated], name: str) -> Weights:
    """Return the points after these conversations; with none of them, the believed ones."""
    if len(rated) < FOLDS:
        return BELIEVED
    base, points = _solved(rated)
    within = quality(rated).within_half
    return Weights(name, base, points, round(within, 3), len(rated))


def quality(rated: Sequence[Rated]) -> Quality:
    """Predict each tenth of the conversations by points fitted on the others."""
    truth = np.array([one.satisfaction for one in rated])
    guessed = np.empty(len(rated))
    for fold in range(FOLDS):
        base, points = _solved([one for i, one in enumerate(rated) if i % FOLDS != fold])
        weights = Weights("left out", base, points)
        for i in range(fold, len(rated), FOLDS):
            guessed[i] = predicted(rated[i].features, weights)
    missed = np.abs(guessed - truth)
    return Quality(
        conversations=len(rated),
        correlation=round(_correlation(truth, guessed), 3),
        mean_error=round(float(missed.mean()), 3),
        within_half=round(float((missed <= HALF_A_POINT).mean()), 3),
        dissatisfied_found=round(area_under_curve(truth <= DISSATISFIED, -guessed), 3),
    )


def area_under_curve(positive: np.ndarray, scores: np.ndarray) -> float:
    """Return the chance that a positive scores higher than a negative; ties count half.

    Args:
        positive: which are positive, shape (n,).
        scores: shape (n,).
    """
    of, others = scores[positive], scores[~positive]
    if not len(of) or not len(others):
        return 0.5
    higher = (of[:, None] > others[None, :]).mean()
    return float(higher + (of[:, None] == others[None, :]).mean() / 2)


def _solved(rated: Sequence[Rated]) -> tuple[float, dict[str, float]]:
    names = list(BELIEVED.points)
    rows = np.array([[one.features.get(name, 0.0) for name in names] for one in rated])
    truth = np.array([one.satisfaction for one in rated])
    believed = np.array([BELIEVED.points[name] for name in names])
    centred, middle = rows - rows.mean(axis=0), truth.mean()
    free = np.ones(len(names), dtype=bool)
    points = np.zeros(len(names))
    while True:
        points[:] = 0.0
        points[free] = _ridge(centred[:, free], truth - middle, believed[free])
        if not (points < 0).any():
            break
        free &= points >= 0  # against its meaning: it says nothing here
    base = float(middle - rows.mean(axis=0) @ points)
    rounded = zip(names, points.tolist(), strict=True)
    return round(base, 3), {name: round(value, 3) for name, value in rounded}


def _ridge(rows: np.ndarray, truth: np.ndarray, believed: np.ndarray) -> np.ndarray:
    unexplained = truth - rows @ believed
    strength = BELIEF_WEIGHT * np.eye(rows.shape[1])
    return np.asarray(believed + np.linalg.solve(rows.T @ rows + strength, rows.T @ unexplained))


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    spread = float(one.std() * other.std())
    return float(((one - one.mean()) * (other - other.mean())).mean() / spread) if spread else 0.0
