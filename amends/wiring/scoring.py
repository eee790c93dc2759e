"""Conversations are scored, asked or not, and become figures; again when they change."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from amends.insights import use_cases as insights
from amends.wiring.app import App

log = structlog.get_logger()

SCORE_AFTER = timedelta(minutes=30)
SCORED_AT_ONCE = 200

SLOWEST_COMMIT = timedelta(seconds=10)
"""A change carries the time its writer read before committing; it may be seen so much later."""


def score_conversations(app: App) -> int:
    """Score what is idle and not scored as it stands; all of it, a batch at a time."""
    done = 0
    while True:
        now = app.clock()
        with app.db.read() as uow:
            waiting = uow.scores.unscored(now - SCORE_AFTER, now - SLOWEST_COMMIT, SCORED_AT_ONCE)
        scored = _score_batch(app, waiting)
        done += scored
        if not scored or len(waiting) < SCORED_AT_ONCE:
            return done


def _score_batch(app: App, waiting: Sequence[str]) -> int:
    """Score conversations together; where one is in the way, each for itself."""
    try:
        return _score(app, waiting)
    except Exception:
        log.exception("jobs.batch.failed", job="score_conversations", count=len(waiting))
    return sum(_score_alone(app, key) for key in waiting)


def _score_alone(app: App, conversation_id: str) -> int:
    """Score one; if it fails it is left for the next round and holds up no other."""
    try:
        return _score(app, [conversation_id])
    except Exception:
        log.exception("jobs.piece.failed", job="score_conversations", id=conversation_id)
        return 0


def _score(app: App, conversation_ids: Sequence[str]) -> int:
    """Read and think without holding anybody up; only the writing down locks the database."""
    if not conversation_ids:
        return 0
    at = app.clock() - SLOWEST_COMMIT  # what is written from then on makes this stale
    with app.db.read() as uow:
        gathered = uow.log.gather(conversation_ids)
    marks = insights.marks_of(app.thresholds.hours)
    looked = insights.look_at(gathered, app.weights, marks, at)
    with app.db.write() as uow:
        insights.write_down(uow, looked)
        uow.commit()
    return len(looked.scores)


def outdate_scores(app: App) -> int:
    """Let conversations be scored again that were scored by other weights than today's."""
    with app.db.write() as uow:
        outdated = uow.scores.outdate_others(app.weights.id, app.clock())
        uow.commit()
        return outdated
