"""Every test of this folder runs on dictionaries and on SQLite."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from amends.conversations import use_cases
from amends.conversations.model import Conversation, Draft, Message, Mode, Role, Seq, Understanding
from amends.conversations.ports import TurnLock
from amends.conversations.transactions import Transactions
from amends.conversations.turns import TurnDriver, TurnOptions
from tests.message_life.engine import FakeEngine
from tests.message_life.memory import MemoryDatabase
from tests.support.database import fresh_database

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(params=["memory", "sqlite"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    if request.param == "memory":
        yield MemoryDatabase()
        return
    opened = fresh_database(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass
class Listener:
    """Remembers what it was told; `on_changed` lets a test look in between."""

    events: list[tuple[str, Any]] = field(default_factory=list)

    def changed(self, conversation_id: str) -> None:
        self.events.append(("changed", conversation_id))

    def typing(self, conversation_id: str, active: bool) -> None:
        self.events.append(("typing", active))

    def stage(self, name: str, seconds: float) -> None:
        self.events.append(("stage", name))

    def ended(self, outcome: str) -> None:
        self.events.append(("ended", outcome))

    @property
    def outcomes(self) -> list[str]:
        return [value for kind, value in self.events if kind == "ended"]


class Desk:
    """What the handoff room does, as far as a turn notices it."""

    def __init__(self) -> None:
        self.notices: Callable[[Understanding], tuple[Draft, ...]] = lambda found: ()
        self.asked: list[str] = []

    def check(
        self, uow: Any, conversation: Conversation, seq: Seq, found: Understanding, now: datetime
    ) -> tuple[Draft, ...]:
        notices = self.notices(found)
        if notices:
            uow.conversations.set_mode(conversation.id, Mode.WAITING, at=now)
        return notices

    def ask(
        self, uow: Any, conversation: Conversation, reason: str, now: datetime
    ) -> tuple[Draft, ...]:
        self.asked.append(reason)
        uow.conversations.set_mode(conversation.id, Mode.WAITING, at=now)
        return (Draft(Role.SYSTEM, "You are number 1.", card={"kind": "handoff", "position": 1}),)


class World:
    """One installation: log, engine, desk and a driver that can be killed and started again."""

    def __init__(self, db: Any, clock: Clock) -> None:
        self.db, self.clock = db, clock
        self.engine, self.desk, self.listener = FakeEngine(), Desk(), Listener()
        self.options = TurnOptions(patience_seconds=20, readiness_seconds=0.0)
        self.transactions: Transactions[Any] = Transactions(db, threads=4)
        self.driver = self.new_driver()
        self._posted = 0

    def new_driver(self, lock: TurnLock | None = None) -> TurnDriver[Any]:
        return TurnDriver(
            self.transactions,
            self.engine,
            self.clock,
            check_handoff=self.desk.check,
            ask_person=self.desk.ask,
            listener=self.listener,
            options=self.options,
            lock=lock,
        )

    def restart(self, **options: Any) -> None:
        """Go on with a new driver, as a process started again would."""
        self.options = replace(self.options, **options)
        self.driver = self.new_driver()

    def start(self) -> str:
        with self.db.write() as uow:
            started = use_cases.start_conversation(
                uow, language="en", company="Fernhill", now=self.clock()
            )
            uow.commit()
        return started.conversation.id

    def post(self, cid: str, text: str | None = None, choice_id: str | None = None) -> Message:
        self._posted += 1
        posting = use_cases.Posting(f"client-{self._posted}", text, choice_id)
        with self.db.write() as uow:
            message = use_cases.post_message(uow, cid, posting, limit=2000, now=self.clock())
            uow.commit()
        return message

    def set_mode(self, cid: str, mode: Mode, staff_id: str | None = None) -> None:
        with self.db.write() as uow:
            use_cases.change_mode(uow, cid, mode, self.clock(), staff_id=staff_id)
            uow.commit()

    def log(self, cid: str) -> list[Message]:
        with self.db.read() as uow:
            return list(uow.conversations.after(cid, 0))

    def said(self, cid: str) -> list[str]:
        """All texts but the disclosure."""
        return [message.text for message in self.log(cid)][1:]

    def mode(self, cid: str) -> Mode:
        with self.db.read() as uow:
            return uow.conversations.get(cid).mode

    def add_staff(self) -> str:
        """SQLite knows staff by a foreign key; the fake needs nobody."""
        from amends.handoff.model import StaffMember, StaffRole

        if not isinstance(self.db, MemoryDatabase):
            with self.db.write() as uow:
                uow.staff.add(StaffMember("s1", "ann", "Ann", StaffRole.AGENT), "x")
                uow.commit()
        return "s1"

    async def drive(self, cid: str) -> None:
        self.driver.wake(cid)
        await self.driver.idle()


@pytest.fixture
async def world(db: Any, clock: Clock) -> AsyncIterator[World]:
    made = World(db, clock)
    yield made
    await made.driver.stop(0.1)
    made.transactions.close()
