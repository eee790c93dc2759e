"""The quicker tracker store writes and reads exactly what Rasa's own does."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore
from rasa.shared.core import events
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot import channel, tracker_store
from tests.support.needed import without

TURN: list[Event] = [
    events.ActionExecuted("action_session_start", timestamp=1.0),
    events.SessionStarted(timestamp=1.0),
    events.ActionExecuted("action_listen", timestamp=2.0),
    events.UserUttered("my parcel is late", {"name": "report_not_received"}, timestamp=3.0),
    events.SlotSet("case_number", "AM-1", timestamp=3.0),
    events.BotUttered("I am sorry.", {"buttons": [{"title": "Yes"}]}, timestamp=4.0),
]
NEXT: list[Event] = [
    events.UserUttered("yes", {"name": "agree"}, timestamp=5.0),
    events.ActionExecuted("action_listen", timestamp=6.0),
]
FULL = 2  # SQLite's number for it
COLUMNS = "sender_id, type_name, timestamp, intent_name, action_name, data"


class Rasas(SQLTrackerStore):
    """Rasa's store as it comes, whether or not its class is patched already."""

    __init__ = tracker_store._original_init
    _retrieve = tracker_store._original_retrieve
    save = tracker_store._original_save


class Ours(SQLTrackerStore):
    """The replacements."""

    __init__ = tracker_store._init
    _retrieve = tracker_store._retrieve
    save = tracker_store._save


@pytest.fixture
def domain() -> Domain:
    slot = {"type": "text", "mappings": [{"type": "custom"}]}
    return Domain.from_dict({"intents": ["agree"], "slots": {"case_number": slot}})


def hold_conversation(store: SQLTrackerStore, sender: str) -> None:
    """Save a new conversation, then the same one loaded and continued."""
    tracker = asyncio.run(store.get_or_create_tracker(sender, append_action_listen=False))
    for event in TURN:
        tracker.update(event)
    asyncio.run(store.save(tracker))
    loaded = asyncio.run(store.retrieve(sender))
    assert loaded is not None
    for event in NEXT:
        loaded.update(event)
    asyncio.run(store.save(loaded))


