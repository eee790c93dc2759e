"""Endpoints of other systems, and the deliveries to them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    TextClause,
    Update,
    delete,
    exists,
    func,
    select,
    update,
)

from amends.storage.repositories.base import Repository
from amends.storage.tables.outbox import OutboxRow
from amends.storage.tables.webhooks import (
    HAS_FAILED,
    IS_PENDING,
    WebhookDeliveryRow,
    WebhookEndpointRow,
)
from amends.webhooks.model import Delivery, Dispatch, Endpoint, Event, EventType, Standing


class SqlWebhooks(Repository):
    """Implements the Webhooks port of the webhooks room."""

    def add(self, endpoint: Endpoint) -> None:
        self._insert(
            WebhookEndpointRow,
            {
                "id": endpoint.id,
                "url": endpoint.url,
                "secret": self._vault.seal(endpoint.secret, _owner(endpoint.id)),
                "events": [one.value for one in endpoint.events],
                "active": endpoint.active,
                "created_at": endpoint.created_at,
                "description": endpoint.description,
            },
        )

    def get(self, endpoint_id: str) -> Endpoint | None:
        row = self._first(select(WebhookEndpointRow).where(WebhookEndpointRow.id == endpoint_id))
        return None if row is None else self._to_endpoint(row)

    def all(self) -> Sequence[Endpoint]:
        """All endpoints, oldest first."""
        query = select(WebhookEndpointRow)
        rows = self._all(query.order_by(WebhookEndpointRow.created_at, WebhookEndpointRow.id))
        return [self._to_endpoint(row) for row in rows]

    def remove(self, endpoint_id: str) -> bool:
        """Remove an endpoint; its deliveries go with it."""
        gone = delete(WebhookEndpointRow).where(WebhookEndpointRow.id == endpoint_id)
        return self._change(gone) == 1

    def set_active(self, endpoint_id: str, active: bool) -> bool:
        met = self._change(
            update(WebhookEndpointRow)
            .where(WebhookEndpointRow.id == endpoint_id)
            .values(active=active)
        )
        return met == 1

    def set_secret(self, endpoint_id: str, secret: str) -> bool:
        met = self._change(
            update(WebhookEndpointRow)
            .where(WebhookEndpointRow.id == endpoint_id)
            .values(secret=self._vault.seal(secret, _owner(endpoint_id)))
        )
        return met == 1

    def reseal(self) -> int:
        """Seal with the present site secret what is not; return how many.

        Raises:
            SecretUnreadable
        """
        stale = [
            (row.id, self._vault.open(row.secret, _owner(row.id)))
            for row in self._all(select(WebhookEndpointRow))
            if not self._vault.is_fresh(row.secret, _owner(row.id))
        ]
        for endpoint_id, secret in stale:
            self.set_secret(endpoint_id, secret)
        return len(stale)

    def _to_endpoint(self, row: WebhookEndpointRow) -> Endpoint:
        return Endpoint(
            id=row.id,
            url=row.url,
            secret=self._vault.open(row.secret, _owner(row.id)),
            events=tuple(EventType(name) for name in row.events),
            created_at=row.created_at,
            active=row.active,
            description=row.description,
        )

    def latest(self, endpoint_id: str, limit: int = 20) -> Sequence[Dispatch]:
        """What became of the latest events for an endpoint, the newest first."""
        found = self._session.execute(
            select(WebhookDeliveryRow, OutboxRow)
            .join(OutboxRow, OutboxRow.id == WebhookDeliveryRow.outbox_id)
            .where(WebhookDeliveryRow.endpoint_id == endpoint_id)
            .order_by(WebhookDeliveryRow.outbox_id.desc())
            .limit(limit)
        )
        return [_to_dispatch(row, event) for row, event in found.tuples()]

    def standings(self) -> Mapping[str, Standing]:
        pending, failed = self._counts(IS_PENDING), self._counts(HAS_FAILED)
        return {
            endpoint_id: Standing(
                pending.get(endpoint_id, 0), failed.get(endpoint_id, 0), self._error(endpoint_id)
            )
            for endpoint_id in pending.keys() | failed.keys()
        }

    def endpoints_due(self, now: datetime) -> Sequence[str]:
        """Active endpoints that have a delivery to be tried now."""
        is_due = exists().where(WebhookDeliveryRow.endpoint_id == WebhookEndpointRow.id, *_due(now))
        found = self._session.scalars(
            select(WebhookEndpointRow.id)
            .where(WebhookEndpointRow.active, is_due)
            .order_by(WebhookEndpointRow.id)
        )
        return found.all()

    def take(self, endpoint_id: str, now: datetime, until: datetime) -> Delivery | None:
        """Take the delivery that has been due longest; nobody else gets it before `until`."""
        found = self._session.execute(
            select(WebhookDeliveryRow, OutboxRow)
            .join(OutboxRow, OutboxRow.id == WebhookDeliveryRow.outbox_id)
            .where(WebhookDeliveryRow.endpoint_id == endpoint_id, *_due(now))
            .order_by(WebhookDeliveryRow.next_at, WebhookDeliveryRow.event_id)
            .limit(1)
            .with_for_update(of=WebhookDeliveryRow, skip_locked=True)
        ).first()
        if found is None:
            return None
        row, event = found
        delivery = Delivery(
            event=Event(row.event_id, event.topic, event.at, event.payload),
            endpoint_id=endpoint_id,
            tries=row.attempts + 1,
            leased_until=until,
        )
        self._change(_row_of(delivery).values(attempts=delivery.tries, next_at=until))
        return delivery

    def settle(self, delivery: Delivery, status: int | None, at: datetime) -> bool:
        """Mark as delivered, whoever holds the lease by now; False when it was already, or gone."""
        met = self._change(
            _row_of(delivery)
            .where(WebhookDeliveryRow.delivered_at.is_(None))
            .values(delivered_at=at, failed_at=None, last_status=status, last_error=None)
        )
        return met == 1

    def postpone(
        self, delivery: Delivery, next_at: datetime, status: int | None, error: str
    ) -> bool:
        return self._end_try(delivery, next_at=next_at, last_status=status, last_error=error)

    def fail(self, delivery: Delivery, at: datetime, status: int | None, error: str) -> bool:
        return self._end_try(delivery, failed_at=at, last_status=status, last_error=error)

    def fail_pending(self, endpoint_id: str, at: datetime, error: str) -> int:
        return self._change(
            update(WebhookDeliveryRow)
            .where(WebhookDeliveryRow.endpoint_id == endpoint_id, IS_PENDING)
            .values(failed_at=at, last_error=error)
        )

    def replay(
        self, now: datetime, endpoint_id: str | None = None, event_id: str | None = None
    ) -> int:
        """Let failed deliveries begin anew; with an event's id, delivered ones of it too."""
        active = select(WebhookEndpointRow.id).where(WebhookEndpointRow.active)
        again = update(WebhookDeliveryRow).where(WebhookDeliveryRow.endpoint_id.in_(active))
        if endpoint_id is not None:
            again = again.where(WebhookDeliveryRow.endpoint_id == endpoint_id)
        if event_id is None:
            again = again.where(HAS_FAILED)
        else:
            again = again.where(WebhookDeliveryRow.event_id == event_id)
        return self._change(
            again.values(attempts=0, next_at=now, delivered_at=None, failed_at=None)
        )

    def forget_events(self, before: datetime, limit: int = 1000) -> int:
        """Delete events of before then which no delivery waits for, or failed to bring."""
        is_kept = exists().where(
            WebhookDeliveryRow.outbox_id == OutboxRow.id, WebhookDeliveryRow.delivered_at.is_(None)
        )
        old = select(OutboxRow.id).where(OutboxRow.at < before, ~is_kept)
        oldest = old.order_by(OutboxRow.at, OutboxRow.id).limit(limit)
        return self._change(delete(OutboxRow).where(OutboxRow.id.in_(oldest)))

    def _counts(self, state: TextClause) -> dict[str, int]:
        found = self._session.execute(
            select(WebhookDeliveryRow.endpoint_id, func.count())
            .where(state)
            .group_by(WebhookDeliveryRow.endpoint_id)
        )
        return dict(found.tuples().all())

    def _error(self, endpoint_id: str) -> str | None:
        """What went wrong last, of all that has not arrived."""
        return self._session.scalar(
            select(WebhookDeliveryRow.last_error)
            .where(
                WebhookDeliveryRow.endpoint_id == endpoint_id,
                WebhookDeliveryRow.delivered_at.is_(None),
                WebhookDeliveryRow.last_error.is_not(None),
            )
            .order_by(
                func.coalesce(WebhookDeliveryRow.failed_at, WebhookDeliveryRow.next_at).desc()
            )
            .limit(1)
        )

    def _end_try(self, delivery: Delivery, **values: Any) -> bool:
        """End a try whose lease is still ours: nobody else can have given it the same end."""
        is_ours = WebhookDeliveryRow.next_at == delivery.leased_until
        met = self._change(_row_of(delivery).where(is_ours, IS_PENDING).values(values))
        return met == 1


def _due(now: datetime) -> tuple[TextClause, ColumnElement[bool]]:
    return IS_PENDING, WebhookDeliveryRow.next_at <= now


def _row_of(delivery: Delivery) -> Update:
    return update(WebhookDeliveryRow).where(
        WebhookDeliveryRow.endpoint_id == delivery.endpoint_id,
        WebhookDeliveryRow.event_id == delivery.event.id,
    )


def _to_dispatch(row: WebhookDeliveryRow, event: OutboxRow) -> Dispatch:
    return Dispatch(
        event_id=row.event_id,
        type=event.topic,
        at=event.at,
        tries=row.attempts,
        next_at=row.next_at,
        last_status=row.last_status,
        last_error=row.last_error,
        delivered_at=row.delivered_at,
        failed_at=row.failed_at,
    )


def _owner(endpoint_id: str) -> str:
    return f"webhook {endpoint_id}"
