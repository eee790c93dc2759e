"""The message log, what the engine understood, and what its actions answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from amends.conversations.model import Delivery, Mode, Role
from amends.storage.base import Base, closed_set


class ConversationRow(Base):
    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(128))
    mode: Mapped[Mode] = mapped_column(closed_set(Mode, "mode"))
    language: Mapped[str] = mapped_column(String(8))
    visit: Mapped[int] = mapped_column()
    last_seq: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column()
    customer_id: Mapped[str | None] = mapped_column(String(128))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    last_customer_at: Mapped[datetime | None] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    scored_at: Mapped[datetime | None] = mapped_column()
    # When something changed that its figures tell of, without a word in it: a case, a survey.
    outdated_at: Mapped[datetime | None] = mapped_column()
    page: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("visit > 0", "visit_positive"),
        CheckConstraint("last_seq >= 0", "last_seq_not_negative"),
        CheckConstraint("mode <> 'staff' OR staff_id IS NOT NULL", "staff_mode_names_a_person"),
        CheckConstraint("(mode = 'closed') = (closed_at IS NOT NULL)", "closed_has_a_time"),
        Index(None, "changed_at"),
        Index(None, "created_at", "id"),
        Index(None, "staff_id"),
    )


NEEDS_SCORE = and_(
    ConversationRow.last_customer_at.is_not(None),
    or_(
        ConversationRow.scored_at.is_(None),
        ConversationRow.scored_at < ConversationRow.changed_at,
        ConversationRow.scored_at <= ConversationRow.outdated_at,
    ),
)
"""A conversation to be scored; the index holds only these, however long the history grows."""

Index(
    "ix_conversations_needs_score",
    ConversationRow.changed_at,
    sqlite_where=NEEDS_SCORE,
    postgresql_where=NEEDS_SCORE,
)

IS_PENDING = text("delivery = 'pending'")


class MessageRow(Base):
    __tablename__ = "messages"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[Role] = mapped_column(closed_set(Role, "role"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column()
    client_message_id: Mapped[str | None] = mapped_column(String(128))
    payload: Mapped[str | None] = mapped_column(Text)
    card: Mapped[dict[str, Any] | None] = mapped_column()
    in_reply_to: Mapped[int | None] = mapped_column()
    author: Mapped[str | None] = mapped_column(String(128))
    delivery: Mapped[Delivery | None] = mapped_column(closed_set(Delivery, "delivery"))
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        UniqueConstraint("conversation_id", "client_message_id"),
        CheckConstraint("seq > 0", "seq_positive"),
        CheckConstraint("attempts >= 0", "attempts_not_negative"),
        CheckConstraint("in_reply_to < seq", "reply_comes_after"),
        CheckConstraint(
            "(role = 'customer') = (delivery IS NOT NULL)", "delivery_of_customers_messages"
        ),
        Index(
            "ix_messages_pending",
            "conversation_id",
            "seq",
            sqlite_where=IS_PENDING,
            postgresql_where=IS_PENDING,
        ),
        Index(
            "ix_messages_due",
            "not_before",
            sqlite_where=IS_PENDING,
            postgresql_where=IS_PENDING,
        ),
        Index(None, "conversation_id", "in_reply_to", "seq"),
    )


class ChoiceRow(Base):
    __tablename__ = "choices"

    conversation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column()
    position: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        ForeignKeyConstraint(
            ["conversation_id", "seq"], ["messages.conversation_id", "messages.seq"]
        ),
        UniqueConstraint("conversation_id", "seq", "position"),
        CheckConstraint("position >= 0", "position_not_negative"),
    )


class UnderstandingRow(Base):
    __tablename__ = "understandings"

    conversation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column()
    intent: Mapped[str] = mapped_column(String(64))
    confidence: Mapped[float] = mapped_column()
    complaint: Mapped[bool] = mapped_column()
    category: Mapped[str | None] = mapped_column(String(64))
    secondary: Mapped[list[str]] = mapped_column()
    sentiment: Mapped[float] = mapped_column()
    sentiment_label: Mapped[str] = mapped_column(String(8))
    flags: Mapped[list[str]] = mapped_column()
    severity: Mapped[str] = mapped_column(String(16))
    waiting_hours: Mapped[float | None] = mapped_column()
    language: Mapped[str] = mapped_column(String(8))
    parse: Mapped[dict[str, Any]] = mapped_column()

    __table_args__ = (
        ForeignKeyConstraint(
            ["conversation_id", "seq"], ["messages.conversation_id", "messages.seq"]
        ),
        CheckConstraint("confidence BETWEEN 0 AND 1", "confidence_in_range"),
        CheckConstraint("sentiment BETWEEN -1 AND 1", "sentiment_in_range"),
        Index(None, "at"),  # what was read lately, for the comparison of two models
    )


class ActionRunRow(Base):
    __tablename__ = "action_runs"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    result: Mapped[dict[str, Any]] = mapped_column()
    at: Mapped[datetime] = mapped_column()
