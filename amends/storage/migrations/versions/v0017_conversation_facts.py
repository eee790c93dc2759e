"""Facts of conversations, for figures; whence an order came; whether a person was needed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXTS = {
    "case_number": 32,
    "category": 64,
    "root_cause": 64,
    "severity": 16,
    "warehouse": 64,
    "carrier": 64,
    "product": 64,
    "handoff_reason": 128,
    "answer_mark": 16,
    "remedy_kind": 64,
    "currency": 3,
    "csat_reason": 32,
}
SECONDS = ("first_answer_seconds", "person_answer_seconds", "resolution_seconds")
ANSWERS = (
    "csat",
    "ces",
    "nps",
    "expectation",
    "felt_reliability",
    "felt_responsiveness",
    "felt_assurance",
    "felt_empathy",
    "felt_tangibles",
)
SCORES = (
    "predicted",
    "without_remedy",
    "confidence",
    "outcome",
    "process",
    "treatment",
    "reliability",
    "responsiveness",
    "assurance",
    "empathy",
    "tangibles",
)


def upgrade() -> None:
    _add_facts()
    op.add_column("orders", sa.Column("warehouse", sa.String(length=64)))
    op.add_column("orders", sa.Column("carrier", sa.String(length=64)))
    op.add_column("handoffs", sa.Column("was_needed", sa.Boolean()))
    # The log for analysis is read in order of the beginnings.
    op.create_index(op.f("ix_conversations_created_at_id"), "conversations", ["created_at", "id"])
    _add_outdating()
    # What was scored before has no row of facts yet; it is scored again, the latest last.
    op.execute("UPDATE conversations SET scored_at = NULL")


def _add_outdating() -> None:
    op.add_column("conversations", sa.Column("outdated_at", sa.DateTime(timezone=True)))
    op.drop_index("ix_conversations_needs_score", table_name="conversations")
    needs_score = sa.text(
        "last_customer_at IS NOT NULL AND (scored_at IS NULL OR scored_at < changed_at "
        "OR scored_at <= outdated_at)"
    )
    op.create_index(
        "ix_conversations_needs_score",
        "conversations",
        ["changed_at"],
        sqlite_where=needs_score,
        postgresql_where=needs_score,
    )


def _add_facts() -> None:
    op.create_table(
        "conversation_facts",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=64)),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("review", sa.String(length=32), nullable=False),
        sa.Column("remedy_minor", sa.BigInteger(), nullable=False),
        sa.Column("handoff_right", sa.Boolean()),
        *(sa.Column(name, sa.String(length=size)) for name, size in TEXTS.items()),
        *(_needed(name, sa.Integer()) for name in _COUNTS),
        *(_needed(name, sa.Boolean()) for name in ("repeat", "handed_off", "survey_asked")),
        *(sa.Column(name, sa.Integer()) for name in ANSWERS),
        *(_needed(name, sa.Float()) for name in SCORES),
        *(sa.Column(name, sa.Float()) for name in (*SECONDS, *_MOODS, "review_share")),
        sa.CheckConstraint(
            "predicted BETWEEN 1 AND 5", name=op.f("ck_conversation_facts_predicted_in_range")
        ),
        sa.CheckConstraint(
            "remedy_minor >= 0", name=op.f("ck_conversation_facts_remedy_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_facts_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_conversation_facts_case_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "part", name=op.f("pk_conversation_facts")),
    )
    op.create_index(op.f("ix_conversation_facts_case_id"), "conversation_facts", ["case_id"])
    op.create_index(
        op.f("ix_conversation_facts_started_at_conversation_id"),
        "conversation_facts",
        ["started_at", "conversation_id"],
    )


_COUNTS = ("day", "messages", "promises_kept", "promises_broken")
_MOODS = ("mood_start", "mood_end")


def _needed(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)
