"""What customers said of us, and what we predict they would say."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from amends.storage.base import Base


class SurveyRow(Base):
    __tablename__ = "surveys"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    csat: Mapped[int] = mapped_column()
    comment: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column()

    __table_args__ = (
        CheckConstraint("csat BETWEEN 1 AND 5", "csat_in_range"),
        Index(None, "at"),
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
