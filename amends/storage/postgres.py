"""Connections to PostgreSQL that notice a lost server and keep what they have prepared."""

import time
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import InvalidatePoolError

BUSY_SECONDS = 10
"""How long a transaction waits for a lock, or for a connection."""

ASKED_AFTER_SECONDS = 1.0
"""A connection that has rested so long is asked for a sign of life before it is used again. Under
load none rests, and none is asked: that would be one statement of every nine. One that breaks while
it is in use costs its transaction alone, and all others are opened anew."""

PREPARED_AT_MOST = 200
"""Statements that a connection keeps prepared; some ninety are used in every conversation."""

LIMITS = {
    "connect_timeout": 5,
    # A server that vanished says nothing: without an answer to what was sent, or to a sign of life
    # every few seconds, it is gone.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "tcp_user_timeout": 10_000,
}
_RESTS_SINCE = "amends_rests_since"


def postgres_engine(url: URL) -> Engine:
    """Return an engine that notices a lost server and never waits for a lock without end."""
    limits = (
        f"-c lock_timeout={BUSY_SECONDS}s -c statement_timeout=30s "
        "-c idle_in_transaction_session_timeout=60s -c timezone=UTC"
    )
    engine = create_engine(
        url,
        connect_args={**LIMITS, "options": limits},
        isolation_level="READ COMMITTED",
        pool_size=10,
        max_overflow=20,
        pool_timeout=BUSY_SECONDS,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "checkin", _rests)
    event.listen(engine, "checkout", _ask)
    return engine


def _prepare(connection: psycopg.Connection, _record: Any) -> None:
    connection.prepared_max = PREPARED_AT_MOST


def _rests(_connection: psycopg.Connection | None, record: Any) -> None:
    record.info[_RESTS_SINCE] = time.monotonic()


def _ask(connection: psycopg.Connection, record: Any, _proxy: Any) -> None:
    since = record.info.get(_RESTS_SINCE)
    if since is None or time.monotonic() - since < ASKED_AFTER_SECONDS:
        return
    try:
        connection.autocommit = True  # a transaction would end with a rollback
        connection.execute("")
        connection.autocommit = False
    except psycopg.Error as error:
        raise InvalidatePoolError from error
