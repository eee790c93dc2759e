"""Who waits for a person."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from amends.handoff.model import Channel, HandoffState
from amends.storage.base import Base, closed_set

NOT_ENDED = text("state <> 'ended'")
IS_WAITING = text("state = 'waiting'")
IS_CLAIMED = text("state = 'claimed'")
IS_RETURNED = text("outcome = 'returned_to_bot'")


class HandoffRow(Base):
    __tablename__ = "handoffs"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    state: Mapped[HandoffState] = mapped_column(closed_set(HandoffState, "state"))
    priority: Mapped[int] = mapped_column()
    reasons: Mapped[list[str]] = mapped_column()
    requested_at: Mapped[datetime] = mapped_column()
    answer_due_at: Mapped[datetime] = mapped_column()
    limit_due_at: Mapped[datetime] = mapped_column()
    claimed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    claimed_at: Mapped[datetime | None] = mapped_column()
    first_answer_at: Mapped[datetime | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    outcome: Mapped[str | None] = mapped_column(String(32))
    contact_channel: Mapped[Channel | None] = mapped_column(closed_set(Channel, "contact_channel"))
    contact_address: Mapped[str | None] = mapped_column(Text)
    late_told_at: Mapped[datetime | None] = mapped_column()
    limit_told_at: Mapped[datetime | None] = mapped_column()
    taken_from: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    taken_at: Mapped[datetime | None] = mapped_column()
    passed_note: Mapped[str | None] = mapped_column(Text)
    passed_at: Mapped[datetime | None] = mapped_column()
    passed_until: Mapped[datetime | None] = mapped_column()
    passed_to: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    passed_language: Mapped[str | None] = mapped_column(String(8))
    passed_skill: Mapped[str | None] = mapped_column(String(64))
    was_needed: Mapped[bool | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("priority BETWEEN 1 AND 4", "priority_in_range"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", "ended_has_a_time"),
        CheckConstraint(
            "state <> 'claimed' OR (claimed_by IS NOT NULL AND claimed_at IS NOT NULL)",
            "claimed_by_a_person",
        ),
        CheckConstraint("state <> 'waiting' OR claimed_by IS NULL", "waiting_is_unclaimed"),
        CheckConstraint(
            "contact_address IS NULL OR contact_channel IS NOT NULL", "address_of_a_channel"
        ),
        CheckConstraint("(taken_from IS NULL) = (taken_at IS NULL)", "taken_at_a_time"),
        CheckConstraint("passed_at IS NULL OR state = 'claimed'", "passed_on_by_its_person"),
        CheckConstraint(
            "(passed_at IS NULL) = (passed_until IS NULL) "
            "AND (passed_at IS NULL) = (passed_note IS NULL)",
            "passed_with_a_note",
        ),
        CheckConstraint("passed_to IS NULL OR passed_to <> claimed_by", "passed_to_another"),
        CheckConstraint(
            "(passed_at IS NULL) = "
            "(passed_to IS NULL AND passed_language IS NULL AND passed_skill IS NULL)",
            "passed_to_somebody",
        ),
        Index(
            "uq_handoffs_one_not_ended",
            "conversation_id",
            unique=True,
            sqlite_where=NOT_ENDED,
            postgresql_where=NOT_ENDED,
        ),
        Index(None, "conversation_id", "requested_at"),
        Index(None, "claimed_at"),
        Index(
            "ix_handoffs_returned",
            "ended_at",
            sqlite_where=IS_RETURNED,
            postgresql_where=IS_RETURNED,
        ),
        Index(
            "ix_handoffs_waiting",
            "priority",
            "requested_at",
            sqlite_where=IS_WAITING,
            postgresql_where=IS_WAITING,
        ),
        Index(
            "ix_handoffs_claimed",
            "claimed_by",
            sqlite_where=IS_CLAIMED,
            postgresql_where=IS_CLAIMED,
        ),
    )
