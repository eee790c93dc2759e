"""The ledger: decisions as taken, offers as made, remedies and their steps.

Rows are added. Only a remedy's `state` (its latest step) and `code` change; the database refuses
every other change and every removal.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from amends.compensation.model import Step
from amends.storage.base import Base, MinorUnits, closed_set


class Outcome(StrEnum):
    REMEDY = "remedy"
    NONE = "none"
    PERSON = "person"


class Recovery(StrEnum):
    COMPENSATORY = "compensatory"
    CORRECTIVE = "corrective"
    RELATIONAL = "relational"


class Part(StrEnum):
    ENTITLEMENT = "entitlement"
    GOODWILL = "goodwill"


class DecisionRow(Base):
    __tablename__ = "decisions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column()
    policy: Mapped[str] = mapped_column(String(128))
    version: Mapped[str] = mapped_column(String(128))
    role: Mapped[str] = mapped_column(String(32))
    rung: Mapped[int] = mapped_column()
    facts: Mapped[dict[str, Any]] = mapped_column()
    outcome: Mapped[Outcome] = mapped_column(closed_set(Outcome, "outcome"))
    decision: Mapped[dict[str, Any]] = mapped_column()

    __table_args__ = (
        CheckConstraint("rung >= 0", "rung_not_negative"),
        Index(None, "case_id", "at"),
        Index(None, "at"),
    )


class OfferRow(Base):
    __tablename__ = "offers"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    decision_id: Mapped[str] = mapped_column(ForeignKey("decisions.id"), index=True)
    rung: Mapped[int] = mapped_column()
    made_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    made_by: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("rung >= 0", "rung_not_negative"),
        CheckConstraint("expires_at >= made_at", "expires_after_it_is_made"),
        Index(None, "case_id", "made_at"),
    )


IS_GOODWILL = text("part = 'goodwill'")


class RemedyRow(Base):
    __tablename__ = "remedies"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    offer_id: Mapped[str] = mapped_column(ForeignKey("offers.id"))
    position: Mapped[int] = mapped_column()
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    alternative: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(64))
    recovery: Mapped[Recovery] = mapped_column(closed_set(Recovery, "recovery"))
    part: Mapped[Part] = mapped_column(closed_set(Part, "part"))
    amount_minor: Mapped[int | None] = mapped_column(MinorUnits)
    currency: Mapped[str | None] = mapped_column(String(3))
    clauses: Mapped[list[str]] = mapped_column()
    title: Mapped[dict[str, str]] = mapped_column()
    due_days: Mapped[int | None] = mapped_column()
    state: Mapped[Step] = mapped_column(closed_set(Step, "state"))
    customer_key: Mapped[str] = mapped_column(String(128))
    order_number: Mapped[str | None] = mapped_column(String(32))
    code: Mapped[str | None] = mapped_column(String(128))
    made_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()

    __table_args__ = (
        UniqueConstraint("offer_id", "position"),
        CheckConstraint("amount_minor >= 0", "amount_not_negative"),
        CheckConstraint("(amount_minor IS NULL) = (currency IS NULL)", "amount_has_a_currency"),
        CheckConstraint("alternative >= 0", "alternative_not_negative"),
        CheckConstraint("due_days >= 0", "due_days_not_negative"),
        Index(None, "state", "made_at"),
        Index(None, "state", "expires_at"),
        Index(None, "code", unique=True),
        Index(None, "order_number"),
        Index(
            "ix_remedies_goodwill_of_customer",
            "customer_key",
            "made_at",
            sqlite_where=IS_GOODWILL,
            postgresql_where=IS_GOODWILL,
        ),
    )


class RemedyStepRow(Base):
    __tablename__ = "remedy_steps"

    remedy_id: Mapped[str] = mapped_column(ForeignKey("remedies.id"), primary_key=True)
    step: Mapped[Step] = mapped_column(closed_set(Step, "step"), primary_key=True)
    at: Mapped[datetime] = mapped_column()
    actor: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any] | None] = mapped_column()

    __table_args__ = (Index(None, "at"),)


class RetryRow(Base):
    """A remedy that the company's system could not carry out yet; gone once it did."""

    __tablename__ = "remedy_retries"

    remedy_id: Mapped[str] = mapped_column(ForeignKey("remedies.id"), primary_key=True)
    tries: Mapped[int] = mapped_column()
    first_failed_at: Mapped[datetime] = mapped_column()
    next_at: Mapped[datetime] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)
    person_asked_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (CheckConstraint("tries > 0", "tries_positive"),)
