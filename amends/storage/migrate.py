"""Bringing a database to the shape this version of the program needs.

Any number of processes may call `upgrade` at once: one works, the others wait and find it done.
All steps run in one transaction, so a failed upgrade leaves the database as it was.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from amends.storage import programs
from amends.storage.database import is_sqlite, parse_url, sqlite_engine
from amends.storage.errors import DatabaseNewerThanCode, ServerAway
from amends.storage.postgres import postgres_engine

MIGRATIONS = Path(__file__).with_name("migrations")
UPGRADE_LOCK = 0x75706772616465


def upgrade(url: str) -> str:
    """Apply the missing steps and return the revision that this version needs.

    Raises:
        DatabaseNewerThanCode: a later version of the program upgraded the database before, and
            this one cannot run beside it.
        UnusableUrl: the URL names no database of a known kind.
    """
    config = alembic_config()
    with exclusive_connection(url) as connection:
        if not _is_newer(connection):
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            programs.note(connection, programs.running_beside(_scripts()))
            connection.commit()
    return latest()


def current(url: str) -> str | None:
    """Return the revision, None before the first upgrade. Changes and locks nothing."""
    with _reading(url) as connection:
        return None if connection is None else _revision(connection)


def server_version(url: str) -> str:
    """Return what keeps the database, such as "SQLite 3.45.1" or "PostgreSQL 16.2"."""
    parsed = parse_url(url)
    if is_sqlite(parsed):
        return f"SQLite {sqlite3.sqlite_version}"
    engine = postgres_engine(parsed)
    try:
        with engine.connect() as connection:
            told = connection.execute(text("SHOW server_version")).scalar_one()
            return f"PostgreSQL {str(told).split()[0]}"
    finally:
        engine.dispose()


def is_behind(url: str) -> bool:
    """Tell whether `upgrade` has something to do.

    Raises:
        DatabaseNewerThanCode: a later version of the program upgraded the database before, and
            this one cannot run beside it.
    """
    with _reading(url) as connection:
        if connection is None:
            return True
        return not _is_newer(connection) and _revision(connection) != latest()


def latest() -> str:
    """Return the revision this version of the program needs."""
    head = _scripts().get_current_head()
    assert head is not None
    return head


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def server_needed(url: str) -> Iterator[None]:
    """Tell a server that does not answer from every other failure.

    Raises:
        ServerAway: PostgreSQL does not answer.
    """
    try:
        yield
    except OperationalError as error:
        if is_sqlite(parse_url(url)):
            raise
        raise ServerAway(str(error.orig).partition("\n")[0]) from None


@contextmanager
def exclusive_connection(url: str) -> Iterator[Connection]:
    """A connection in a transaction that no other upgrade runs beside."""
    parsed = parse_url(url)
    on_sqlite = is_sqlite(parsed)
    engine = sqlite_engine(parsed, writes=True) if on_sqlite else postgres_engine(parsed)
    try:
        with engine.connect() as connection:
            if not on_sqlite:
                connection.execute(text("SET LOCAL lock_timeout = '5min'"))
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK}
                )
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _reading(url: str) -> Iterator[Connection | None]:
    """A connection that changes and locks nothing; None where no database was made yet."""
    parsed = parse_url(url)
    on_sqlite = is_sqlite(parsed)
    if on_sqlite and not Path(parsed.database or "").is_file():
        yield None
        return
    engine = sqlite_engine(parsed, writes=False) if on_sqlite else postgres_engine(parsed)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _is_newer(connection: Connection) -> bool:
    """Tell whether a later version upgraded the database, and lets this one run beside it.

    Raises:
        DatabaseNewerThanCode: it does not.
    """
    found = _revision(connection)
    known = {script.revision for script in _scripts().walk_revisions()}
    if found is None or found in known:
        return False
    if not programs.may_run(connection, latest()):
        raise DatabaseNewerThanCode(found, latest())
    return True


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
