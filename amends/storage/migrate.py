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

from amends.storage.database import is_sqlite, parse_url, postgres_engine, sqlite_engine
from amends.storage.errors import DatabaseNewerThanCode, ServerAway

MIGRATIONS = Path(__file__).with_name("migrations")
UPGRADE_LOCK = 0x75706772616465


def upgrade(url: str) -> str:
    """Apply the missing steps and return the revision reached.

    Raises:
        DatabaseNewerThanCode: a later version of the program upgraded the database before.
        UnusableUrl: the URL names no database of a known kind.
    """
    config = alembic_config()
    with exclusive_connection(url) as connection:
        _refuse_newer(_revision(connection))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    return latest()


def current(url: str) -> str | None:
    """Return the revision, None before the first upgrade. Changes and locks nothing."""
    parsed = parse_url(url)
    if not is_sqlite(parsed):
        engine = postgres_engine(parsed)
    elif Path(parsed.database or "").is_file():
        engine = sqlite_engine(parsed, writes=False)
    else:
        return None
    try:
        with engine.connect() as connection:
            return _revision(connection)
    finally:
        engine.dispose()


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
        DatabaseNewerThanCode: a later version of the program upgraded the database before.
    """
    found = current(url)
    _refuse_newer(found)
    return found != latest()


def latest() -> str:
    """Return the revision this version of the program needs."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
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


def _refuse_newer(found: str | None) -> None:
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseNewerThanCode(found, latest())


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