def rows(file: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(file) as connection:
        return connection.execute(f"SELECT {COLUMNS} FROM events ORDER BY id").fetchall()


def test_both_write_the_same_rows(domain: Domain, tmp_path: Path) -> None:
    hold_conversation(Rasas(domain, db=str(tmp_path / "rasas.db")), "a")
    hold_conversation(Ours(domain, db=str(tmp_path / "ours.db")), "a")

    written = rows(tmp_path / "ours.db")

    assert len(written) == len(TURN) + len(NEXT)
    assert written == rows(tmp_path / "rasas.db")


@pytest.mark.parametrize("whole", [False, True])
def test_each_reads_what_the_other_wrote(domain: Domain, tmp_path: Path, whole: bool) -> None:
    file = str(tmp_path / "tracker.db")
    rasas, ours = Rasas(domain, db=file), Ours(domain, db=file)
    hold_conversation(ours, "a")
    hold_conversation(rasas, "b")
    hold_conversation(rasas, "b")  # a second session

    for sender in ("a", "b", "nobody"):
        theirs = asyncio.run(rasas._retrieve(sender, whole))
        found = asyncio.run(ours._retrieve(sender, whole))
        assert found == theirs
        assert (found is None) == (sender == "nobody")


def test_a_save_repeated_stores_nothing_twice(domain: Domain, tmp_path: Path) -> None:
    store = Ours(domain, db=str(tmp_path / "tracker.db"))
    hold_conversation(store, "a")
    tracker = asyncio.run(store.retrieve("a"))
    assert tracker is not None

    asyncio.run(store.save(tracker))
    asyncio.run(store.save(tracker.copy()))  # a copy does not know how much is stored

    assert len(rows(tmp_path / "tracker.db")) == len(TURN) + len(NEXT)


def test_a_commit_reaches_the_disk(domain: Domain, tmp_path: Path) -> None:
    store = Ours(domain, db=str(tmp_path / "tracker.db"))

    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == FULL


def test_the_replacements_are_in_place() -> None:
    tracker_store.apply()

    assert SQLTrackerStore.save is tracker_store._save
    assert SQLTrackerStore._retrieve is tracker_store._retrieve


HELLO = {"sender_id": "c.1", "message_id": "m1", "text": "hello"}
Answer = tuple[int, dict[str, Any]]


@pytest.fixture(scope="module")
def talking(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Agent:
    tracker_store.apply()
    file = tmp_path_factory.mktemp("tracker") / "tracker.db"
    return Agent.load(str(small_model), tracker_store=Ours(db=str(file)))


def database(agent: Agent) -> Any:
    """Return the engine of the agent's store, however deep that is wrapped."""
    store: Any = agent.tracker_store
    return getattr(store, "_tracker_store", store).engine


@contextmanager
def failing(agent: Agent, statement: str) -> Iterator[None]:
    """Have the agent's database break off whenever a statement begins like this."""

    def fail(_connection: Any, _cursor: Any, asked: str, *_more: Any) -> None:
        if asked.startswith(statement):
            raise sa.exc.OperationalError(asked, {}, Exception("server closed the connection"))

    engine = database(agent)
    sa.event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", fail)


def asked(agent: Agent, handler: Callable[..., Awaitable[Any]], body: Any = None) -> Answer:
    app = SimpleNamespace(ctx=SimpleNamespace(agent=agent))
    request: Any = SimpleNamespace(headers={}, app=app, body=json.dumps(body).encode())
    response = asyncio.run(channel._door(handler)(request))
    return response.status, json.loads(response.body)


def stored(agent: Agent, sender: str) -> list[str]:
    engine = database(agent)
    with engine.connect() as connection:
        of_sender = tracker_store._of_sender
        query = sa.select(tracker_store._events.c.type_name).where(of_sender)
        return list(connection.execute(query, {"sender": sender}).scalars())


@pytest.mark.parametrize("statement", ["SELECT", "INSERT"])
def test_a_turn_whose_store_fails_is_refused_and_later_taken_from_its_beginning(
    talking: Agent, statement: str
) -> None:
    hello = {**HELLO, "sender_id": f"new.{statement}"}
    with failing(talking, statement):
        status, _ = asked(talking, channel._turn, hello)
        assert status == 503
    assert stored(talking, hello["sender_id"]) == []

    status, answer = asked(talking, channel._turn, hello)

    assert (status, answer["replayed"]) == (200, False)
    assert [reply["text"] for reply in answer["replies"]] == ["Hello."]
    assert "session_started" in stored(talking, hello["sender_id"])


def test_what_was_answered_is_not_taken_as_new_by_a_store_that_fails(talking: Agent) -> None:
    asked(talking, channel._turn, HELLO)
    before = stored(talking, "c.1")
    with failing(talking, "SELECT"):
        assert asked(talking, channel._turn, HELLO)[0] == 503

    assert asked(talking, channel._turn, HELLO)[1]["replayed"]
    assert stored(talking, "c.1") == before


def test_an_engine_is_not_ready_from_the_loss_of_its_store_until_that_is_back(
    talking: Agent,
) -> None:
    assert asked(talking, channel._health)[0] == 200
    with failing(talking, "SELECT"):
        asked(talking, channel._turn, HELLO)
        assert asked(talking, channel._health)[0] == 503

    assert asked(talking, channel._health)[0] == 200


def test_an_agent_without_a_store_keeps_its_dialogues_in_memory(domain: Domain) -> None:
    tracker_store.apply()

    assert isinstance(Agent(domain).tracker_store, InMemoryTrackerStore)


@pytest.mark.parametrize("schema", [None, "dialogues"])
def test_on_postgresql_what_the_address_says_comes_last(
    monkeypatch: pytest.MonkeyPatch, schema: str | None
) -> None:
    if schema:
        monkeypatch.setenv("POSTGRESQL_SCHEMA", schema)
    url = "postgresql://amends@db/tracker?connect_timeout=2&options=-c%20lock_timeout%3D1s"

    arguments = tracker_store._engine_kwargs(url)["connect_args"]

    assert "connect_timeout" not in arguments
    options = arguments["options"].removeprefix(tracker_store.POSTGRES_OPTIONS)
    path = f" -csearch_path={schema}" if schema else ""
    assert options == path + " -c lock_timeout=1s"


POSTGRES = os.environ.get(
    "AMENDS_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"
).replace("+psycopg", "")


@pytest.fixture
def shared(domain: Domain) -> Iterator[tuple[SQLTrackerStore, SQLTrackerStore]]:
    """Two engines' stores over a PostgreSQL database of their own."""
    name = f"amends_test_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
    except sa.exc.OperationalError:
        without("no PostgreSQL answers for the engine's trackers")
    tracker_store.apply()
    url = f"{POSTGRES.rpartition('/')[0]}/{name}"
    made = [Ours(domain, "postgresql", url) for _ in range(2)]
    yield made[0], made[1]
    for store in made:
        store.engine.dispose()
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name}"))
    admin.dispose()


def loaded(store: SQLTrackerStore) -> DialogueStateTracker:
    return asyncio.run(store.get_or_create_tracker("c.1", append_action_listen=False))


def test_two_engines_continue_each_others_conversation(
    shared: tuple[SQLTrackerStore, SQLTrackerStore],
) -> None:
    for store, new in ((shared[0], TURN), (shared[1], NEXT)):
        tracker = loaded(store)
        for event in new:
            tracker.update(event)
            asyncio.run(store.save(tracker))

    assert [event.type_name for event in loaded(shared[0]).events] == [
        event.type_name for event in [*TURN, *NEXT]
    ]


@pytest.mark.parametrize("begun", [False, True])
def test_what_another_engine_saved_meanwhile_is_not_saved_over(
    shared: tuple[SQLTrackerStore, SQLTrackerStore], begun: bool
) -> None:
    if begun:
        hold_conversation(shared[0], "c.1")
    mine, theirs = loaded(shared[0]), loaded(shared[1])
    for tracker in (mine, theirs):
        for event in NEXT:
            tracker.update(event)
    asyncio.run(shared[1].save(theirs))

    with pytest.raises(tracker_store.SavedElsewhereError):
        asyncio.run(shared[0].save(mine))

    texts = [e.text for e in loaded(shared[0]).events if isinstance(e, events.UserUttered)]
    assert texts == (["my parcel is late", "yes", "yes"] if begun else ["yes"])


def test_no_engine_waits_for_postgresql_without_end(
    shared: tuple[SQLTrackerStore, SQLTrackerStore],
) -> None:
    with shared[0].engine.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        }
        parameters = connection.connection.dbapi_connection.get_dsn_parameters()

    assert told == {
        "lock_timeout": "5s",
        "statement_timeout": "10s",
        "idle_in_transaction_session_timeout": "15s",
    }
    assert parameters["connect_timeout"] == "5"
    assert parameters["keepalives_idle"] == "10"
    assert parameters["tcp_user_timeout"] == "10000"


def test_a_connection_that_was_cut_off_meanwhile_is_not_noticed_by_the_conversation(
    shared: tuple[SQLTrackerStore, SQLTrackerStore],
) -> None:
    hold_conversation(shared[0], "c.1")
    with shared[1].engine.connect() as other:
        cut_off = "pg_terminate_backend(pid)"
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        other.exec_driver_sql(f"SELECT {cut_off} FROM pg_stat_activity WHERE {others}")

    assert len(loaded(shared[0]).events) == len(TURN) + len(NEXT)
