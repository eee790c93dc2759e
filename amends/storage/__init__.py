"""Tables, repositories, unit of work and migrations: the only room that imports SQLAlchemy."""

from amends.storage.database import Database
from amends.storage.errors import Conflict, DatabaseNewerThanCode, StepOutOfOrder, StorageError
from amends.storage.unit_of_work import SqlUnitOfWork

__all__ = [
    "Conflict",
    "Database",
    "DatabaseNewerThanCode",
    "SqlUnitOfWork",
    "StepOutOfOrder",
    "StorageError",
]
