"""The trainer's review queue: messages in groups, decisions on them, how far the log was read."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from amends.storage.base import Base, RunningId, closed_set
from amends.storage.tables.conversations import ConversationRow
from amends.training.review.model import Kind

IS_OPEN = text("is_open")
HOLDS = text("undone_at IS NULL")
WAS_OUTDATED = ConversationRow.outdated_at.is_not(None)

Index(
    "ix_conversations_outdated",
    ConversationRow.outdated_at,
    ConversationRow.id,
    sqlite_where=WAS_OUTDATED,
    postgresql_where=WAS_OUTDATED,
)


class ReviewGroupRow(Base):
    """Alike messages; the signature holds no words of theirs."""

    __tablename__ = "review_groups"

    id: Mapped[int] = mapped_column(RunningId, primary_key=True)
    signature: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    intent: Mapped[str] = mapped_column(String(64))
    is_open: Mapped[bool] = mapped_column()
    rank: Mapped[int] = mapped_column()
    size: Mapped[int] = mapped_column()
    reasons: Mapped[str] = mapped_column(String(255))
    last_at: Mapped[datetime] = mapped_column()
    leader_id: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("size >= 0", "size_not_negative"),
        CheckConstraint("NOT is_open OR leader_id IS NOT NULL", "open_has_a_leader"),
        Index(
            "ix_review_groups_open",
            "rank",
            "id",
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
    )


class ReviewBandRow(Base):
    """Under which keys a group with open messages is found by those that are like them."""

    __tablename__ = "review_bands"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("review_groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  (read by SQLAlchemy, never changed)


class ReviewDecisionRow(Base):
    __tablename__ = "review_decisions"

    id: Mapped[int] = mapped_column(RunningId, primary_key=True)
    at: Mapped[datetime] = mapped_column()
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[Kind] = mapped_column(closed_set(Kind, "kind"))
    intent: Mapped[str | None] = mapped_column(String(64))
    secondary: Mapped[list[str] | None] = mapped_column()
    flags: Mapped[list[str] | None] = mapped_column()
    read_as: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    reasons: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column()
    leader_id: Mapped[int] = mapped_column(BigInteger)
    undone_at: Mapped[datetime | None] = mapped_column()
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    example_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("size > 0", "decides_on_something"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", "undone_by_somebody"),
        CheckConstraint("kind <> 'relabel' OR intent IS NOT NULL", "relabelled_to_something"),
        Index("ix_review_decisions_held", "by", "id", sqlite_where=HOLDS, postgresql_where=HOLDS),
    )


class ReviewRow(Base):
    """A customer's message that is worth a look; what it says stands in the log alone."""

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(RunningId, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column()
    language: Mapped[str] = mapped_column(String(8))
    intent: Mapped[str] = mapped_column(String(64))
    confidence: Mapped[float] = mapped_column()
    reasons: Mapped[str] = mapped_column(String(255))
    rank: Mapped[int] = mapped_column()
    hint: Mapped[str] = mapped_column(String(64))
    group_id: Mapped[int] = mapped_column(ForeignKey("review_groups.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("review_decisions.id"), index=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["conversation_id", "seq"],
            ["messages.conversation_id", "messages.seq"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("conversation_id", "seq"),
        CheckConstraint("confidence BETWEEN 0 AND 1", "confidence_in_range"),
        Index(None, "group_id", "decision_id", "rank", "id"),
    )


class ReviewCursorRow(Base):
    """One row: up to where the log was looked at."""

    __tablename__ = "review_cursor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    changed_at: Mapped[datetime] = mapped_column()
    changed_id: Mapped[str] = mapped_column(String(64))
    outdated_at: Mapped[datetime] = mapped_column()
    outdated_id: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("id = 1", "only_one"),)
