"""A case has a root cause and a deadline, can be searched for, and can be asked about with a code.

Cases that are open already get the deadline that they would have had on a day without business
hours: 24 hours after they were opened.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ROOT_CAUSE = (
    "root_cause VARCHAR(32) CONSTRAINT ck_cases_root_cause CHECK (root_cause IN ("
    "'carrier_delay', 'lost_in_transit', 'packaging', 'picking_error', 'supplier_quality', "
    "'product_information', 'payment_system', 'website_fault', 'staff_error', 'policy_unclear', "
    "'capacity', 'customer_misunderstanding', 'unknown'))"
)
"""With its constraint: SQLite adds a constraint to a table only with its column."""

SOUGHT_BY = ("category", "root_cause", "owner")


def upgrade() -> None:
    _case_columns()
    _case_indexes()
    _case_terms()
    _mails()
    _access_requests()


def _case_columns() -> None:
    op.execute(f"ALTER TABLE cases ADD COLUMN {ROOT_CAUSE}")
    for name in ("resolution_due_at", "indexed_at"):
        op.add_column("cases", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    a_day_later = (
        "opened_at + INTERVAL '24 hours'"
        if op.get_bind().dialect.name == "postgresql"
        else "strftime('%Y-%m-%d %H:%M:%f', opened_at, '+24 hours') || '000'"
    )
    op.execute(f"UPDATE cases SET resolution_due_at = {a_day_later} WHERE closed_at IS NULL")


def _case_indexes() -> None:
    for column in SOUGHT_BY:
        op.create_index(op.f(f"ix_cases_{column}_opened_at"), "cases", [column, "opened_at"])
    op.create_index(op.f("ix_cases_opened_at_id"), "cases", ["opened_at", "id"])
    for name, columns, condition in (
        ("ix_cases_due", ["resolution_due_at", "id"], "closed_at IS NULL"),
        ("ix_cases_not_indexed", ["opened_at"], "indexed_at IS NULL"),
    ):
        _partial_index(name, "cases", columns, condition)


def _case_terms() -> None:
    op.create_table(
        "case_terms",
        sa.Column("term", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_terms_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("term", "opened_at", "case_id", name=op.f("pk_case_terms")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_case_terms_case_id"), "case_terms", ["case_id"])


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_mails_tries_not_negative")),
        sa.CheckConstraint(
            "sent_at IS NULL OR failed_at IS NULL", name=op.f("ck_mails_has_one_end")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    _partial_index(
        "ix_mails_pending", "mails", ["next_at"], "sent_at IS NULL AND failed_at IS NULL"
    )


def _access_requests() -> None:
    op.create_table(
        "access_requests",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", sa.String(64), nullable=True),
        sa.Column("code_hash", sa.String(64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_access_requests_tries_not_negative")),
        sa.CheckConstraint(
            "code_hash IS NULL OR case_id IS NOT NULL",
            name=op.f("ck_access_requests_code_of_a_case"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_access_requests_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_requests")),
    )
    op.create_index(op.f("ix_access_requests_asked_at"), "access_requests", ["asked_at"])
    op.create_index(
        op.f("ix_access_requests_case_id_asked_at"), "access_requests", ["case_id", "asked_at"]
    )
    _partial_index(
        "ix_access_requests_unhandled", "access_requests", ["asked_at"], "handled_at IS NULL"
    )


def _partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
