"""What was changed in the training data; rows stay as they were written."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from amends.storage.base import Base, closed_set
from amends.training.changes import ChangeState, Uncommitted


class TrainingChangeRow(Base):
    __tablename__ = "training_changes"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column()
    by_name: Mapped[str] = mapped_column(String(200))
    by_email: Mapped[str | None] = mapped_column(String(320))
    why: Mapped[str] = mapped_column(Text)
    paths: Mapped[list[str]] = mapped_column()
    patch: Mapped[str] = mapped_column(Text)
    state: Mapped[ChangeState] = mapped_column(closed_set(ChangeState, "state"))
    commit_hash: Mapped[str | None] = mapped_column(String(64))
    uncommitted: Mapped[Uncommitted | None] = mapped_column(closed_set(Uncommitted, "uncommitted"))
    reverts: Mapped[str | None] = mapped_column(ForeignKey("training_changes.id"), index=True)

    __table_args__ = (
        CheckConstraint("why <> ''", "has_a_reason"),
        CheckConstraint("(state = 'committed') = (commit_hash IS NOT NULL)", "committed_as"),
        Index(None, "at", "id"),
    )
