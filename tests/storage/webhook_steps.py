"""Endpoints, events that happen, and what is read back of their deliveries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import create_engine, text

from amends.storage import Database
from amends.webhooks.decide import event_id
from amends.webhooks.model import Delivery, Endpoint, EventType, Standing
from tests.storage.samples import NOW

MINUTE = timedelta(minutes=1)


def endpoint(endpoint_id: str = "e1", **changes: Any) -> Endpoint:
    plain = Endpoint(
        id=endpoint_id,
        url=f"https://{endpoint_id}.example.com/hooks",
        secret="whsec_c2VjcmV0",
        events=tuple(EventType),
        created_at=NOW,
    )
    return replace(plain, **changes)


def given_endpoints(db: Database, *endpoints: Endpoint) -> None:
    with db.write() as uow:
        for one in endpoints or (endpoint(),):
            uow.webhooks.add(one)
        uow.commit()


def happens(db: Database, key: str = "k1", topic: str = "case.opened", at: datetime = NOW) -> str:
    with db.write() as uow:
        uow.outbox.add(topic, key, {"case_id": key}, at)
        uow.commit()
    return event_id(topic, key)


def taken(db: Database, now: datetime = NOW, endpoint_id: str = "e1") -> Delivery | None:
    with db.write() as uow:
        found = uow.webhooks.take(endpoint_id, now, now + MINUTE)
        uow.commit()
    return found


def must_take(db: Database, now: datetime = NOW, endpoint_id: str = "e1") -> Delivery:
    found = taken(db, now, endpoint_id)
    assert found is not None
    return found


def due(db: Database, now: datetime = NOW) -> Sequence[str]:
    with db.read() as uow:
        return uow.webhooks.endpoints_due(now)


def standing(db: Database, endpoint_id: str = "e1") -> Standing:
    with db.read() as uow:
        return uow.webhooks.standings().get(endpoint_id, Standing())


def events_kept(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = [row.key for row in connection.execute(text("SELECT key FROM outbox ORDER BY id"))]
    engine.dispose()
    return rows
