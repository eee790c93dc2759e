"""What customers say of the handling, what is predicted of those who say nothing, and the gap."""

from dataclasses import dataclass

import numpy as np

from amends.insights.facts import JUSTICE, SERVQUAL
from amends.insights.measures import parts
from amends.insights.measures.figures import Figure, Point, of_means, points
from amends.insights.measures.parts import NpsFigure
from amends.insights.measures.period import Period
from amends.insights.statistics.bias import ResponseBias, response_bias
from amends.insights.statistics.fuzzy import JUSTICE_WEIGHTS, SERVQUAL_WEIGHTS, Evaluation, evaluate
from amends.insights.statistics.intervals import Estimate, mean, share
from amends.insights.statistics.recovery import Recovery, recovery
from amends.insights.statistics.scales import SATISFIED, Ces, Csat, ces, csat, csi, gap
from amends.insights.table import Table

NAMES = (
    "started_at",
    "category",
    "language",
    "survey_asked",
    "csat",
    "predicted",
    *JUSTICE,
    *SERVQUAL,
    "mood_start",
    "mood_end",
)
ANSWER_NAMES = (
    "csat",
    "csat_reason",
    "ces",
    "nps",
    "expectation",
    *(f"felt_{name}" for name in SERVQUAL),
)
"""Columns of those who answered anything: few do, so these are read for them alone."""
DISSATISFIED = 2  # of 1..5, and below
BEFORE_NAMES = ("csat", "predicted", "nps", "ces")


@dataclass(frozen=True, slots=True)
class Dimension:
    """One side of quality: perception less expectation, -2 to 2."""

    name: str
    felt: Estimate | None  # as customers say
    n: int
    predicted: Estimate | None  # the predicted score less 3


@dataclass(frozen=True, slots=True)
class Reason:
    """Why customers gave the score that they gave."""

    name: str
    n: int
    satisfied: int  # of them with 4 or 5
    dissatisfied: int  # of them with 1 or 2


@dataclass(frozen=True, slots=True)
class Part:
    """The conversations of one category or language."""

    key: str
    conversations: int
    satisfied: Estimate | None  # share that stated 4 or 5
    answers: int
    predicted: Estimate | None


@dataclass(frozen=True, slots=True)
class Moods:
    start: Estimate | None  # -1 to 1
    end: Estimate | None
    effect: Recovery | None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    period: Period
    conversations: int
    asked: int
    csat: Csat | None
    satisfied: Figure
    stated: Figure
    predicted: Figure
    bias: ResponseBias | None
    nps: NpsFigure
    ces: Ces | None
    effort: Figure
    expectation: Estimate | None  # the gap as a whole, -2 to 2
    dimensions: tuple[Dimension, ...]
    justice: tuple[tuple[str, Estimate | None], ...]
    composite: Evaluation | None
    csi: float | None  # 0 to 100, of the predicted dimensions
    moods: Moods
    reasons: tuple[Reason, ...]
    by_category: tuple[Part, ...]
    by_language: tuple[Part, ...]
    satisfied_course: tuple[Point, ...]
    predicted_course: tuple[Point, ...]


def satisfaction(now: Table, answers: Table, before: Table, period: Period) -> Satisfaction:
    """Return the figures of a period, the headlines also against the one before.

    Args:
        now: With the columns `NAMES`, in order of time.
        answers: Of the same conversations those with any answer, with the columns `ANSWER_NAMES`.
        before: With the columns `BEFORE_NAMES`.
    """
    spans, said = period.spans(), answers.known("csat")
    return Satisfaction(
        period=period,
        conversations=len(now),
        asked=int((now.numbers("survey_asked") > 0).sum()),
        csat=csat(said),
        satisfied=parts.stated_share(answers, before),
        stated=of_means(said, before.known("csat"), scale=parts.SCORES),
        predicted=parts.predicted(now, before),
        bias=_bias(now),
        nps=parts.net_promoters(answers, before),
        ces=ces(answers.known("ces")),
        effort=parts.effort(answers, before),
        expectation=gap(answers.known("expectation")),
        dimensions=tuple(_dimension(now, answers, name) for name in SERVQUAL),
        justice=tuple((name, mean(now.known(name), *parts.SCORES)) for name in JUSTICE),
        composite=evaluate({name: now.known(name) for name in JUSTICE}, JUSTICE_WEIGHTS),
        csi=_csi(now),
        moods=_moods(now),
        reasons=_reasons(answers),
        by_category=_parts(now, "category"),
        by_language=_parts(now, "language"),
        satisfied_course=points(now, spans, parts.stated_of),
        predicted_course=points(now, spans, parts.predicted_of),
    )


def _bias(table: Table) -> ResponseBias | None:
    """Compare those who answered with those who were asked in vain."""
    stated, predicted = table.numbers("csat"), table.numbers("predicted")
    answered = ~np.isnan(stated)
    silent = (table.numbers("survey_asked") > 0) & ~answered
    return response_bias(stated[answered], predicted[answered], predicted[silent])


def _dimension(now: Table, answers: Table, name: str) -> Dimension:
    felt = answers.known(f"felt_{name}")
    return Dimension(name, gap(felt), felt.size, gap(now.known(name)))


def _csi(table: Table) -> float | None:
    if not len(table):
        return None
    weights = [SERVQUAL_WEIGHTS[name] for name in SERVQUAL]
    return csi(weights, [float(table.known(name).mean()) for name in SERVQUAL])


def _moods(table: Table) -> Moods:
    start, end = table.numbers("mood_start"), table.numbers("mood_end")
    both = ~np.isnan(start) & ~np.isnan(end)
    start, end = start[both], end[both]
    return Moods(mean(start, -1, 1), mean(end, -1, 1), recovery(start, end))


def _reasons(table: Table) -> tuple[Reason, ...]:
    answered = table.where(~np.isnan(table.numbers("csat")))
    found = [
        Reason(
            name,
            len(part),
            int((part.numbers("csat") >= SATISFIED).sum()),
            int((part.numbers("csat") <= DISSATISFIED).sum()),
        )
        for name, part in answered.groups("csat_reason").items()
    ]
    return tuple(found)


def _parts(table: Table, name: str) -> tuple[Part, ...]:
    """Measure each group, by one pass over the rows for all of them."""
    found, codes = table.coded(name)
    order = np.argsort(codes, kind="stable")
    stops = np.cumsum(np.bincount(codes, minlength=len(found)))
    stated, predicted = table.numbers("csat")[order], table.numbers("predicted")[order]
    measured = []
    for place, (key,) in enumerate(found):
        inside = slice(int(stops[place - 1]) if place else 0, int(stops[place]))
        said = stated[inside][~np.isnan(stated[inside])]
        measured.append(
            Part(
                key,
                predicted[inside].size,
                share(int((said >= SATISFIED).sum()), said.size),
                said.size,
                mean(predicted[inside], *parts.SCORES),
            )
        )
    return tuple(sorted((one for one in measured if one.key), key=lambda one: -one.conversations))
