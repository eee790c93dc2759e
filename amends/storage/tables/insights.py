"""One row of facts per conversation, for figures; see `amends.insights.facts`."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from amends.storage.base import Base, MinorUnits


class ConversationFactsRow(Base):
    __tablename__ = "conversation_facts"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column()
    day: Mapped[int] = mapped_column()
    language: Mapped[str] = mapped_column(String(8))
    messages: Mapped[int] = mapped_column()
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    case_number: Mapped[str | None] = mapped_column(String(32))
    category: Mapped[str | None] = mapped_column(String(64))
    root_cause: Mapped[str | None] = mapped_column(String(64))
    severity: Mapped[str | None] = mapped_column(String(16))
    result: Mapped[str] = mapped_column(String(32))
    repeat: Mapped[bool] = mapped_column()
    warehouse: Mapped[str | None] = mapped_column(String(64))
    carrier: Mapped[str | None] = mapped_column(String(64))
    product: Mapped[str | None] = mapped_column(String(64))
    handed_off: Mapped[bool] = mapped_column()
    handoff_reason: Mapped[str | None] = mapped_column(String(128))
    handoff_right: Mapped[bool | None] = mapped_column()
    answer_mark: Mapped[str | None] = mapped_column(String(16))
    first_answer_seconds: Mapped[float | None] = mapped_column()
    person_answer_seconds: Mapped[float | None] = mapped_column()
    resolution_seconds: Mapped[float | None] = mapped_column()
    promises_kept: Mapped[int] = mapped_column()
    promises_broken: Mapped[int] = mapped_column()
    remedy_kind: Mapped[str | None] = mapped_column(String(64))
    currency: Mapped[str | None] = mapped_column(String(3))
    remedy_minor: Mapped[int] = mapped_column(MinorUnits)
    survey_asked: Mapped[bool] = mapped_column()
    csat: Mapped[int | None] = mapped_column()
    csat_reason: Mapped[str | None] = mapped_column(String(32))
    ces: Mapped[int | None] = mapped_column()
    nps: Mapped[int | None] = mapped_column()
    expectation: Mapped[int | None] = mapped_column()
    felt_reliability: Mapped[int | None] = mapped_column()
    felt_responsiveness: Mapped[int | None] = mapped_column()
    felt_assurance: Mapped[int | None] = mapped_column()
    felt_empathy: Mapped[int | None] = mapped_column()
    felt_tangibles: Mapped[int | None] = mapped_column()
    predicted: Mapped[float] = mapped_column()
    confidence: Mapped[float] = mapped_column()
    outcome: Mapped[float] = mapped_column()
    process: Mapped[float] = mapped_column()
    treatment: Mapped[float] = mapped_column()
    reliability: Mapped[float] = mapped_column()
    responsiveness: Mapped[float] = mapped_column()
    assurance: Mapped[float] = mapped_column()
    empathy: Mapped[float] = mapped_column()
    tangibles: Mapped[float] = mapped_column()
    mood_start: Mapped[float | None] = mapped_column()
    mood_end: Mapped[float | None] = mapped_column()
    review: Mapped[str] = mapped_column(String(32))
    review_share: Mapped[float | None] = mapped_column()
    without_remedy: Mapped[float] = mapped_column()
    exception_minor: Mapped[int] = mapped_column(MinorUnits)

    __table_args__ = (
        CheckConstraint("predicted BETWEEN 1 AND 5", "predicted_in_range"),
        CheckConstraint("remedy_minor >= 0", "remedy_not_negative"),
        Index(None, "started_at", "conversation_id"),
    )
