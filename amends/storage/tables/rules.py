"""Versions of the rules that are changed at the desk; triggers keep them as they are."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from amends.handoff.rule_model import RuleKind
from amends.storage.base import Base, closed_set


class RuleVersionRow(Base):
    __tablename__ = "rule_versions"

    kind: Mapped[RuleKind] = mapped_column(closed_set(RuleKind, "kind"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime] = mapped_column()

    __table_args__ = (
        CheckConstraint("version > 0", "version_counts"),
        CheckConstraint("text <> ''", "says_something"),
    )
