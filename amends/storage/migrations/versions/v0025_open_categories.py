"""Categories of complaints are an open set: companies add to those of the code."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = ("cases", "canned_replies", "cause_actions")
SHAPE = "category <> '' AND category = lower(category)"
_CLOSED = re.compile(r"CHECK \(category IN \([^)]*\)\)")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            name = op.f(f"ck_{table}_category")
            op.drop_constraint(name, table, type_="check")
            op.create_check_constraint(name, table, SHAPE)
        return
    _relax_on_sqlite(op.get_bind())


def _relax_on_sqlite(connection: sa.Connection) -> None:
    """Change the text of the constraints, as sqlite.org/lang_altertable.html says in section 7.

    Copying the tables, the other way, would drop rows that point to them, and their triggers.
    """
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    for table in TABLES:
        _relax(connection, table)
    # Every connection that is open reads the schema anew once its version has changed.
    connection.exec_driver_sql(f"PRAGMA schema_version = {int(version) + 1}")
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))


def _relax(connection: sa.Connection, table: str) -> None:
    named = {"name": table}
    written = connection.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"), named
    ).scalar_one()
    relaxed, found = _CLOSED.subn(f"CHECK ({SHAPE})", written)
    changed = connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name"),
        named | {"sql": relaxed},
    )
    if found != 1 or changed.rowcount != 1:
        raise RuntimeError(
            f"The constraint on the category of {table} is not as it was made, or this SQLite "
            "lets nobody change it; use a Python whose SQLite is not built as `defensive`."
        )
