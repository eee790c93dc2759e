"""Messages for the outside, written in the transaction that makes them true."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from amends.storage.base import Base, RunningId


class OutboxRow(Base):
    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(RunningId, primary_key=True)
    topic: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(128))
    payload: Mapped[dict[str, Any]] = mapped_column()
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("topic", "key"),)
