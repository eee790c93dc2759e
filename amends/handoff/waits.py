"""What a waiting customer may be told and promised, gathered from the rows of the queue."""

from datetime import datetime, timedelta

from amends.handoff.clock import Scene, Wait, wait_for
from amends.handoff.errors import UnknownHandoff
from amends.handoff.model import Handoff
from amends.handoff.pace import LATEST, LOOK_BACK, pace_of
from amends.handoff.ports import UnitOfWork
from amends.handoff.thresholds import Thresholds

ONLINE_WITHIN = timedelta(seconds=45)
"""Whose browser the desk has seen within this time is online; it looks every 15 seconds."""


def wait_of(uow: UnitOfWork, thresholds: Thresholds, conversation_id: str, now: datetime) -> Wait:
    """Return place and due time of a conversation that waits for a person.

    Raises:
        UnknownHandoff: nobody was asked for.
    """
    handoff = uow.handoffs.open_of(conversation_id)
    if handoff is None:
        raise UnknownHandoff(conversation_id)
    return wait_for(handoff, _scene(uow, thresholds, handoff, now), now)


def answer_due(
    uow: UnitOfWork, thresholds: Thresholds, handoff: Handoff, now: datetime
) -> datetime:
    """Return by when an answer can be promised.

    That is the target, or longer where the queue has lately moved so slowly that the target would
    be a promise to break; both in working time.
    """
    likely = _scene(uow, thresholds, handoff, now).likely or timedelta(0)
    within = max(thresholds.answer_within, min(likely, thresholds.limit_within))
    return thresholds.hours.add(now, within)


def resolution_due(thresholds: Thresholds, now: datetime) -> datetime:
    """Return the deadline of a case that is opened now, in working time."""
    return thresholds.hours.add(now, thresholds.resolve_within)


def limit_due(thresholds: Thresholds, now: datetime) -> datetime:
    return thresholds.hours.add(now, thresholds.limit_within)


def _scene(uow: UnitOfWork, thresholds: Thresholds, handoff: Handoff, now: datetime) -> Scene:
    online = len(uow.staff.online_since(now - ONLINE_WITHIN))
    claims = uow.handoffs.claimed_since(now - LOOK_BACK, limit=3 * LATEST)
    return Scene(
        ahead=uow.handoffs.ahead(handoff),
        online=online,
        pace=pace_of(claims, online, thresholds.hours),
        hours=thresholds.hours,
        queue_limit=thresholds.queue_limit,
    )
