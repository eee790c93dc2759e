"""Carrying remedies out: which order each is for, codes that are unique, what is tried again."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FIXED = (
    "id, offer_id, position, case_id, alternative, kind, recovery, part, amount_minor, currency, "
    "clauses, title, due_days, customer_key, order_number, made_at, expires_at"
)
"""Columns of `remedies` that never change: those of 0005, and the order."""


def upgrade() -> None:
    op.add_column("remedies", sa.Column("order_number", sa.String(length=32), nullable=True))
    op.execute(
        "UPDATE remedies SET order_number = (SELECT cases.order_number FROM cases "
        "WHERE cases.id = remedies.case_id AND cases.order_number <> 'none')"
    )
    _fix_the_order()
    op.create_index(op.f("ix_remedies_code"), "remedies", ["code"], unique=True)
    op.create_index(op.f("ix_remedies_order_number"), "remedies", ["order_number"])
    op.create_table(
        "remedy_retries",
        sa.Column("remedy_id", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries > 0", name=op.f("ck_remedy_retries_tries_positive")),
        sa.ForeignKeyConstraint(
            ["remedy_id"], ["remedies.id"], name=op.f("fk_remedy_retries_remedy_id")
        ),
        sa.PrimaryKeyConstraint("remedy_id", name=op.f("pk_remedy_retries")),
    )


def _fix_the_order() -> None:
    """Let the database refuse a change of the order too, as 0005 does for the other columns."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER tr_remedies_no_update ON remedies")
        op.execute(
            f"CREATE TRIGGER tr_remedies_no_update BEFORE UPDATE OF {FIXED} ON remedies "
            "FOR EACH ROW EXECUTE FUNCTION amends_refuse_rewrite()"
        )
        return
    op.execute("DROP TRIGGER tr_remedies_no_update")
    op.execute(
        f"CREATE TRIGGER tr_remedies_no_update BEFORE UPDATE OF {FIXED} ON remedies "
        "BEGIN SELECT RAISE(ABORT, 'remedies is append-only'); END"
    )
