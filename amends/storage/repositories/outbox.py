"""Messages for the outside."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from amends.storage.repositories.base import Repository
from amends.storage.tables.outbox import OutboxRow
from amends.storage.tables.webhooks import WebhookDeliveryRow, WebhookEndpointRow
from amends.webhooks.decide import event_id


class SqlOutbox(Repository):
    def add(self, topic: str, key: str, payload: dict[str, Any], at: datetime) -> None:
        """Leave a message for the outside, and a delivery for each endpoint that wants to hear it.

        The same topic and key a second time does nothing.
        """
        outbox_id = self._insert_new(
            OutboxRow,
            ["topic", "key"],
            {"topic": topic, "key": key, "payload": payload, "at": at},
            OutboxRow.id,
        )
        if outbox_id is None:
            return
        deliveries = [
            {
                "endpoint_id": endpoint_id,
                "event_id": event_id(topic, key),
                "outbox_id": outbox_id,
                "attempts": 0,
                "next_at": at,
            }
            for endpoint_id in self._listeners(topic)
        ]
        self._insert(WebhookDeliveryRow, *deliveries)

    def _listeners(self, topic: str) -> list[str]:
        """Endpoints that want to hear of a topic; none of them is removed meanwhile."""
        rows = self._session.execute(
            select(WebhookEndpointRow.id, WebhookEndpointRow.events)
            .where(WebhookEndpointRow.active)
            .order_by(WebhookEndpointRow.id)
            .with_for_update(read=True, key_share=True)
        )
        return [row.id for row in rows if topic in row.events]
