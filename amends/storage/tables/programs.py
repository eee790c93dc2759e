"""Which versions of the program may run on the database as it is."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from amends.storage.base import Base


class ProgramRow(Base):
    """A program whose latest migration this is runs on this database; see `storage.programs`."""

    __tablename__ = "programs"

    revision: Mapped[str] = mapped_column(String(32), primary_key=True)
