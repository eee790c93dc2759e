"""Let a candidate read what customers write, beside the live model: unseen, and later.

It reads in batches, in a process of its own behind all others, which is gone after each batch. A
second model inside the engine would cost its memory all the time, and its readings would stand
before customers' turns.
"""

from datetime import timedelta

import structlog

from amends.training.promotion.errors import UnknownModel
from amends.training.promotion.model import ReadLive, Shadow, Shadowed
from amends.values import Json
from amends.wiring.app import App
from amends.wiring.models import find_model
from amends.wiring.reading import UnderstandingError, parses, reading_of_parse

log = structlog.get_logger()

LANE = "shadow"
BATCH = 200
LEASE = timedelta(minutes=10)


def read_along(app: App) -> int:
    """Begin the next batch, beside the jobs, when there is something to read; 1 if so."""
    with app.db.read() as uow:
        shadow = uow.shadows.current()
        waiting = bool(uow.shadows.unread(shadow, 1)) if shadow else False
    if shadow is None or not waiting:
        return 0
    return int(app.lanes.start(LANE, shadow.id, lambda: read_batch(app, shadow)))


def read_batch(app: App, shadow: Shadow) -> int:
    """Read the next messages with the candidate, and store both readings; return how many."""
    now = app.clock()
    with app.db.write() as uow:
        is_ours = uow.shadows.take(shadow.id, now, now + LEASE)
        messages = list(uow.shadows.unread(shadow, BATCH)) if is_ours else []
        uow.commit()
    if not is_ours:
        return 0
    error, read = "", []
    try:
        read = _readings(app, shadow, messages)
    except (UnderstandingError, UnknownModel) as failure:
        error = str(failure)
        log.error("models.shadow.failed", model=shadow.model, reason=type(failure).__name__)
    with app.db.write() as uow:
        uow.shadows.record(shadow.id, read)
        uow.shadows.release(shadow.id, error)
        uow.commit()
    return len(read)


def _readings(app: App, shadow: Shadow, messages: list[ReadLive]) -> list[Shadowed]:
    model = find_model(app.settings, shadow.model)
    rows: list[Json] = [{"id": n, "text": one.text} for n, one in enumerate(messages)]
    thresholds = app.thresholds
    return [
        Shadowed(
            conversation_id=one.conversation_id,
            seq=one.seq,
            at=one.at,
            live=reading_of_parse(one.parse, thresholds),
            shadow=reading_of_parse(parse, thresholds),
        )
        for one, (_, parse) in zip(
            messages, parses(app.settings, model.path, rows, niced=True), strict=True
        )
    ]
