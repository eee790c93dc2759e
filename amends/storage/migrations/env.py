"""Called by Alembic: by `amends.storage.migrate`, which passes its connection, and nobody else."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Enum

from amends.storage.base import UtcDateTime
from amends.storage.tables import METADATA


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write column types of ours as plain ones: a migration must outlive the code it came from."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String({item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    transaction_per_migration=False,
    render_item=render_item,
    render_as_batch=True,  # SQLite cannot alter a table in place
    compare_type=True,
)
context.run_migrations()
