"""Rasa's SQL tracker store (3.6.21), with the same table and content in a third of the time.

* Rasa counts the stored events before each save, through an object mapper, one INSERT per event.
  The count is known from loading, and one INSERT takes all new events.
* Rasa saves a new conversation before anything happened in it: a transaction for nothing.
* On SQLite it opens the file anew for each use and syncs it three times per commit. One
  connection stays open, with a write-ahead log that is synced at each commit: as durable.
* On PostgreSQL, which several engines share, nothing is saved over what another engine has saved
  since it was loaded. Their lock (`bot.lock_store`) keeps them apart; this holds without it too.
  No engine waits for the server without end, and none that vanished keeps the others waiting.
* Rasa hides a store that fails: it answers from an empty dialogue, and saves in memory. Here the
  turn fails with `StoreLostError`, and the gateway sends the message again.

`tests/bot/test_tracker_store.py` compares with Rasa's own methods.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import rasa.core.tracker_store as rasas
import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

STORED_EVENTS = "_amends_stored_events"
LAST_ID = "_amends_last_id"
LOST = "_amends_lost"
POSTGRES_LIMITS: dict[str, Any] = {
    "connect_timeout": 5,
    # Without an answer to what was sent, or to a sign of life every few seconds, it is gone.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "tcp_user_timeout": 10_000,
}
POSTGRES_OPTIONS = (
    "-c lock_timeout=5s -c statement_timeout=10s -c idle_in_transaction_session_timeout=15s"
)
# What a database raises that is away, too busy or cut off, whatever it was asked.
AWAY = (
    sa.exc.OperationalError,
    sa.exc.InterfaceError,
    sa.exc.InternalError,
    sa.exc.TimeoutError,
)
_original_kwargs = rasas.create_engine_kwargs
_original_init = SQLTrackerStore.__init__
_original_retrieve = SQLTrackerStore._retrieve
_original_save = SQLTrackerStore.save

_events = SQLTrackerStore.SQLEvent.__table__
_of_sender = _events.c.sender_id == sa.bindparam("sender")
_session_start = (
    sa.select(sa.func.max(_events.c.timestamp))
    .where(_of_sender, _events.c.type_name == SessionStarted.type_name)
    .scalar_subquery()
)
_last_id = sa.select(sa.func.coalesce(sa.func.max(_events.c.id), 0)).where(_of_sender)
_all_sessions = (
    sa.select(_events.c.data, _last_id.scalar_subquery().label("last_id"))
    .where(_of_sender)
    .order_by(_events.c.id)
)
_latest_session = _all_sessions.where(_events.c.timestamp >= sa.func.coalesce(_session_start, 0))
_lock_sender = sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(sa.bindparam("sender"))))


class SavedElsewhereError(Exception):
    """Another engine has taken a turn of this conversation since it was loaded."""


class StoreLostError(Exception):
    """The database of the dialogues gave no answer; nothing was saved."""


def _engine_kwargs(url: Any) -> dict[str, Any]:
    """Return what Rasa makes its engine with; on PostgreSQL, which stays within limits.

    What the URL itself says on a limit holds.
    """
    kwargs: dict[str, Any] = _original_kwargs(url)
    if not rasas.is_postgresql_url(url):
        return kwargs
    given = sa.engine.make_url(url).query
    own = kwargs.get("connect_args", {})
    options = (POSTGRES_OPTIONS, own.get("options"), given.get("options"))
    limits = {name: value for name, value in POSTGRES_LIMITS.items() if name not in given}
    limits["options"] = " ".join(one for one in options if one)
    return {**kwargs, "connect_args": own | limits, "pool_pre_ping": True}


def _init(self: SQLTrackerStore, *args: Any, **kwargs: Any) -> None:
    _original_init(self, *args, **kwargs)
    url = self.engine.url
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        self.engine.dispose()
        self.engine = _sqlite_engine(url)
        self.sessionmaker = sessionmaker(bind=self.engine)


def _sqlite_engine(url: Any) -> Any:
    engine = sa.create_engine(
        url, poolclass=QueuePool, pool_size=1, connect_args={"check_same_thread": False}
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        # NORMAL would let a power cut take back turns that the gateway has delivered.
        connection.execute("PRAGMA synchronous = FULL")

    return engine


async def _retrieve(
    self: SQLTrackerStore, sender_id: str, fetch_events_from_all_sessions: bool
) -> DialogueStateTracker | None:
    query = _all_sessions if fetch_events_from_all_sessions else _latest_session
    with _told(self):
        stored = _rows(self, query, sender_id)
    if not stored or not self.domain:
        return None
    events = [json.loads(row.data) for row in stored]
    tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
    _note(tracker, len(stored), stored[-1].last_id)
    return tracker


async def _save(self: SQLTrackerStore, tracker: DialogueStateTracker) -> None:
    await self.stream_events(tracker)
    with _told(self):
        _save_new(self, tracker)


def _save_new(self: SQLTrackerStore, tracker: DialogueStateTracker) -> None:
    known = getattr(tracker, STORED_EVENTS, None)
    if known is None:
        stored = _rows(self, _latest_session, tracker.sender_id)
        known = len(stored)
        _note(tracker, known, stored[-1].last_id if stored else 0)
    new = [_row(tracker.sender_id, event) for event in islice(tracker.events, known, None)]
    if new:
        with self.engine.begin() as connection:
            last_id = _insert(connection, tracker, new)
        _note(tracker, known + len(new), last_id)


@contextmanager
def _told(store: SQLTrackerStore) -> Iterator[None]:
    """Tell a lost database from what is wrong with a message, and remember that it was lost."""
    try:
        yield
    except AWAY as error:
        setattr(store, LOST, True)
        raise StoreLostError(type(error).__name__) from error
    setattr(store, LOST, False)


async def works(store: TrackerStore) -> bool:
    """Return whether the store can be used. Its database is asked only if it was last lost."""
    if not getattr(store, LOST, False):
        return True
    try:
        # in a thread: a server that hangs is no reason to hang
        await asyncio.to_thread(_ask, store)
    except StoreLostError:
        return False
    return True


def _ask(store: SQLTrackerStore) -> None:
    with _told(store), store.engine.connect() as connection:
        connection.execute(sa.select(1))


def _insert(connection: Any, tracker: DialogueStateTracker, new: list[dict[str, Any]]) -> int:
    """Add the events; return the id of the last one, where it will be asked for.

    Raises:
        SavedElsewhereError: Events were added by another engine meanwhile; none are added now.
    """
    shared = connection.dialect.name == "postgresql"
    sender = {"sender": tracker.sender_id}
    if shared:
        connection.execute(_lock_sender, sender)
        if connection.execute(_last_id, sender).scalar() != getattr(tracker, LAST_ID):
            raise SavedElsewhereError
    connection.execute(_events.insert(), new)
    return int(connection.execute(_last_id, sender).scalar()) if shared else 0


def _note(tracker: DialogueStateTracker, stored_events: int, last_id: int) -> None:
    setattr(tracker, STORED_EVENTS, stored_events)
    setattr(tracker, LAST_ID, last_id)


def _rows(store: SQLTrackerStore, query: Any, sender_id: str) -> list[Any]:
    with store.engine.connect() as connection:
        found: list[Any] = connection.execute(query, {"sender": sender_id}).all()
        return found


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _store_itself(store: TrackerStore | None, domain: Domain | None) -> TrackerStore:
    """Take the place of `Agent._create_tracker_store`, whose wrapper hides every failure."""
    if store is None:
        return InMemoryTrackerStore(domain)
    store.domain = domain
    return store


def apply() -> None:
    """Put the replacements in place; doing so twice changes nothing."""
    rasas.create_engine_kwargs = _engine_kwargs
    SQLTrackerStore.__init__ = _init
    SQLTrackerStore._retrieve = _retrieve
    SQLTrackerStore.save = _save
    Agent._create_tracker_store = staticmethod(_store_itself)
