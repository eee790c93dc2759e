"""How things stand: the figures that a manager looks at first, each against the time before."""

from dataclasses import dataclass
from datetime import datetime

from amends.insights.measures import parts
from amends.insights.measures.alarms import Alarm
from amends.insights.measures.figures import (
    Count,
    Figure,
    Point,
    of_counts,
    of_means,
    of_percentiles,
    of_shares,
    points,
)
from amends.insights.measures.parts import NpsFigure
from amends.insights.measures.period import Period, split
from amends.insights.statistics.intervals import Estimate, mean
from amends.insights.table import Numbers, Table

NAMES = (
    "started_at",
    "part",
    "result",
    "resolution_seconds",
    "handed_off",
    "csat",
    "predicted",
    "nps",
    "ces",
    "promises_kept",
    "promises_broken",
    "first_answer_seconds",
    "currency",
    "remedy_minor",
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a conversation costs in one currency, over all conversations; in minor units."""

    currency: str
    total_minor: int
    remedies: int
    per_conversation: Figure


@dataclass(frozen=True, slots=True)
class Overview:
    period: Period
    conversations: Count
    complaints: Count
    without_person: Figure  # share of the complaints that have ended
    satisfied: Figure  # share that stated 4 or 5
    stated: Figure  # mean, 1 to 5
    predicted: Figure  # mean, 1 to 5
    nps: NpsFigure
    effort: Figure  # mean, 1 to 7
    promises_kept: Figure  # share
    first_answer: Figure  # median, seconds
    handed_off: Figure  # share of all conversations
    costs: tuple[Cost, ...]  # the largest first
    counts: tuple[tuple[Period, int], ...]  # conversations of each week or day
    stated_course: tuple[Point, ...]
    predicted_course: tuple[Point, ...]
    alarms: tuple[Alarm, ...]


def overview(now: Table, before: Table, period: Period, alarms: tuple[Alarm, ...]) -> Overview:
    """Return the figures of a period against the one before.

    Args:
        now: What happened in the period, in order of time, with the columns `NAMES`.
        before: The same of the period of equal length before it.
    """
    spans = period.spans()
    weeks = zip(spans, split(now, spans), strict=True)
    answers, earlier = now.known("csat"), before.known("csat")
    return Overview(
        period=period,
        conversations=of_counts(_begun(now), _begun(before)),
        complaints=of_counts(*(int(parts.complained(one).sum()) for one in (now, before))),
        without_person=of_shares(_alone(now, period.until), _alone(before, period.before.until)),
        satisfied=parts.stated_share(now, before),
        stated=of_means(answers, earlier, scale=parts.SCORES),
        predicted=parts.predicted(now, before),
        nps=parts.net_promoters(now, before),
        effort=parts.effort(now, before),
        promises_kept=parts.promises(now, before),
        first_answer=of_percentiles(
            now.known("first_answer_seconds"), before.known("first_answer_seconds")
        ),
        handed_off=parts.handed_off(now, before),
        costs=costs(now, before),
        counts=tuple((span, _begun(week)) for span, week in weeks),
        stated_course=points(now, spans, parts.stated_mean_of),
        predicted_course=points(now, spans, parts.predicted_of),
        alarms=alarms,
    )


def costs(now: Table, before: Table) -> tuple[Cost, ...]:
    """Return what a conversation costs by currency; amounts of two currencies are never added."""
    return tuple(
        Cost(
            currency,
            int(amounts(now, currency).sum()),
            count,
            of_means(
                amounts(now, currency),
                amounts(before, currency),
                higher_is_better=False,
                scale=(0.0, float("inf")),
            ),
        )
        for currency, count in now.counts("currency").items()
    )


def amounts(table: Table, currency: str) -> Numbers:
    """Return what each conversation cost in a currency, shape (n,); 0 where it cost nothing."""
    found: Numbers = table.numbers("remedy_minor") * (table.words("currency") == currency)
    return found


def cost_of(currency: str, table: Table) -> tuple[Estimate | None, int]:
    return mean(amounts(table, currency), 0), len(table)


def _begun(table: Table) -> int:
    """Return how many conversations began; each further case of one is a row of its own."""
    return int((table.numbers("part") == 0).sum())


def _alone(table: Table, until: datetime) -> tuple[int, int]:
    """Return how many complaints were resolved without a person, and how many were resolved."""
    ended = parts.resolved_by(table, until)
    return int((ended & (table.numbers("handed_off") == 0)).sum()), int(ended.sum())
