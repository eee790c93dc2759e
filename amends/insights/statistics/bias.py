"""Response bias: whether those who answer a survey speak for those who do not.

Every conversation has a predicted satisfaction, answered or not. So three things can be compared:
what respondents state with what was predicted for them, what was predicted for respondents with
what was predicted for the silent, and what would have been stated had all bands of predicted
satisfaction answered alike (post-stratification; Holt and Smith 1979).
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from amends.insights.statistics.intervals import (
    Estimate,
    difference_of_means,
    mean,
    satterthwaite,
    share,
)
from amends.insights.statistics.numbers import Floats, Numbers, same_length, t95, within

BAND_EDGES = (2.0, 3.0, 4.0)  # bands 1-2, 2-3, 3-4, 4-5; an edge belongs to the band above
FEWEST_IN_BAND = 5
FEWEST_ANSWERS = 20


class Caution(StrEnum):
    TOO_FEW_ANSWERS = "too_few_answers"
    ONE_BAND = "one_band"  # the answers fill one band only, so there is nothing to weigh


@dataclass(frozen=True, slots=True)
class Band:
    """One band of predicted satisfaction, as wide as it takes to hold enough answers."""

    low: float
    high: float
    answers: int
    conversations: int
    stated: float  # mean of the answers


@dataclass(frozen=True, slots=True)
class ResponseBias:
    """Satisfaction 1 to 5 throughout; None where fewer than two values speak."""

    response_rate: Estimate
    stated: Estimate | None
    predicted_of_respondents: Estimate | None
    predicted_of_silent: Estimate | None
    stated_less_predicted: Estimate | None  # of respondents, in pairs
    respondents_less_silent: Estimate | None  # as predicted
    adjusted: Estimate | None  # what all would have stated; None with a caution
    bands: tuple[Band, ...]
    caution: Caution | None


def response_bias(
    stated: Numbers, predicted_of_respondents: Numbers, predicted_of_silent: Numbers
) -> ResponseBias | None:
    """Compare respondents with the silent, and estimate what all would have stated.

    Within a band the silent are taken to feel as those who answered; what the prediction cannot
    see is not mended by this.

    Args:
        stated: Satisfaction 1 to 5 of those who answered.
        predicted_of_respondents: Predicted satisfaction 1 to 5 of the same, in the same order.
        predicted_of_silent: Predicted satisfaction 1 to 5 of those who were asked in vain.

    Returns:
        None when nobody was asked.

    Raises:
        ValueError: lists of respondents differ in length, or a value lies outside of the scale.
    """
    same_length(stated, predicted_of_respondents)
    said = within(stated, 1, 5, "Stated satisfaction")
    answered = within(predicted_of_respondents, 1, 5, "Predicted satisfaction")
    silent = within(predicted_of_silent, 1, 5, "Predicted satisfaction")
    rate = share(said.size, said.size + silent.size)
    if rate is None:
        return None
    edges = _edges_kept(answered)
    caution = _caution(said.size, edges)
    everybody = np.concatenate([answered, silent])
    return ResponseBias(
        response_rate=rate,
        stated=mean(said, 1, 5),
        predicted_of_respondents=mean(answered, 1, 5),
        predicted_of_silent=mean(silent, 1, 5),
        stated_less_predicted=mean(said - answered, -4, 4),
        respondents_less_silent=difference_of_means(answered, silent),
        adjusted=None if caution else _adjusted(said, answered, everybody, edges),
        bands=_bands(said, answered, everybody, edges) if said.size else (),
        caution=caution,
    )


def _caution(answers: int, edges: list[float]) -> Caution | None:
    if answers < FEWEST_ANSWERS:
        return Caution.TOO_FEW_ANSWERS
    return None if edges else Caution.ONE_BAND


def _edges_kept(answered: Floats) -> list[float]:
    """Return the edges that leave enough answers in every band, merging upwards, then downwards."""
    kept: list[float] = []
    for edge in BAND_EDGES:
        below = int((answered < edge).sum())
        if below - (int((answered < kept[-1]).sum()) if kept else 0) >= FEWEST_IN_BAND:
            kept.append(edge)
    if kept and int((answered >= kept[-1]).sum()) < FEWEST_IN_BAND:
        kept.pop()
    return kept


def _bands(
    said: Floats, answered: Floats, everybody: Floats, edges: list[float]
) -> tuple[Band, ...]:
    lows, highs = [1.0, *edges], [*edges, 5.0]
    of_answers, of_all = np.digitize(answered, edges), np.digitize(everybody, edges)
    return tuple(
        Band(
            low=low,
            high=high,
            answers=int((of_answers == index).sum()),
            conversations=int((of_all == index).sum()),
            stated=float(said[of_answers == index].mean()),
        )
        for index, (low, high) in enumerate(zip(lows, highs, strict=True))
    )


def _adjusted(said: Floats, answered: Floats, everybody: Floats, edges: list[float]) -> Estimate:
    """Return the mean over bands, each weighed by its share of all conversations."""
    of_answers, of_all = np.digitize(answered, edges), np.digitize(everybody, edges)
    value, parts, freedoms = 0.0, [], []
    for index in range(len(edges) + 1):
        inside = said[of_answers == index]
        weight = float((of_all == index).mean())
        value += weight * float(inside.mean())
        parts.append(weight**2 * float(inside.var(ddof=1)) / inside.size)
        freedoms.append(inside.size - 1)
    half = t95(satterthwaite(parts, freedoms)) * math.sqrt(sum(parts))
    return Estimate(value, max(1.0, value - half), min(5.0, value + half), said.size)
