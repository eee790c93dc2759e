"""How fast and how reliably customers are served, and when a person takes over."""

from dataclasses import dataclass

import numpy as np

from amends.insights.facts import AnswerMark
from amends.insights.measures import parts
from amends.insights.measures.figures import Figure, Point, of_percentiles, of_shares, points
from amends.insights.measures.period import Period
from amends.insights.statistics.intervals import Estimate, percentile, share
from amends.insights.table import Table

NAMES = (
    "started_at",
    "result",
    "handed_off",
    "handoff_reason",
    "handoff_right",
    "answer_mark",
    "first_answer_seconds",
    "person_answer_seconds",
    "resolution_seconds",
    "promises_kept",
    "promises_broken",
)
BEFORE_NAMES = tuple(name for name in NAMES if name != "handoff_reason")
HIGH = 90  # per cent


@dataclass(frozen=True, slots=True)
class Duration:
    """In seconds: half are faster than the median, nine in ten faster than `high`."""

    median: Figure
    high: Estimate | None


@dataclass(frozen=True, slots=True)
class Mark:
    """How many handoffs were answered so."""

    mark: AnswerMark
    count: int
    share: Estimate | None


@dataclass(frozen=True, slots=True)
class HandoffReason:
    reason: str
    count: int
    share: Estimate | None  # of all handoffs
    right: Estimate | None  # of those that staff judged
    judged: int


@dataclass(frozen=True, slots=True)
class Service:
    period: Period
    conversations: int
    handoffs: int
    first_answer: Duration
    person_answer: Duration
    resolution: Duration
    in_time: Figure  # share of the handoffs answered by a person within the first mark
    marks: tuple[Mark, ...]
    promises_kept: Figure
    kept: int
    broken: int
    handed_off: Figure
    right: Figure  # share of the judged handoffs
    reasons: tuple[HandoffReason, ...]
    first_answer_course: tuple[Point, ...]
    resolution_course: tuple[Point, ...]  # medians
    high_course: tuple[Point, ...]  # 90th percentiles of the resolution
    in_time_course: tuple[Point, ...]


def service(now: Table, before: Table, period: Period) -> Service:
    """Return the figures of a period against the one before.

    Args:
        now: With the columns `NAMES`, in order of time.
        before: With the columns `BEFORE_NAMES`.
    """
    spans, handed = period.spans(), now.where(now.numbers("handed_off") > 0)
    return Service(
        period=period,
        conversations=len(now),
        handoffs=len(handed),
        first_answer=_duration(now, before, "first_answer_seconds"),
        person_answer=_duration(now, before, "person_answer_seconds"),
        resolution=_duration(
            now.where(parts.resolved_by(now, period.until)),
            before.where(parts.resolved_by(before, period.before.until)),
            "resolution_seconds",
        ),
        in_time=of_shares(_in_time(now), _in_time(before)),
        marks=_marks(now),
        promises_kept=parts.promises(now, before),
        kept=int(now.numbers("promises_kept").sum()),
        broken=int(now.numbers("promises_broken").sum()),
        handed_off=parts.handed_off(now, before),
        right=of_shares(_right(now), _right(before)),
        reasons=tuple(
            _reason(*one, len(handed)) for one in handed.groups("handoff_reason").items()
        ),
        first_answer_course=points(now, spans, lambda part: _at(part, "first_answer_seconds", 50)),
        resolution_course=points(now, spans, lambda part: _at(part, "resolution_seconds", 50)),
        high_course=points(now, spans, lambda part: _at(part, "resolution_seconds", HIGH)),
        in_time_course=points(now, spans, _in_time_of),
    )


def _duration(now: Table, before: Table, name: str) -> Duration:
    taken = now.known(name)
    return Duration(of_percentiles(taken, before.known(name)), percentile(taken, HIGH))


def _at(table: Table, name: str, p: float) -> tuple[Estimate | None, int]:
    taken = table.known(name)
    return percentile(taken, p), taken.size


def _marks(table: Table) -> tuple[Mark, ...]:
    counts = table.counts("answer_mark")
    total = sum(counts.values())
    return tuple(
        Mark(mark, counts.get(mark.value, 0), share(counts.get(mark.value, 0), total))
        for mark in AnswerMark
    )


def _in_time(table: Table) -> tuple[int, int]:
    """Return how many were answered within the first mark, of those that could have been.

    Who still waits and may yet be answered in time is left out, and so is who was helped
    otherwise.
    """
    marks = table.words("answer_mark")
    in_time = int((marks == AnswerMark.IN_TIME.value).sum())
    late = int((marks == AnswerMark.LATE.value).sum() + (marks == AnswerMark.TOO_LATE.value).sum())
    return in_time, in_time + late


def _in_time_of(table: Table) -> tuple[Estimate | None, int]:
    count, n = _in_time(table)
    return share(count, n), n


def _right(table: Table) -> tuple[int, int]:
    judged = table.known("handoff_right")
    return int(np.sum(judged)), judged.size


def _reason(reason: str, table: Table, handoffs: int) -> HandoffReason:
    right, judged = _right(table)
    return HandoffReason(
        reason, len(table), share(len(table), handoffs), share(right, judged), judged
    )
