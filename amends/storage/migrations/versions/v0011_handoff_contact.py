"""A handoff knows where else to answer, what the customer was told, and from whom it was taken."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CONSTRAINED = (
    "contact_channel VARCHAR(32) CONSTRAINT ck_handoffs_contact_channel "
    "CHECK (contact_channel IN ('email', 'phone'))",
    "contact_address TEXT CONSTRAINT ck_handoffs_address_of_a_channel "
    "CHECK (contact_address IS NULL OR contact_channel IS NOT NULL)",
    "taken_from VARCHAR(64) CONSTRAINT fk_handoffs_taken_from REFERENCES staff (id)",
)
"""Columns with their constraints: SQLite adds a constraint to a table only with its column."""


def upgrade() -> None:
    for column in CONSTRAINED:
        op.execute(f"ALTER TABLE handoffs ADD COLUMN {column}")
    for name in ("late_told_at", "limit_told_at"):
        op.add_column("handoffs", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    taken_at = "TIMESTAMP WITH TIME ZONE" if _on_postgres() else "DATETIME"
    op.execute(
        f"ALTER TABLE handoffs ADD COLUMN taken_at {taken_at} "
        "CONSTRAINT ck_handoffs_taken_at_a_time "
        "CHECK ((taken_from IS NULL) = (taken_at IS NULL))"
    )
    op.create_index(op.f("ix_handoffs_claimed_at"), "handoffs", ["claimed_at"], unique=False)


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
