"""How conversations stand in a help desk of the company's own."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from amends.handoff.help_desk import ChatState
from amends.storage.base import Base, closed_set

IS_NOT_CLOSED = text("state <> 'closed'")


class HelpDeskChatRow(Base):
    __tablename__ = "help_desk_chats"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    handoff_id: Mapped[str] = mapped_column(ForeignKey("handoffs.id"))
    state: Mapped[ChatState] = mapped_column(closed_set(ChatState, "state"))
    rounds: Mapped[int] = mapped_column()
    sent_seq: Mapped[int] = mapped_column()
    next_at: Mapped[datetime] = mapped_column()
    tries: Mapped[int] = mapped_column()
    external_id: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None] = mapped_column()
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("rounds >= 0", "rounds_not_negative"),
        CheckConstraint("sent_seq >= 0", "sent_seq_not_negative"),
        CheckConstraint("tries >= 0", "tries_not_negative"),
        Index(
            "ix_help_desk_chats_not_closed",
            "next_at",
            sqlite_where=IS_NOT_CLOSED,
            postgresql_where=IS_NOT_CLOSED,
        ),
    )
