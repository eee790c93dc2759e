"""The demo shop on a real database, with a clock and a payment system that tests can turn.

    from tests.support.shop import shop  # noqa: F401 (a fixture)

`Chat` speaks to it the way the gateway does: messages enter the log, what the engine understood is
stored beside them.
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from amends.cases import use_cases as cases
from amends.cases.model import Case, Category
from amends.cases.use_cases import Complaint
from amends.compensation.load import load_policy
from amends.compensation.model import Instruction, Report, Step
from amends.compensation.policy import Policy
from amends.compensation.ports import PaymentRefused
from amends.conversations import use_cases as conversations
from amends.conversations.model import Conversation, Delivery, Message, Understanding
from amends.conversations.use_cases import Posting
from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.thresholds import Thresholds
from amends.storage import Database, SqlUnitOfWork, demo
from amends.values import new_id
from amends.wiring.app import App
from amends.wiring.handoff import load_handoff
from amends.wiring.rules import FixedRules
from amends.wiring.settings import Settings
from tests.support.database import fresh_url

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
PROJECT = Path(__file__).resolve().parents[2]
ANA = StaffMember("s-ana", "ana", "Ana", StaffRole.AGENT)
BEN = StaffMember("s-ben", "ben", "Ben", StaffRole.AGENT)
LATE, DELIVERED, LOST, ON_TIME = "10045", "10046", "10047", "10050"
STORY = "My order has still not arrived and nobody tells me where it is."


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@dataclass
class Till:
    """A payment system: each remedy is carried out once, whatever fails on the way.

    `faults` are met one call after the other: `before` and `after` break the connection before or
    after the work was done, `refuse` refuses for good, `pending` takes the work on for later.
    """

    faults: list[str | None] = field(default_factory=list)
    done: dict[str, str] = field(default_factory=dict)
    codes: dict[str, set[str | None]] = field(default_factory=dict)
    asked: list[Instruction] = field(default_factory=list)

    def issue(self, instruction: Instruction) -> Report:
        remedy = instruction.remedy
        fault = self.faults.pop(0) if self.faults else None
        self.asked.append(instruction)
        self.codes.setdefault(remedy.id, set()).add(remedy.code)
        if fault == "before":
            raise ConnectionError("lost on the way there")
        if fault == "refuse" and remedy.id not in self.done:
            raise PaymentRefused("the account is closed")
        reference = self.done.setdefault(remedy.id, remedy.code or f"REF-{len(self.done) + 1}")
        if fault == "after":
            raise ConnectionError("lost on the way back")
        return Report(Step.ISSUED if fault == "pending" else Step.SETTLED, reference)


@dataclass
class Shop:
    app: App
    clock: Clock
    till: Till

    @property
    def db(self) -> Database:
        return self.app.db

    @property
    def policy(self) -> Policy:
        return self.app.policy

    @property
    def thresholds(self) -> Thresholds:
        return self.app.thresholds

    @contextmanager
    def write(self) -> Iterator[SqlUnitOfWork]:
        """A transaction that is committed at the end of the block."""
        with self.db.write() as uow:
            yield uow
            uow.commit()

    def chat(self, customer_id: str | None = None, language: str = "en") -> "Chat":
        with self.write() as uow:
            started = conversations.start_conversation(
                uow,
                language=language,
                company="Fernhill",
                now=self.clock(),
                customer_id=customer_id,
            )
        return Chat(self, started.conversation.id)


@dataclass
class Chat:
    shop: Shop
    id: str

    def says(self, text: str, **understood: Any) -> int:
        """Post a message, store what the engine understood of it, and count it as answered."""
        now = self.shop.clock()
        with self.shop.write() as uow:
            posting = Posting(new_id(), text=text)
            said = conversations.post_message(uow, self.id, posting, limit=2000, now=now)
            if understood:
                uow.understandings.add(self.id, said.seq, understanding(**understood), now)
            if said.delivery is Delivery.PENDING:
                uow.conversations.set_delivery(self.id, said.seq, Delivery.ANSWERED)
        return said.seq

    def complains(
        self,
        category: str = "not_received",
        order: str | None = LATE,
        text: str = STORY,
        **facts: Any,
    ) -> Case:
        """Say a complaint and take it; returns the case on the table."""
        said = {"severity": "low", "flags": frozenset[str](), "secondary": ()} | facts
        seq = self.says(text, complaint=True, category=category, **said)
        with self.shop.write() as uow:
            complaint = Complaint(
                conversation_id=self.id,
                seq=seq,
                category=Category(category),
                text=text,
                order_number=order,
                **said,
            )
            return cases.take_complaint(uow, complaint, self.shop.clock()).case

    @property
    def conversation(self) -> Conversation:
        with self.shop.db.read() as uow:
            found = uow.conversations.get(self.id)
            assert found is not None
            return found

    @property
    def case(self) -> Case:
        """The latest case as it stands."""
        with self.shop.db.read() as uow:
            found = cases.latest_case(uow, self.id)
            assert found is not None
            return found

    @property
    def log(self) -> list[Message]:
        with self.shop.db.read() as uow:
            return list(uow.conversations.after(self.id, 0))

    @property
    def timeline(self) -> list[str]:
        with self.shop.db.read() as uow:
            return [entry.kind for entry in uow.cases.entries(self.case.id)]


def understanding(**changes: Any) -> Understanding:
    plain: dict[str, Any] = {
        "intent": f"report_{changes.get('category', 'general_complaint')}",
        "confidence": 0.9,
        "complaint": False,
        "category": None,
        "secondary": (),
        "sentiment": 0.0,
        "sentiment_label": "neu",
        "flags": frozenset(),
        "severity": "low",
        "waiting_hours": None,
        "language": "en",
    }
    return Understanding(**(plain | changes))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = open_shop(tmp_path)
    yield opened
    opened.db.close()


def open_shop(folder: Path) -> Shop:
    """Open the demo shop as it stands at `NOW`; the caller closes its database."""
    file = folder / "shop.db"
    shutil.copyfile(_stocked(), file)
    clock, till = Clock(), Till()
    app = App(
        settings=Settings(project_dir=PROJECT, var_dir=folder, take_back_seconds=0),
        db=Database(f"sqlite:///{file}"),
        clock=clock,
        engine=None,  # type: ignore[arg-type]  # nothing here asks the engine
        policy=_policy(),
        rules=FixedRules(_thresholds()),
        payments=till,
    )
    return Shop(app, clock, till)


@cache
def _policy() -> Policy:
    return load_policy(PROJECT / "policies" / "retail.yml")


@cache
def _thresholds() -> Thresholds:
    return load_handoff(Settings(project_dir=PROJECT))


@cache
def _stocked() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="amends-shop-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = fresh_url(folder, "stocked.db")
    demo.fill(url, NOW)
    database = Database(url)
    with database.write() as uow:
        for member in (ANA, BEN):
            uow.staff.add(member, "no password opens this")
        uow.commit()
    database.close()
    return folder / "stocked.db"
