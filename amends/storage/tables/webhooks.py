"""Who hears of events, and what became of each delivery."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from amends.storage.base import Base, RunningId

IS_PENDING = text("delivered_at IS NULL AND failed_at IS NULL")
HAS_FAILED = text("failed_at IS NOT NULL")


class WebhookEndpointRow(Base):
    __tablename__ = "webhook_endpoints"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column()
    active: Mapped[bool] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    description: Mapped[str] = mapped_column(Text)


class WebhookDeliveryRow(Base):
    """One event for one endpoint. `next_at` of one that is being tried is the end of its lease."""

    __tablename__ = "webhook_deliveries"

    endpoint_id: Mapped[str] = mapped_column(
        ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    outbox_id: Mapped[int] = mapped_column(
        RunningId, ForeignKey("outbox.id", ondelete="CASCADE"), index=True
    )
    attempts: Mapped[int] = mapped_column()
    next_at: Mapped[datetime] = mapped_column()
    last_status: Mapped[int | None] = mapped_column()
    last_error: Mapped[str | None] = mapped_column(Text)
    delivered_at: Mapped[datetime | None] = mapped_column()
    failed_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("attempts >= 0", "attempts_not_negative"),
        CheckConstraint("delivered_at IS NULL OR failed_at IS NULL", "has_one_end"),
        Index(None, "endpoint_id", "outbox_id"),
        Index(
            "ix_webhook_deliveries_pending",
            "endpoint_id",
            "next_at",
            sqlite_where=IS_PENDING,
            postgresql_where=IS_PENDING,
        ),
        Index(
            "ix_webhook_deliveries_failed",
            "endpoint_id",
            "failed_at",
            sqlite_where=HAS_FAILED,
            postgresql_where=HAS_FAILED,
        ),
    )
