"""What stands in the outbox for other systems."""

from amends.storage import Database
from amends.storage.tables.outbox import OutboxRow
from amends.values import Json


def announced(db: Database, topic: str) -> list[Json]:
    """The data of all events of a type, oldest first."""
    with db.read() as uow:
        rows = uow.outbox._session.query(OutboxRow).filter_by(topic=topic)
        return [row.payload for row in rows.order_by(OutboxRow.id)]
