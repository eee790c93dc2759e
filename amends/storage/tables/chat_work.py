"""What staff write to each other in chats, and who listens in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from amends.storage.base import Base, RunningId


class NoteRow(Base):
    """An internal note; the database refuses to change it."""

    __tablename__ = "handoff_notes"

    id: Mapped[int] = mapped_column(RunningId, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    after_seq: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column()
    author_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("text <> ''", "says_something"),
        CheckConstraint("after_seq >= 0", "after_seq_not_negative"),
        Index(None, "conversation_id", "id"),
        Index(None, "at"),
    )


class ListenerRow(Base):
    __tablename__ = "handoff_listeners"

    handoff_id: Mapped[str] = mapped_column(ForeignKey("handoffs.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    until: Mapped[datetime] = mapped_column()

    __table_args__ = (Index(None, "until"),)
