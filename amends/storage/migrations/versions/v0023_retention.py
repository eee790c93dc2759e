"""Legal holds, what was erased when, and the one way in which what never changes is erased.

A transaction that erases puts a row into `erasing` and takes it out before it commits. While it is
there, and for that transaction alone, the triggers let words be replaced.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("messages", "case_entries", "remedies", "remedy_steps", "handoff_notes", "approvals")
"""Of those that never change, the ones that hold what a person wrote or who it was."""
UNLESS_ERASING = "NOT EXISTS (SELECT 1 FROM erasing)"


def upgrade() -> None:
    _add_tables()
    if op.get_bind().dialect.name == "postgresql":
        _let_erase_on_postgres()
    else:
        _let_erase_on_sqlite(op.get_bind())


def _add_tables() -> None:
    op.create_table(
        "erasing",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_erasing_one_at_a_time")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasing")),
    )
    op.create_table(
        "erasures",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('chat', 'case', 'ledger', 'survey')", name=op.f("ck_erasures_kind")
        ),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_erasures")),
    )
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=128), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=128), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('case', 'customer')", name=op.f("ck_legal_holds_kind")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_legal_holds_has_a_reason")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_legal_holds_ended_by_somebody")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    held = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_legal_holds_one_not_ended",
        "legal_holds",
        ["kind", "subject"],
        unique=True,
        sqlite_where=held,
        postgresql_where=held,
    )


def _let_erase_on_postgres() -> None:
    tables = ", ".join(f"'{table}'" for table in TABLES)
    op.execute(
        "CREATE OR REPLACE FUNCTION amends_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF TG_OP = 'UPDATE' AND TG_TABLE_NAME IN ({tables}) "
        "AND EXISTS (SELECT 1 FROM erasing) THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
        "USING ERRCODE = 'restrict_violation'; END $$"
    )


def _let_erase_on_sqlite(connection: sa.Connection) -> None:
    """Make each trigger against changes anew, with one more condition."""
    found = connection.execute(
        sa.text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    ).all()
    for name, table, sql in found:
        head, begin, body = sql.partition(" BEGIN ")
        if table not in TABLES or " UPDATE" not in head:
            continue
        if not begin:
            raise RuntimeError(f"The trigger {name} is not as it was made.")
        joined = "AND" if " WHEN " in head else "WHEN"
        op.execute(f"DROP TRIGGER {name}")
        op.execute(f"{head} {joined} {UNLESS_ERASING}{begin}{body}")
