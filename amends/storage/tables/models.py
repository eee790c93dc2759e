"""Trained models: what was found about them, which one answers, and what a candidate would say.

Triggers keep examinations and promotions as they were written.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from amends.storage.base import Base, closed_set
from amends.training.promotion.model import PromotionKind, WorkState


class ModelExaminationRow(Base):
    __tablename__ = "model_examinations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[str] = mapped_column(String(128))
    against: Mapped[str | None] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column()
    by: Mapped[str] = mapped_column(String(128))
    record: Mapped[dict[str, Any]] = mapped_column()

    __table_args__ = (Index(None, "model", "at"),)


class ModelPromotionRow(Base):
    __tablename__ = "model_promotions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    model: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column()
    # Whose name it is: a member of staff's id, or who typed the command.
    by: Mapped[str] = mapped_column(String(128))
    reason: Mapped[str] = mapped_column(Text)
    kind: Mapped[PromotionKind] = mapped_column(closed_set(PromotionKind, "kind"))
    replaced: Mapped[str | None] = mapped_column(String(128))
    examination_id: Mapped[str | None] = mapped_column(ForeignKey("model_examinations.id"))

    __table_args__ = (CheckConstraint("number > 0", "number_counts"),)


class ModelWorkRow(Base):
    __tablename__ = "model_work"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    # 1 while the work is open, nothing once it has ended: so at most one is open.
    slot: Mapped[int | None] = mapped_column()
    model: Mapped[str | None] = mapped_column(String(128))
    folds: Mapped[int] = mapped_column()
    asked_at: Mapped[datetime] = mapped_column()
    asked_by: Mapped[str] = mapped_column(String(128))
    state: Mapped[WorkState] = mapped_column(closed_set(WorkState, "state"))
    holder: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column()
    attempts: Mapped[int] = mapped_column()
    started_at: Mapped[datetime | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    steps: Mapped[list[Any]] = mapped_column(JSON(none_as_null=True))
    cancel_wanted: Mapped[bool] = mapped_column()
    error: Mapped[str] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(String(128))
    examination_id: Mapped[str | None] = mapped_column(ForeignKey("model_examinations.id"))

    __table_args__ = (
        UniqueConstraint("slot"),
        CheckConstraint("(state IN ('waiting', 'running')) = (slot IS NOT NULL)", "open_has_slot"),
        CheckConstraint("slot = 1", "one_slot"),
        Index(None, "asked_at"),
    )


class ModelServingRow(Base):
    __tablename__ = "model_serving"

    engine: Mapped[str] = mapped_column(String(255), primary_key=True)
    model: Mapped[str | None] = mapped_column(String(128))
    wanted: Mapped[str | None] = mapped_column(String(128))
    error: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column()


class ModelShadowRow(Base):
    __tablename__ = "model_shadows"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    slot: Mapped[int | None] = mapped_column()
    model: Mapped[str] = mapped_column(String(128))
    since: Mapped[datetime] = mapped_column()
    by: Mapped[str] = mapped_column(String(128))
    until: Mapped[datetime | None] = mapped_column()
    lease_until: Mapped[datetime | None] = mapped_column()
    error: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("slot"),
        CheckConstraint("(until IS NULL) = (slot IS NOT NULL)", "open_has_slot"),
        CheckConstraint("slot = 1", "one_slot"),
        Index(None, "since"),
    )


class ShadowReadingRow(Base):
    """No words of customers: those stay in the message log, and may be deleted there."""

    __tablename__ = "shadow_readings"

    shadow_id: Mapped[str] = mapped_column(ForeignKey("model_shadows.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column()
    agrees: Mapped[bool] = mapped_column()
    live: Mapped[dict[str, Any]] = mapped_column()
    shadow: Mapped[dict[str, Any]] = mapped_column()

    __table_args__ = (Index(None, "shadow_id", "agrees", "at"),)
