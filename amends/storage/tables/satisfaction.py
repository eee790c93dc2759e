"""What customers were asked and said of us, and what we predict they would say."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from amends.satisfaction.surveys.model import Channel, CsatReason
from amends.storage.base import Base, closed_set


class SurveyRow(Base):
    """The answers of one case; those about a chat without one have an empty `about`."""

    __tablename__ = "surveys"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    about: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    csat: Mapped[int | None] = mapped_column()
    comment: Mapped[str] = mapped_column(Text)
    reason: Mapped[CsatReason | None] = mapped_column(closed_set(CsatReason, "reason"))
    ces: Mapped[int | None] = mapped_column()
    nps: Mapped[int | None] = mapped_column()
    expectation: Mapped[int | None] = mapped_column()
    servqual: Mapped[dict[str, Any]] = mapped_column()
    at: Mapped[datetime] = mapped_column()

    __table_args__ = (
        CheckConstraint("csat BETWEEN 1 AND 5", "csat_in_range"),
        CheckConstraint("ces BETWEEN 1 AND 7", "ces_in_range"),
        CheckConstraint("nps BETWEEN 0 AND 10", "nps_in_range"),
        CheckConstraint("expectation BETWEEN 1 AND 5", "expectation_in_range"),
        CheckConstraint("about = coalesce(case_id, '')", "about_its_case"),
        Index(None, "at"),
    )


class SurveyAskRow(Base):
    __tablename__ = "survey_asks"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    channel: Mapped[Channel] = mapped_column(closed_set(Channel, "channel"))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    questions: Mapped[list[str]] = mapped_column()
    answered: Mapped[list[str]] = mapped_column()
    answered_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        Index(None, "conversation_id", "asked_at"),
        Index(None, "case_id", "asked_at"),
    )


class ScoreRow(Base):
    __tablename__ = "scores"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    satisfaction: Mapped[float] = mapped_column()
    confidence: Mapped[float] = mapped_column()
    dimensions: Mapped[dict[str, float]] = mapped_column()
    drivers: Mapped[list[str]] = mapped_column()
    model: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column()

    __table_args__ = (
        CheckConstraint("satisfaction BETWEEN 1 AND 5", "satisfaction_in_range"),
        CheckConstraint("confidence BETWEEN 0 AND 1", "confidence_in_range"),
        Index(None, "at"),
    )
