"""What trainers review: messages worth a look, and what was decided about each."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KINDS = "'accept', 'relabel', 'secondary', 'flags', 'skip', 'out_of_scope'"


def upgrade() -> None:
    _add_groups()
    _add_bands()
    _add_decisions()
    _add_reviews()
    _add_cursor()
    _partial("ix_conversations_outdated", "conversations", ["outdated_at", "id"],
             "outdated_at IS NOT NULL")  # fmt: skip


def _add_groups() -> None:
    op.create_table(
        "review_groups",
        _running("id"),
        sa.Column("signature", sa.Text(), nullable=False),
        *(_text(name, length) for name, length in (("language", 8), ("intent", 64))),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        _text("reasons", 255),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leader_id", sa.BigInteger(), nullable=True),
        _check("review_groups", "size_not_negative", "size >= 0"),
        _check("review_groups", "open_has_a_leader", "NOT is_open OR leader_id IS NOT NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_groups")),
    )
    _partial("ix_review_groups_open", "review_groups", ["rank", "id"], "is_open")


def _add_bands() -> None:
    op.create_table(
        "review_bands",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("group_id", _running("id").type, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["review_groups.id"],
            name=op.f("fk_review_bands_group_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "group_id", name=op.f("pk_review_bands")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_review_bands_group_id"), "review_bands", ["group_id"])


def _add_decisions() -> None:
    table = "review_decisions"
    op.create_table(
        table,
        _running("id"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _text("by", 64),
        _text("kind", 32),
        sa.Column("intent", sa.String(length=64), nullable=True),
        sa.Column("secondary", sa.JSON(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=True),
        *(_text(name, length) for name, length in (("read_as", 64), ("language", 8))),
        _text("reasons", 255),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.Column("example_at", sa.DateTime(timezone=True), nullable=True),
        _check(table, "kind", f"kind IN ({KINDS})"),
        _check(table, "decides_on_something", "size > 0"),
        _check(table, "undone_by_somebody", "(undone_at IS NULL) = (undone_by IS NULL)"),
        _check(table, "relabelled_to_something", "kind <> 'relabel' OR intent IS NOT NULL"),
        *(
            sa.ForeignKeyConstraint([column], ["staff.id"], name=op.f(f"fk_{table}_{column}"))
            for column in ("by", "undone_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _partial("ix_review_decisions_held", table, ["by", "id"], "undone_at IS NULL")


def _add_reviews() -> None:
    op.create_table(
        "reviews",
        _running("id"),
        _text("conversation_id", 64),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(_text(name, length) for name, length in (("language", 8), ("intent", 64))),
        sa.Column("confidence", sa.Float(), nullable=False),
        _text("reasons", 255),
        sa.Column("rank", sa.Integer(), nullable=False),
        _text("hint", 64),
        sa.Column("group_id", _running("id").type, nullable=False),
        sa.Column("decision_id", _running("id").type, nullable=True),
        _check("reviews", "confidence_in_range", "confidence BETWEEN 0 AND 1"),
        sa.ForeignKeyConstraint(
            ["conversation_id", "seq"],
            ["messages.conversation_id", "messages.seq"],
            name=op.f("fk_reviews_conversation_id_seq"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["review_groups.id"], name=op.f("fk_reviews_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["review_decisions.id"], name=op.f("fk_reviews_decision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("conversation_id", "seq", name=op.f("uq_reviews_conversation_id_seq")),
    )
    op.create_index(op.f("ix_reviews_decision_id"), "reviews", ["decision_id"])
    columns = ["group_id", "decision_id", "rank", "id"]
    op.create_index(op.f("ix_reviews_group_id_decision_id_rank_id"), "reviews", columns)


def _add_cursor() -> None:
    op.create_table(
        "review_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _text("changed_id", 64),
        sa.Column("outdated_at", sa.DateTime(timezone=True), nullable=False),
        _text("outdated_id", 64),
        _check("review_cursor", "only_one", "id = 1"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_cursor")),
    )


def _running(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _partial(name: str, table: str, columns: list[str], rule: str) -> None:
    where = sa.text(rule)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
