"""What may not be erased, what was, and the key to what otherwise never changes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from amends.records.retention import HoldKind, Kind
from amends.storage.base import Base, closed_set

NOT_ENDED = text("ended_at IS NULL")


class LegalHoldRow(Base):
    __tablename__ = "legal_holds"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[HoldKind] = mapped_column(closed_set(HoldKind, "kind"))
    subject: Mapped[str] = mapped_column(String(128))
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(128))
    made_at: Mapped[datetime] = mapped_column()
    ended_by: Mapped[str | None] = mapped_column(String(128))
    ended_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("reason <> ''", "has_a_reason"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", "ended_by_somebody"),
        Index(
            "uq_legal_holds_one_not_ended",
            "kind",
            "subject",
            unique=True,
            sqlite_where=NOT_ENDED,
            postgresql_where=NOT_ENDED,
        ),
    )


class ErasureRow(Base):
    """What of a conversation or a case was erased, and when last."""

    __tablename__ = "erasures"

    kind: Mapped[Kind] = mapped_column(closed_set(Kind, "kind"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column()


class ErasingRow(Base):
    """There only within a transaction that erases; see migration 0023."""

    __tablename__ = "erasing"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    __table_args__ = (CheckConstraint("id = 1", "one_at_a_time"),)
