"""The database of this installation, for commands that only read it."""

from collections.abc import Iterator
from contextlib import contextmanager

from amends.cli.errors import UsageError
from amends.storage import Database, SqlUnitOfWork, StorageError, migrate
from amends.wiring.database import open_database
from amends.wiring.settings import Settings


@contextmanager
def opened(settings: Settings, otherwise: str = "") -> Iterator[Database]:
    """Open the database, to read as many views of it as are needed.

    Args:
        otherwise: what else the user can do where there is none, as ", or give --facts".

    Raises:
        UsageError: It does not answer, or is not of this version.
    """
    _check(settings, otherwise)
    database = open_database(settings)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def reading(settings: Settings, otherwise: str = "") -> Iterator[SqlUnitOfWork]:
    """Open one view of the database; see `opened`."""
    with opened(settings, otherwise) as database, database.read() as uow:
        yield uow


def _check(settings: Settings, otherwise: str) -> None:
    try:
        behind = migrate.is_behind(settings.database_url)
    except StorageError as error:
        raise UsageError(str(error)) from None
    except Exception as error:  # whatever a driver raises
        reason = type(error).__name__
        raise UsageError(
            f"The database cannot be read ({reason}); start it, or correct AMENDS_DATABASE_URL."
        ) from None
    if behind:
        raise UsageError(
            f"There is no database of this version yet; run `amends up` once{otherwise}."
        )
