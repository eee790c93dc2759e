"""Mails on their way out, and requests for a code to see one's case."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from amends.storage.base import Base

IS_PENDING = text("sent_at IS NULL AND failed_at IS NULL")
HAS_ENDED = text("(sent_at IS NOT NULL OR failed_at IS NOT NULL)")
NOT_HANDLED = text("handled_at IS NULL")


class MailRow(Base):
    """`next_at` of a mail that is being sent is the end of its lease."""

    __tablename__ = "mails"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    recipient: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    tries: Mapped[int] = mapped_column()
    next_at: Mapped[datetime] = mapped_column()
    last_error: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None] = mapped_column()
    failed_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("tries >= 0", "tries_not_negative"),
        CheckConstraint("sent_at IS NULL OR failed_at IS NULL", "has_one_end"),
        Index("ix_mails_pending", "next_at", sqlite_where=IS_PENDING, postgresql_where=IS_PENDING),
    )


class AccessRequestRow(Base):
    __tablename__ = "access_requests"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[str] = mapped_column(String(32))
    email: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    handled_at: Mapped[datetime | None] = mapped_column()
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    code_hash: Mapped[str | None] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("tries >= 0", "tries_not_negative"),
        CheckConstraint("code_hash IS NULL OR case_id IS NOT NULL", "code_of_a_case"),
        Index(None, "case_id", "asked_at"),
        Index(
            "ix_access_requests_unhandled",
            "asked_at",
            sqlite_where=NOT_HANDLED,
            postgresql_where=NOT_HANDLED,
        ),
    )
