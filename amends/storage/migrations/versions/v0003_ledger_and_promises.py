"""Ledger and promises."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy", sa.String(length=128), nullable=False),
        sa.Column("version", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.CheckConstraint("rung >= 0", name=op.f("ck_decisions_rung_not_negative")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_decisions_case_id")),
        sa.CheckConstraint(
            "outcome IN ('remedy', 'none', 'person')", name=op.f("ck_decisions_outcome")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_at"), "decisions", ["at"], unique=False)
    op.create_index(op.f("ix_decisions_case_id_at"), "decisions", ["case_id", "at"], unique=False)
    op.create_table(
        "offers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "expires_at >= made_at", name=op.f("ck_offers_expires_after_it_is_made")
        ),
        sa.CheckConstraint("rung >= 0", name=op.f("ck_offers_rung_not_negative")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_offers_case_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_offers_decision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index(
        op.f("ix_offers_case_id_made_at"), "offers", ["case_id", "made_at"], unique=False
    )
    op.create_index(op.f("ix_offers_decision_id"), "offers", ["decision_id"], unique=False)
    op.create_table(
        "remedies",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("offer_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("alternative", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("recovery", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("customer_key", sa.String(length=128), nullable=False),
        sa.Column("code", sa.String(length=128), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(amount_minor IS NULL) = (currency IS NULL)",
            name=op.f("ck_remedies_amount_has_a_currency"),
        ),
        sa.CheckConstraint("alternative >= 0", name=op.f("ck_remedies_alternative_not_negative")),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_remedies_amount_not_negative")),
        sa.CheckConstraint("due_days >= 0", name=op.f("ck_remedies_due_days_not_negative")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_remedies_case_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_remedies_offer_id")),
        sa.CheckConstraint(
            "recovery IN ('compensatory', 'corrective', 'relational')",
            name=op.f("ck_remedies_recovery"),
        ),
        sa.CheckConstraint("part IN ('entitlement', 'goodwill')", name=op.f("ck_remedies_part")),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'declined', 'expired', 'issued', "
            "'settled', 'failed')",
            name=op.f("ck_remedies_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedies")),
        sa.UniqueConstraint("offer_id", "position", name=op.f("uq_remedies_offer_id_position")),
    )
    op.create_index(op.f("ix_remedies_case_id"), "remedies", ["case_id"], unique=False)
    op.create_index(
        "ix_remedies_goodwill_of_customer",
        "remedies",
        ["customer_key", "made_at"],
        unique=False,
        sqlite_where=sa.text("part = 'goodwill'"),
        postgresql_where=sa.text("part = 'goodwill'"),
    )
    op.create_index(
        op.f("ix_remedies_state_expires_at"), "remedies", ["state", "expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_remedies_state_made_at"), "remedies", ["state", "made_at"], unique=False
    )
    op.create_table(
        "promises",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("remedy_id", sa.String(length=64), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL)", name=op.f("ck_promises_ended_has_a_time")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_promises_case_id")),
        sa.ForeignKeyConstraint(["remedy_id"], ["remedies.id"], name=op.f("fk_promises_remedy_id")),
        sa.CheckConstraint(
            "state IN ('open', 'kept', 'broken', 'released')", name=op.f("ck_promises_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index(op.f("ix_promises_case_id"), "promises", ["case_id"], unique=False)
    op.create_index(
        "ix_promises_due",
        "promises",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_promises_remedy_id"), "promises", ["remedy_id"], unique=False)
    op.create_table(
        "remedy_steps",
        sa.Column("remedy_id", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["remedy_id"], ["remedies.id"], name=op.f("fk_remedy_steps_remedy_id")
        ),
        sa.CheckConstraint(
            "step IN ('offered', 'accepted', 'declined', 'expired', 'issued', 'settled', 'failed')",
            name=op.f("ck_remedy_steps_step"),
        ),
        sa.PrimaryKeyConstraint("remedy_id", "step", name=op.f("pk_remedy_steps")),
    )
    op.create_index(op.f("ix_remedy_steps_at"), "remedy_steps", ["at"], unique=False)
