"""Endpoints come and go, deliveries are taken and recorded. The caller commits."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from amends.values import new_id
from amends.webhooks import decide
from amends.webhooks.errors import (
    EndpointIsOff,
    NothingToReplay,
    UnknownEndpoint,
    UnknownEventType,
)
from amends.webhooks.model import Answer, Delivery, Endpoint, EventType, Verdict
from amends.webhooks.ports import UnitOfWork

SECRET_BYTES = 32

LEASE = timedelta(seconds=60)
"""A delivery that a process took and did not bring to an end in this time, because it was killed,
may be taken by another: four times the longest that one try may last."""

GONE = "410 Gone: the endpoint wants to hear no more"


def add_endpoint(
    uow: UnitOfWork, url: str, events: Sequence[str], description: str, now: datetime
) -> Endpoint:
    """Let another system hear of events from now on, signed with a new secret.

    Args:
        url: An address that was checked.
        events: Types of events; none stands for all of them.

    Raises:
        UnknownEventType: nothing of that name is announced.
    """
    endpoint = Endpoint(
        id=new_id(),
        url=url,
        secret=_new_secret(),
        events=_types(events),
        created_at=now,
        description=description,
    )
    uow.webhooks.add(endpoint)
    return endpoint


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def _types(names: Sequence[str]) -> tuple[EventType, ...]:
    known = [one.value for one in EventType]
    for name in names:
        if name not in known:
            raise UnknownEventType(name, known)
    return tuple(one for one in EventType if not names or one.value in names)


def endpoint_of(uow: UnitOfWork, endpoint_id: str) -> Endpoint:
    endpoint = uow.webhooks.get(endpoint_id)
    if endpoint is None:
        raise UnknownEndpoint(endpoint_id)
    return endpoint


def remove_endpoint(uow: UnitOfWork, endpoint_id: str) -> None:
    """Forget an endpoint and all that was on its way there.

    Raises:
        UnknownEndpoint: there is none of this id.
    """
    if not uow.webhooks.remove(endpoint_id):
        raise UnknownEndpoint(endpoint_id)


def enable_endpoint(uow: UnitOfWork, endpoint_id: str) -> None:
    """Let an endpoint that was switched off hear of what happens from now on.

    Raises:
        UnknownEndpoint: there is none of this id.
    """
    if not uow.webhooks.set_active(endpoint_id, True):
        raise UnknownEndpoint(endpoint_id)


def disable_endpoint(uow: UnitOfWork, endpoint_id: str) -> None:
    """Let an endpoint hear of nothing more; what is on its way there waits until it is on again.

    Raises:
        UnknownEndpoint: there is none of this id.
    """
    if not uow.webhooks.set_active(endpoint_id, False):
        raise UnknownEndpoint(endpoint_id)


def rotate_secret(uow: UnitOfWork, endpoint_id: str) -> Endpoint:
    """Sign with a new secret from now on; the old one signs nothing more.

    Raises:
        UnknownEndpoint: there is none of this id.
    """
    endpoint = replace(endpoint_of(uow, endpoint_id), secret=_new_secret())
    uow.webhooks.set_secret(endpoint_id, endpoint.secret)
    return endpoint


def replay(
    uow: UnitOfWork, now: datetime, endpoint_id: str | None = None, event_id: str | None = None
) -> int:
    """Try failed deliveries anew, all tries before them; an event by its id also if it arrived.

    Raises:
        UnknownEndpoint, EndpointIsOff: the endpoint named hears of nothing.
        NothingToReplay: nothing fits.
    """
    if endpoint_id is not None and not endpoint_of(uow, endpoint_id).active:
        raise EndpointIsOff(endpoint_id)
    count = uow.webhooks.replay(now, endpoint_id, event_id)
    if not count:
        raise NothingToReplay
    return count


def take(uow: UnitOfWork, endpoint_id: str, now: datetime) -> tuple[Endpoint, Delivery] | None:
    """Take the delivery that has been due longest; None when there is none for us."""
    endpoint = uow.webhooks.get(endpoint_id)
    if endpoint is None or not endpoint.active:
        return None
    delivery = uow.webhooks.take(endpoint_id, now, now + LEASE)
    return None if delivery is None else (endpoint, delivery)


def record(
    uow: UnitOfWork, delivery: Delivery, answer: Answer, chance: float, now: datetime
) -> Verdict:
    """Write down what came of a try.

    Args:
        chance: Between 0 and 1, drawn anew for each failure; see `decide.pause_after`.
    """
    if answer.is_success:
        arrived = uow.webhooks.settle(delivery, answer.status, now)
        return Verdict.DELIVERED if arrived else Verdict.OVERTAKEN
    if answer.is_gone:
        uow.webhooks.set_active(delivery.endpoint_id, False)
        uow.webhooks.fail(delivery, now, answer.status, GONE)
        uow.webhooks.fail_pending(delivery.endpoint_id, now, GONE)
        return Verdict.SWITCHED_OFF
    pause = decide.pause_after(delivery.tries, chance, answer.retry_after)
    if pause is None:
        ours = uow.webhooks.fail(delivery, now, answer.status, answer.words)
        return Verdict.FAILED if ours else Verdict.OVERTAKEN
    ours = uow.webhooks.postpone(delivery, now + pause, answer.status, answer.words)
    return Verdict.POSTPONED if ours else Verdict.OVERTAKEN
