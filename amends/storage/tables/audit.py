"""The audit log; triggers refuse to change it and to take anything out."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from amends.storage.base import Base


class AuditRow(Base):
    __tablename__ = "audit"

    # Not handed out by the database: the chain counts, without a gap.
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(96))
    action: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(128))
    data: Mapped[dict[str, Any]] = mapped_column()
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("number > 0", "counts_from_one"),
        CheckConstraint("length(hash) = 64", "has_a_hash"),
        Index(None, "subject_kind", "subject_id"),
    )
