"""Cases, their timeline, and the promise ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from amends.cases.model import CaseStatus, Category, NextStep, PromiseState, Wish
from amends.cases.root_causes import RootCause
from amends.handoff.model import Severity
from amends.storage.base import Base, CategoryWord, RunningId, category_shape, closed_set

NOT_CLOSED = text("closed_at IS NULL")
NOT_INDEXED = text("indexed_at IS NULL")


class CaseRow(Base):
    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    category: Mapped[Category] = mapped_column(CategoryWord)
    status: Mapped[CaseStatus] = mapped_column(closed_set(CaseStatus, "status"))
    opened_at: Mapped[datetime] = mapped_column()
    opened_by_seq: Mapped[int] = mapped_column()
    owner: Mapped[str] = mapped_column(String(64))
    next_step: Mapped[NextStep] = mapped_column(closed_set(NextStep, "next_step"))
    secondary: Mapped[list[str]] = mapped_column()
    severity: Mapped[Severity] = mapped_column(closed_set(Severity, "severity"))
    flags: Mapped[list[str]] = mapped_column()
    customer_id: Mapped[str | None] = mapped_column(String(128))
    order_number: Mapped[str | None] = mapped_column(String(32))
    item: Mapped[str | None] = mapped_column(Text)
    what_happened: Mapped[str | None] = mapped_column(Text)
    wish: Mapped[Wish | None] = mapped_column(closed_set(Wish, "wish"))
    wish_text: Mapped[str | None] = mapped_column(Text)
    repeat_complaint: Mapped[bool] = mapped_column()
    outcome: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column()
    root_cause: Mapped[RootCause | None] = mapped_column(closed_set(RootCause, "root_cause"))
    resolution_due_at: Mapped[datetime | None] = mapped_column()
    # The last change of its conversation that its terms know; none when they are to be gathered.
    indexed_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        category_shape(),
        CheckConstraint("owner <> ''", "has_an_owner"),
        CheckConstraint("opened_by_seq > 0", "opened_by_a_message"),
        Index(None, "conversation_id", "opened_at"),
        Index(None, "customer_id", "opened_at"),
        Index(None, "order_number", "opened_at"),
        Index(None, "status", "opened_at"),
        Index(None, "category", "opened_at"),
        Index(None, "root_cause", "opened_at"),
        Index(None, "owner", "opened_at"),
        Index(None, "opened_at", "id"),
        Index(None, "status", "closed_at", "id"),
        Index(
            "ix_cases_due",
            "resolution_due_at",
            "id",
            sqlite_where=NOT_CLOSED,
            postgresql_where=NOT_CLOSED,
        ),
        Index(
            "ix_cases_not_indexed",
            "opened_at",
            sqlite_where=NOT_INDEXED,
            postgresql_where=NOT_INDEXED,
        ),
    )


class CaseEntryRow(Base):
    """One line of the timeline; the database refuses to change it."""

    __tablename__ = "case_entries"

    id: Mapped[int] = mapped_column(RunningId, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column()
    actor: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column()

    __table_args__ = (Index(None, "case_id", "id"),)


IS_OPEN = text("state = 'open'")


class PromiseRow(Base):
    __tablename__ = "promises"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    what: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime] = mapped_column()
    made_at: Mapped[datetime] = mapped_column()
    made_by: Mapped[str] = mapped_column(String(64))
    state: Mapped[PromiseState] = mapped_column(closed_set(PromiseState, "state"))
    remedy_id: Mapped[str | None] = mapped_column(ForeignKey("remedies.id"), index=True)
    ended_at: Mapped[datetime | None] = mapped_column()
    replaces: Mapped[str | None] = mapped_column(ForeignKey("promises.id"), index=True, unique=True)

    __table_args__ = (
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", "ended_has_a_time"),
        Index("ix_promises_due", "due_at", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )
