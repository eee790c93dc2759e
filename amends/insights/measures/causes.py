"""What goes wrong, why, and what of it grows."""

from dataclasses import dataclass

import numpy as np

from amends.insights.measures import parts
from amends.insights.measures.alarms import Alarm
from amends.insights.measures.figures import Count, Figure, of_counts, of_shares
from amends.insights.measures.period import Period
from amends.insights.statistics.bursts import Trend, trend
from amends.insights.statistics.intervals import Estimate, share
from amends.insights.statistics.pareto import ParetoBar, pareto, vital_few
from amends.insights.table import Table

NAMES = ("started_at", "category", "root_cause", "result", "repeat")
BEFORE_NAMES = ("result", "repeat")


@dataclass(frozen=True, slots=True)
class Pareto:
    """The bars, the largest first, and which of them make up 80 % of all."""

    bars: tuple[ParetoBar, ...]
    vital: frozenset[str]
    total: int


@dataclass(frozen=True, slots=True)
class Course:
    """How often a category came up in each week or day."""

    category: str
    counts: tuple[int, ...]
    trend: Trend | None


@dataclass(frozen=True, slots=True)
class Causes:
    period: Period
    complaints: Count
    causes: Pareto
    without_cause: int
    found: Estimate | None  # share of the complaints whose cause is known
    categories: Pareto
    spans: tuple[Period, ...]
    counts: tuple[int, ...]  # complaints of each week or day
    trend: Trend | None
    courses: tuple[Course, ...]
    repeats: Figure  # share of the complaints
    repeated: int
    alarms: tuple[Alarm, ...]


def causes(now: Table, before: Table, period: Period, alarms: tuple[Alarm, ...]) -> Causes:
    """Return what was complained about in a period, and why.

    Args:
        now: With the columns `NAMES`, in order of time.
        before: With the columns `BEFORE_NAMES`.
    """
    complaints = now.where(parts.complained(now))
    earlier = before.where(parts.complained(before))
    spans = period.spans()
    by_cause = complaints.counts("root_cause")
    without = len(complaints) - sum(by_cause.values())
    counts, courses = _courses(complaints, spans)
    return Causes(
        period=period,
        complaints=of_counts(len(complaints), len(earlier)),
        causes=_pareto(by_cause),
        without_cause=without,
        found=share(len(complaints) - without, len(complaints)),
        categories=_pareto(complaints.counts("category")),
        spans=tuple(spans),
        counts=counts,
        trend=trend(counts),
        courses=courses,
        repeats=of_shares(_repeats(complaints), _repeats(earlier), higher_is_better=False),
        repeated=_repeats(complaints)[0],
        alarms=alarms,
    )


def _pareto(counts: dict[str, int]) -> Pareto:
    bars = pareto(counts)
    return Pareto(tuple(bars), frozenset(vital_few(bars)), sum(counts.values()))


def _courses(complaints: Table, spans: list[Period]) -> tuple[tuple[int, ...], tuple[Course, ...]]:
    """Return the counts of each span, together and by category, the largest first."""
    if not spans:
        return (), ()
    found, codes = complaints.coded("category")
    edges = [span.since.timestamp() for span in spans] + [spans[-1].until.timestamp()]
    place = np.searchsorted(edges, complaints.numbers("started_at"), side="right") - 1
    inside = (place >= 0) & (place < len(spans))
    flat = np.bincount(
        codes[inside] * len(spans) + place[inside], minlength=len(found) * len(spans)
    )
    rows = flat.reshape(len(found), len(spans))
    courses = [
        Course(key, tuple(row.tolist()), trend(row))
        for (key,), row in zip(found, rows, strict=True)
        if key
    ]
    courses.sort(key=lambda one: (-sum(one.counts), one.category))
    return tuple(rows.sum(axis=0).tolist()), tuple(courses)


def _repeats(complaints: Table) -> tuple[int, int]:
    return int((complaints.numbers("repeat") > 0).sum()), len(complaints)
