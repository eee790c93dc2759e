"""Refusals of this room.

StorageError
├── Conflict                a row breaks a constraint: it exists already, or what it names does not
├── MissingRow              a row that was to be changed does not exist
├── StepOutOfOrder          a remedy cannot go from its present state to this step
├── SecretUnreadable        a secret was sealed with another site secret
├── ServerAway              PostgreSQL does not answer, or not yet
├── UnusableUrl             the database URL names no database this room can keep its word on
└── DatabaseNewerThanCode   the database was upgraded by a later version of the program
"""

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, TimeoutError

OUTAGES = (OperationalError, InterfaceError, InternalError, TimeoutError)
"""What is raised while the database is away, too busy or cut off, whatever it was asked."""


class StorageError(Exception):
    """Base of what the storage room refuses."""


class Conflict(StorageError):
    def __init__(self, table: str, reason: str) -> None:
        super().__init__(f"The database refuses this row of {table}: {reason}")
        self.table, self.reason = table, reason


class MissingRow(StorageError):
    def __init__(self, table: str, row_id: str) -> None:
        super().__init__(f"{table} has no row {row_id!r}.")
        self.table, self.row_id = table, row_id


class StepOutOfOrder(StorageError):
    def __init__(self, remedy_id: str, state: str, step: str) -> None:
        super().__init__(f"Remedy {remedy_id} is {state} and cannot become {step}.")
        self.remedy_id, self.state, self.step = remedy_id, state, step


class SecretUnreadable(StorageError):
    def __init__(self, of: str) -> None:
        super().__init__(
            f"The secret of {of} was sealed with another AMENDS_SITE_SECRET. Set the one it was "
            "sealed with, or give that one as AMENDS_SITE_SECRET_BEFORE once."
        )
        self.of = of


class ServerAway(StorageError):
    pass


class UnusableUrl(StorageError):
    pass


class DatabaseNewerThanCode(StorageError):
    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"The database is at revision {found}, which this version does not know "
            f"(its latest is {known}). Start the newer version, or restore an older backup."
        )
        self.found, self.known = found, known
