"""Which rows of the table fire."""

from collections.abc import Callable

from amends.handoff.model import Assessment
from amends.handoff.thresholds import ThresholdRow, Thresholds, When


def _is_below(assessment: Assessment, when: When) -> bool:
    """Whether the mood is below the limit.

    With `calm_above` it stays below, once it was, until it has risen above that: a row does not
    go on and off with each message of a customer whose mood lies about the limit.
    """
    below = False
    if when.sentiment_below is None:
        return below
    if when.calm_above is None:
        return assessment.sentiment < when.sentiment_below
    for mood in (*assessment.moods, assessment.sentiment):
        below = mood < when.sentiment_below or (below and mood <= when.calm_above)
    return below


_HOLDS: dict[str, Callable[[Assessment, When], bool]] = {
    "flags": lambda a, w: bool(a.flags & set(w.flags or ())),
    "severity_at_least": lambda a, w: (
        w.severity_at_least is not None and a.severity.rank >= w.severity_at_least.rank
    ),
    "sentiment_below": _is_below,
    "calm_above": lambda a, w: True,  # says only when sentiment_below ends
    "negative_run_at_least": lambda a, w: a.negative_run >= (w.negative_run_at_least or 0),
    "waiting_hours_at_least": lambda a, w: a.waiting_hours >= (w.waiting_hours_at_least or 0),
    "problems_at_least": lambda a, w: a.complexity >= (w.problems_at_least or 0),
    "failed_attempts_at_least": lambda a, w: a.failed_attempts >= (w.failed_attempts_at_least or 0),
    "impact_at_least": lambda a, w: a.impact_minor >= (w.impact_at_least or 0),
    "repeat_complaint": lambda a, w: a.repeat_complaint,
    "times_asked_at_least": lambda a, w: a.times_asked >= (w.times_asked_at_least or 0),
    "unanswered_minutes_at_least": lambda a, w: (
        a.unanswered_minutes >= (w.unanswered_minutes_at_least or 0)
    ),
    "last_offer_refused": lambda a, w: a.last_offer_refused,
}


def rows_fired(thresholds: Thresholds, assessment: Assessment) -> tuple[ThresholdRow, ...]:
    """Return the rows whose conditions all hold, most urgent first."""
    fired = [row for row in thresholds.rows if _fires(row, assessment)]
    return tuple(sorted(fired, key=lambda row: row.priority))


def _fires(row: ThresholdRow, assessment: Assessment) -> bool:
    stated = row.when.model_dump(exclude_none=True)
    return all(_HOLDS[name](assessment, row.when) for name in stated)
