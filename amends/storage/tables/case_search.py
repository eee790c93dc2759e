"""By which words a case is found."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from amends.cases.terms import LONGEST
from amends.storage.base import Base


class CaseTermRow(Base):
    """The case's opening stands in the key, so that one term's cases are read newest first."""

    __tablename__ = "case_terms"

    term: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    # The key is all there is: without a row number beside it SQLite keeps it once.
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  (read by SQLAlchemy, never changed)
