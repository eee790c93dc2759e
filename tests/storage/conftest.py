"""Every contract test of storage runs on SQLite and on PostgreSQL.

PostgreSQL is looked for at AMENDS_TEST_POSTGRES_URL, by default on this machine without password.
Where there is none its tests are skipped, or fail when AMENDS_REQUIRE_SERVICES=1.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from amends.storage import Database
from amends.storage.migrate import upgrade
from amends.storage.tables import METADATA
from tests.support.database import fresh_url
from tests.support.needed import without

POSTGRES = os.environ.get(
    "AMENDS_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)


def run_as_admin(statement: str) -> None:
    engine = create_engine(
        POSTGRES, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3}
    )
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


@contextmanager
def empty_postgres() -> Iterator[str]:
    """Make a database of our own without tables for the block; return its URL."""
    name = f"amends_test_{uuid4().hex[:12]}"
    try:
        run_as_admin(f"CREATE DATABASE {name}")
    except OperationalError as error:
        without(f"no PostgreSQL: {str(error.orig).splitlines()[0]}")
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        run_as_admin(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def empty_postgres_url() -> Iterator[str]:
    """The URL of a database of our own without tables, dropped when the tests are over."""
    with empty_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(empty_postgres_url: str) -> str:
    upgrade(empty_postgres_url)
    return empty_postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a migrated database without rows."""
    if request.param == "sqlite":
        return fresh_url(tmp_path)
    found: str = request.getfixturevalue("postgres_url")
    empty_tables(found)
    return found


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


def empty_tables(url: str) -> None:
    """Delete all rows, also those which triggers keep; truncating takes ten times as long."""
    engine = create_engine(url)
    deletes = "; ".join(f"DELETE FROM {table}" for table in METADATA.tables)
    try:
        with engine.begin() as connection:
            connection.execute(text(f"SET LOCAL session_replication_role = replica; {deletes}"))
    finally:
        engine.dispose()
