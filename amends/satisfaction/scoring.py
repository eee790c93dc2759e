"""Predicted satisfaction of a conversation: an additive model over features that can be named."""

from collections.abc import Mapping, Sequence

from amends.satisfaction.factors import DIMENSIONS, FACTORS
from amends.satisfaction.features import features
from amends.satisfaction.model import Journey, Score, Turn, Weights

NEUTRAL = 3.0
BELIEVED = Weights("believed", NEUTRAL, {name: one.points for name, one in FACTORS.items()})
"""The points before any conversation was looked at."""


def score(turns: Sequence[Turn], journey: Journey, weights: Weights) -> Score:
    """Predict how satisfied the customer is with how the complaint was handled.

    Args:
        turns: the conversation, oldest first; customers' turns carry what was read in them.
        journey: what the log knows beyond the words.
        weights: how many points each feature moves.

    Returns:
        Satisfaction 1 (very dissatisfied) to 5, with confidence, dimensions and drivers. A stated
        CSAT overrides the prediction; the drivers stay, to explain it.
    """
    found = features(turns, journey)
    points = {name: weights.points.get(name, 0.0) * value for name, value in found.items()}
    stated = journey.csat
    return Score(
        satisfaction=float(stated) if stated else round(predicted(found, weights), 2),
        confidence=0.95 if stated else _confidence(turns, weights),
        dimensions=_dimensions(points, stated),
        drivers=_drivers(points),
        model=weights.id,
    )


def course(turns: Sequence[Turn], weights: Weights, latest: int = 12) -> tuple[float, ...]:
    """Predict satisfaction after each of the customer's latest messages and what was answered to
    it, as if the conversation had ended there; 1 to 5, oldest first."""
    said = [place for place, turn in enumerate(turns) if turn.role == "user"]
    ends = [*said[1:], len(turns)] if said else []
    read = [
        end for place, end in zip(said, ends, strict=True) if turns[place].sentiment is not None
    ]
    return tuple(score(turns[:end], Journey(), weights).satisfaction for end in read[-latest:])


def predicted(found: Mapping[str, float], weights: Weights) -> float:
    """Return the satisfaction that features speak for, 1 to 5; neutral where there are none."""
    if not found:
        return NEUTRAL
    moved = sum(weights.points.get(name, 0.0) * value for name, value in found.items())
    return _bounded(weights.base + moved)


def _confidence(turns: Sequence[Turn], weights: Weights) -> float:
    """Return how often a prediction is right within half a point; less after few words."""
    known = sum(turn.role == "user" and turn.sentiment is not None for turn in turns)
    return round(min(weights.within_half, 0.35 + 0.15 * known), 2)


def _dimensions(points: Mapping[str, float], stated: int | None) -> dict[str, float]:
    whole = sum(points.values())
    shift = (stated - NEUTRAL - whole) if stated else 0.0
    return {
        name: round(_bounded(NEUTRAL + shift + 1.5 * _part(points, name)), 2) for name in DIMENSIONS
    }


def _part(points: Mapping[str, float], dimension: str) -> float:
    return sum(value for name, value in points.items() if dimension in FACTORS[name].dimensions)


def _drivers(points: Mapping[str, float]) -> tuple[str, ...]:
    strongest = sorted(points.items(), key=lambda item: -abs(item[1]))
    words = [FACTORS[n].good if value > 0 else FACTORS[n].bad for n, value in strongest if value]
    return tuple(word for word in words if word)[:5]


def _bounded(value: float) -> float:
    return min(5.0, max(1.0, value))
