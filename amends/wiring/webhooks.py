"""Events go out to other systems: what is due is sent, and what came of it is written down.

No transaction is open while another system is asked. A try that is cut off anywhere, even by
kill -9, is made again when its lease has run out: at least once, under the same id.
"""

import random
import time
from datetime import datetime, timedelta
from functools import partial

import structlog

from amends.webhooks import use_cases as webhooks
from amends.webhooks.model import Answer, Delivery, Endpoint, Verdict
from amends.wiring.app import App
from amends.wiring.http_webhooks import HttpWebhooks

log = structlog.get_logger()

LANE_SECONDS = 30.0
"""After so long a lane makes room for other endpoints, which may be more than there are lanes."""


def deliver(app: App) -> int:
    """Begin to send what is due, each endpoint in its own lane; returns how many lanes began."""
    with app.db.read() as uow:
        due = list(uow.webhooks.endpoints_due(app.clock()))
    random.shuffle(due)  # when there are more than lanes, each has its turn
    return sum(app.lanes.start("webhook", one, partial(_drain, app, one)) for one in due)


def courier(app: App) -> HttpWebhooks:
    return HttpWebhooks(app.clock, allow_private=app.settings.webhooks_allow_private)


def _drain(app: App, endpoint_id: str) -> None:
    """Send what is due to one endpoint, until something goes wrong or the time is over."""
    give_up = time.monotonic() + LANE_SECONDS
    while time.monotonic() < give_up and _send_next(app, endpoint_id):
        pass


def _send_next(app: App, endpoint_id: str) -> bool:
    """Make one try; whether the next may follow at once."""
    with app.db.write() as uow:
        taken = webhooks.take(uow, endpoint_id, app.clock())
        uow.commit()
    if taken is None:
        return False
    endpoint, delivery = taken
    answer = courier(app).send(endpoint, delivery.event)
    with app.db.write() as uow:
        verdict = webhooks.record(uow, delivery, answer, random.random(), app.clock())
        uow.commit()
    _tell(endpoint, delivery, answer, verdict)
    return verdict is Verdict.DELIVERED


def _tell(endpoint: Endpoint, delivery: Delivery, answer: Answer, verdict: Verdict) -> None:
    facts = {
        "endpoint_id": endpoint.id,
        "event_id": delivery.event.id,
        "event_type": delivery.event.type,
        "tries": delivery.tries,
    }
    match verdict:
        case Verdict.POSTPONED:
            log.warning("webhooks.delivery.postponed", reason=answer.words, **facts)
        case Verdict.FAILED:
            log.error("webhooks.delivery.failed", reason=answer.words, **facts)
        case Verdict.SWITCHED_OFF:
            log.error("webhooks.endpoint.switched_off", reason=answer.words, **facts)
        case _:
            log.debug("webhooks.delivery.done", verdict=verdict.value, **facts)


def forget_events(app: App) -> int:
    """Delete old events that arrived wherever they were to go."""
    before = app.clock() - timedelta(days=app.settings.outbox_retention_days)
    forgotten = 0
    while count := _forget_some(app, before):
        forgotten += count
    return forgotten


def _forget_some(app: App, before: datetime) -> int:
    """In small steps: SQLite has one writer, and customers are waiting for it."""
    with app.db.write() as uow:
        count = uow.webhooks.forget_events(before)
        uow.commit()
        return count
