"""Messages for the outside."""

from datetime import datetime
from typing import Any

from amends.storage.repositories.base import Repository
from amends.storage.tables.outbox import OutboxRow


class SqlOutbox(Repository):
    def add(self, topic: str, key: str, payload: dict[str, Any], at: datetime) -> None:
        """Leave a message for the outside; the same topic and key a second time does nothing."""
        self._insert_missing(
            OutboxRow,
            ["topic", "key"],
            {"topic": topic, "key": key, "payload": payload, "at": at},
        )
