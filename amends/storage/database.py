"""Opening the database so that what is committed stays, on SQLite and on PostgreSQL.

SQLite: write-ahead log, foreign keys on, and `synchronous=FULL`. With NORMAL a commit in WAL mode
reaches the disk only at the next checkpoint: a power cut could take back a message that the
customer was told we have. FULL syncs the log at each commit.

Writers queue. Within a process there is one write connection, handed out in order of arrival;
between processes BEGIN IMMEDIATE waits for the file's write lock. Neither ever fails half-way
because a read had to become a write.
"""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

from amends.storage.audit.recording import RecordedSession
from amends.storage.changed import HEARERS, Hear
from amends.storage.errors import UnusableUrl
from amends.storage.postgres import BUSY_SECONDS, postgres_engine
from amends.storage.repositories.base import VAULT
from amends.storage.unit_of_work import SqlUnitOfWork
from amends.storage.vault import Vault

SCHEMES = ("sqlite:///<file>", "postgresql+psycopg://<user>@<host>/<database>")


class Database:
    """The application's database; one per process, used from any thread.

    `write()` and `read()` are blocks: `with db.write() as uow: ...; uow.commit()`.
    """

    def __init__(self, url: str, secret: str = "", secret_before: str = "") -> None:
        """Open nothing yet: the first block connects.

        Args:
            url: Where the database is.
            secret: The site's, for whoever reads or writes secrets that are kept in the database.
            secret_before: The site's secret of before, when it was changed.

        Raises:
            UnusableUrl: the URL names no file or no server of a known kind.
        """
        self.url = parse_url(url)
        if is_sqlite(self.url):
            self._writer = sqlite_engine(self.url, writes=True)
            self._reader = sqlite_engine(self.url, writes=False)
        else:
            self._writer = postgres_engine(self.url)
            self._reader = self._writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._hearers: list[Hear] = []
        info = {VAULT: Vault(secret, secret_before), HEARERS: self._hearers}
        self._write_sessions = _sessions(self._writer, info, RecordedSession)
        self._read_sessions = _sessions(self._reader, info)

    def write(self) -> SqlUnitOfWork:
        """A transaction that may change things; SQLite has one at a time."""
        return SqlUnitOfWork(self._write_sessions)

    def read(self) -> SqlUnitOfWork:
        """One consistent view of the data, which waits for no writer and cannot change anything."""
        return SqlUnitOfWork(self._read_sessions, reads_only=True)

    def on_change(self, hear: Hear) -> None:
        """Let someone hear of each conversation that a commit of this process has changed."""
        self._hearers.append(hear)

    def connections(self) -> dict[str, tuple[int, int]]:
        """Return of each pool of this process how many connections are in use, and of how many.

        On PostgreSQL readers and writers share one pool.
        """
        pools = {"writer": self._writer.pool}
        if is_sqlite(self.url):
            pools["reader"] = self._reader.pool
        return {
            name: (pool.checkedout(), pool.size() + pool._max_overflow)
            for name, pool in pools.items()
            if isinstance(pool, QueuePool)
        }

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()


def parse_url(url: str) -> URL:
    """Return the URL, completed with the driver.

    Raises:
        UnusableUrl: it names no file or no server of a known kind.
    """
    try:
        parsed = make_url(url)
    except Exception as error:
        raise UnusableUrl(f"{url!r} is not a database URL; use {' or '.join(SCHEMES)}.") from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise UnusableUrl(f"{backend} is not supported; use {' or '.join(SCHEMES)}.")
    if parsed.database in (None, "", ":memory:"):
        raise UnusableUrl("A database in memory would lose messages; name a file: sqlite:///<file>")
    return parsed


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def sqlite_engine(url: URL, *, writes: bool) -> Engine:
    """Return an engine whose transactions are BEGIN IMMEDIATE (writes) or query-only."""
    assert url.database is not None
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    pool = {"pool_size": 1, "max_overflow": 0} if writes else {"pool_size": 8, "max_overflow": 32}
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        pool_timeout=BUSY_SECONDS,
        **pool,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if not writes:
            connection.execute("PRAGMA query_only = ON")
        else:
            # What is erased is overwritten within its page, not only forgotten.
            connection.execute("PRAGMA secure_delete = FAST")

    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; the file remembers it.

    The switch does not honour the busy timeout, so two processes that open a new file at the same
    moment would see one of them fail.
    """
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _sessions(
    engine: Engine, info: dict[Any, Any], kind: type[Session] = Session
) -> sessionmaker[Session]:
    return sessionmaker(engine, class_=kind, expire_on_commit=False, autoflush=False, info=info)
