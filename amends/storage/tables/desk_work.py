"""What helps staff at their work: canned replies, and requests beyond one's authority."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from amends.cases.model import Category
from amends.handoff.approval_model import ApprovalState
from amends.storage.base import Base, CategoryWord, PortableJson, category_shape, closed_set

IS_PENDING = text("state = 'pending'")


class CannedReplyRow(Base):
    __tablename__ = "canned_replies"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    titles: Mapped[dict[str, str]] = mapped_column()
    texts: Mapped[dict[str, str]] = mapped_column()
    shortcut: Mapped[str] = mapped_column(String(32), unique=True)
    category: Mapped[Category | None] = mapped_column(CategoryWord)
    active: Mapped[bool] = mapped_column()
    version: Mapped[int] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column()
    changed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        category_shape(),
        CheckConstraint("version > 0", "version_counts"),
        CheckConstraint("shortcut = lower(shortcut) AND shortcut <> ''", "shortcut_lower_case"),
    )


class ApprovalRow(Base):
    """A request; once it is decided on, the database refuses to change it."""

    __tablename__ = "approvals"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    handoff_id: Mapped[str] = mapped_column(ForeignKey("handoffs.id"), index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    option_key: Mapped[str] = mapped_column(String(64))
    remedies: Mapped[list[dict[str, Any]]] = mapped_column(PortableJson)
    asked_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column()
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[ApprovalState] = mapped_column(closed_set(ApprovalState, "state"))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column()
    reason: Mapped[str | None] = mapped_column(Text)
    offer_id: Mapped[str | None] = mapped_column(ForeignKey("offers.id"))

    __table_args__ = (
        CheckConstraint("note <> ''", "has_a_note"),
        CheckConstraint("(state = 'pending') = (decided_at IS NULL)", "decided_at_a_time"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", "decided_by_a_person"),
        CheckConstraint(
            "state = 'pending' OR (decided_by = asked_by) = (state = 'withdrawn')",
            "decided_by_somebody_else",
        ),
        CheckConstraint("(state IN ('refused', 'stale')) = (reason IS NOT NULL)", "reason_why_not"),
        CheckConstraint("(state = 'approved') = (offer_id IS NOT NULL)", "approved_is_granted"),
        Index(
            "uq_approvals_one_pending",
            "case_id",
            "option_key",
            unique=True,
            sqlite_where=IS_PENDING,
            postgresql_where=IS_PENDING,
        ),
        Index(
            "ix_approvals_pending",
            "asked_at",
            sqlite_where=IS_PENDING,
            postgresql_where=IS_PENDING,
        ),
        Index(None, "case_id", "asked_at"),
        Index(None, "decided_at"),
    )
