"""Many chats at once, in processes that may be killed at any moment.

`prepare` fills a database with orders and chats; `work` is what each process does, again and again
in any number of lives, until nothing is left to do: complain, decide, accept or decline, change
one's mind, carry out, hear back. All of it goes through the use cases and jobs of the application;
only the customers, the refund system and the clock are played.
"""

import fcntl
import json
import os
import time
import traceback
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import structlog

from amends.cases import use_cases as cases
from amends.cases.model import OPEN_STATUSES, Case, Category, Customer, Order, OrderLine, OrderState
from amends.cases.use_cases import Complaint
from amends.compensation import taking_back
from amends.compensation import use_cases as compensation
from amends.compensation.errors import LedgerError
from amends.compensation.load import parse_policy
from amends.compensation.model import Instruction, Offer, Report, Step
from amends.compensation.policy import Policy
from amends.compensation.ports import PaymentRefused, PaymentsUnavailable
from amends.compensation.usage import hold
from amends.conversations import use_cases as conversations
from amends.conversations.model import Delivery
from amends.conversations.use_cases import Posting
from amends.handoff.thresholds import load_thresholds
from amends.storage import Database, SqlUnitOfWork
from amends.wiring import jobs
from amends.wiring.app import App
from amends.wiring.http_payments import body_of
from amends.wiring.rules import FixedRules
from amends.wiring.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
DAY_BEGINS = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
SPEED = 60
"""How much faster the played clock runs: a retry's pause of two seconds is over in 33 ms."""

REST_SECONDS = 60
"""How long an acceptance can be taken back, by the played clock."""

OWNER = "cus-many"
CHATS, ORDERS, STRANGERS = 50, 40, 24
CURRENCY = "GBP"
PER_CASE, PER_CUSTOMER, PER_DAY = 9_00, 40_00, 90_00
"""The owner's cases ask for far more than one customer may get, and reach it first; the strangers'
for more than what is then left of the day: all three caps bind whoever is faster."""
STORY = "My order has still not arrived and nobody tells me where it is."

_RULES = f"""
policy: many
title: Many chats at once
languages: [en]
currencies: [GBP]
currency: {{fact: currency}}
FACTS
caps:
  per_case: {{GBP: {PER_CASE // 100}}}
  per_customer: {{window_days: 90, amount: {{GBP: {PER_CUSTOMER // 100}}}}}
  per_day: {{GBP: {PER_DAY // 100}}}
authority:
  bot: {{goodwill_per_case: {{GBP: 20}}, entitlement_per_case: {{GBP: 500}}}}
  agent: {{}}
  supervisor: {{}}
reasons:
  remedy: {{en: We are sorry.}}
  none: {{en: We cannot offer more.}}
  person: {{en: A colleague will look.}}
  recourse: {{en: Ask for a second look.}}
versions:
  - id: "1"
    valid_from: 2026-01-01
    clauses:
      - id: settled-before
        title: An order is settled once
        source: For this test
        when: {{settled_before: true}}
        person: agent
      - id: shipping-owed
        title: The delivery fee of a late parcel is owed
        source: For this test
        part: entitlement
        when: {{category: not_received}}
        grant: [{{remedy: refund, amount: {{fact: shipping_paid_minor}}}}]
      - id: damaged-owed
        title: A damaged item is replaced or refunded
        source: For this test
        part: entitlement
        when: {{category: damaged_item}}
        choice:
          - grant: [{{remedy: replacement}}]
          - grant: [{{remedy: refund, amount: {{fact: item_price_minor}}}}]
      - id: sorry
        title: A voucher, more when it is declined
        source: For this test
        part: goodwill
        when: {{category: [not_received, damaged_item]}}
        ladder:
          - grant: [{{remedy: voucher, amount: {{GBP: 4}}}}]
          - grant: [{{remedy: voucher, amount: {{GBP: 7}}}}, {{remedy: apology_letter}}]
          - grant: [{{remedy: voucher, amount: {{GBP: 11}}}}]
"""


@dataclass(frozen=True)
class Stage:
    """Where all this happens; the same for every process."""

    url: str
    folder: Path
    seed: int
    began: float

    def clock(self) -> datetime:
        return DAY_BEGINS + timedelta(seconds=(time.time() - self.began) * SPEED)


def policy() -> Policy:
    """A small rule book with tight caps, over the facts and remedies of the shop's own."""
    shop = (PROJECT / "policies" / "retail.yml").read_text("utf-8")
    declared = shop[shop.index("\nfacts:") : shop.index("\ndefinitions:")]
    declared = "\n".join(
        line.replace("every_value_needs_a_clause: true", "") for line in declared.splitlines()
    )
    return parse_policy(_RULES.replace("FACTS", declared), "many.yml")


def prepare(db: Database) -> None:
    """Fifty chats about forty orders of one customer, and some about orders of others."""
    with db.write() as uow:
        owners = [OWNER, *(f"cus-{number}" for number in range(STRANGERS))]
        for owner in owners:
            uow.orders.add_customer(Customer(owner, owner.title(), f"{owner}@example.com"))
        for number in range(ORDERS):
            uow.orders.add_order(_order(str(50001 + number), OWNER))
        for number in range(STRANGERS):
            uow.orders.add_order(_order(str(60001 + number), f"cus-{number}"))
        for chat in chat_ids():
            conversations.ensure_conversation(uow, chat, DAY_BEGINS)
        uow.commit()


def chat_ids() -> list[str]:
    """Each chat is named for its order: `c50007-1` is the second one about order 50007."""
    mine = [f"c{50001 + number % ORDERS}-{number // ORDERS}" for number in range(CHATS)]
    return [*mine, *(f"c{60001 + number}-0" for number in range(STRANGERS))]


def _order(number: str, owner: str) -> Order:
    return Order(
        number=number,
        customer_id=owner,
        state=OrderState.LATE,
        currency=CURRENCY,
        lines=(OrderLine("t1", "Teapot", 1, 24_00),),
        shipping_paid_minor=4_95,
        placed_at=DAY_BEGINS - timedelta(days=12),
        due_on=date(2026, 2, 26),
        charged_minor=28_95,
    )


class DiskPayments:
    """A refund system whose books are files, so that they outlive whoever asked.

    `calls/<key>` holds every request under a key, `moved/<key>` that it was carried out: the file
    is made before the answer, so that a caller killed in between never hears it.
    """

    def __init__(self, folder: Path, rng: Random) -> None:
        self._folder, self._rng = folder, rng
        for name in ("calls", "moved"):
            (folder / name).mkdir(exist_ok=True)

    def issue(self, instruction: Instruction) -> Report:
        key = instruction.remedy.id
        with (self._folder / "calls" / key).open("ab") as calls:
            fcntl.flock(calls, fcntl.LOCK_EX)
            calls.write(body_of(instruction) + b"\n")
        luck = self._rng.random()
        if luck < 0.08:
            raise PaymentsUnavailable("lost on the way there")
        if self.refuses(key):
            raise PaymentRefused("the account is closed")
        time.sleep(self._rng.uniform(0, 0.004))
        if not self.is_pending(key):
            self.move(key)
        time.sleep(self._rng.uniform(0, 0.004))
        if luck < 0.2:
            raise PaymentsUnavailable("lost on the way back")
        return Report(Step.ISSUED if self.is_pending(key) else Step.SETTLED, f"PAY-{key[:6]}")

    def move(self, key: str) -> None:
        """Move the money of a key; a second time does nothing."""
        with (self._folder / "moved" / key).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not os.fstat(file.fileno()).st_size:
                file.write("moved\n")

    @staticmethod
    def is_pending(key: str) -> bool:
        return int(key[:2], 16) % 3 == 0

    @staticmethod
    def refuses(key: str) -> bool:
        return int(key[2:4], 16) % 10 == 0


def work(stage: Stage, number: int, life: int) -> None:
    """Do what is left to do; returns when there is nothing."""
    _write_errors_to(stage.folder / "errors.jsonl")
    try:
        _Worker(stage, Random(f"{stage.seed}/{number}/{life}")).run()
    except BaseException:
        (stage.folder / f"worker-{number}-{life}.err").write_text(traceback.format_exc())
        raise


class _Worker:
    def __init__(self, stage: Stage, rng: Random) -> None:
        self._rng = rng
        self._payments = DiskPayments(stage.folder, rng)
        self._left = chat_ids()
        self._app = App(
            settings=Settings(
                _env_file=None,
                project_dir=PROJECT,
                var_dir=stage.folder,
                take_back_seconds=REST_SECONDS,
            ),
            db=Database(stage.url),
            clock=stage.clock,
            engine=None,  # type: ignore[arg-type]  # nobody here asks the engine
            policy=policy(),
            rules=FixedRules(load_thresholds(PROJECT / "policies" / "handoff.yml")),
            payments=self._payments,
        )

    def run(self) -> None:
        while self._left or not self._all_carried_out():
            if self._left and self._rng.random() < 0.8:
                chat = self._rng.choice(self._left)
                for _ in range(self._rng.choice((1, 2))):
                    self._go_on_in(chat)
            else:
                done = jobs.issue_remedies(self._app)
                self._call_back()
                time.sleep(0 if done else 0.01)
        self._app.db.close()

    def _go_on_in(self, chat: str) -> None:
        try:
            with self._app.db.write() as uow:
                is_over = self._take_turn(uow, chat)
                uow.commit()
        except LedgerError:
            return  # another process was faster: the next look finds how it stands
        if is_over and chat in self._left:
            self._left.remove(chat)

    def _take_turn(self, uow: SqlUnitOfWork, chat: str) -> bool:
        """Do the next thing in a chat; True when there is nothing left to do."""
        uow.conversations.lock(chat)
        case = cases.latest_case(uow, chat)
        if case is None:
            self._complain(uow, chat)
            return False
        if case.status not in OPEN_STATUSES:
            return not self._takes_back(uow, case)
        # The moment is read when nobody else can decide, so that offers stand in their order.
        hold(uow, case)
        uow.ledger.lock_budget()
        now = self._app.clock()
        try:
            offer = compensation.open_offer(uow, case.id, now)
        except LedgerError:
            return compensation.decide_case(uow, self._app.policy, case.id, now).offer is None
        self._answer(uow, case, offer, now)
        return False

    def _complain(self, uow: SqlUnitOfWork, chat: str) -> None:
        now = self._app.clock()
        said = conversations.post_message(uow, chat, Posting("m1", text=STORY), limit=2000, now=now)
        uow.conversations.set_delivery(chat, said.seq, Delivery.ANSWERED)
        category = Category.DAMAGED_ITEM if int(chat[5]) % 3 == 0 else Category.NOT_RECEIVED
        complaint = Complaint(
            chat, said.seq, category, (), STORY, "low", frozenset(), order_number=chat[1:6]
        )
        cases.take_complaint(uow, complaint, now)

    def _answer(self, uow: SqlUnitOfWork, case: Case, offer: Offer, now: datetime) -> None:
        luck = self._rng.random()
        if luck < 0.08:
            return  # thinks it over
        if luck < 0.5:
            compensation.decline(uow, offer.id, now)
            return
        index = self._rng.randrange(len(offer.alternatives))
        compensation.accept(uow, offer.id, index, now)

    def _takes_back(self, uow: SqlUnitOfWork, case: Case) -> bool:
        """Now and then a customer changes their mind, in time or too late."""
        if self._rng.random() > 0.4:
            return False
        try:
            taking_back.take_back(uow, case.id, self._app.clock(), timedelta(seconds=REST_SECONDS))
        except LedgerError:
            return False
        return True

    def _call_back(self) -> None:
        """The refund system tells of what it took on, as the gateway hears it; sometimes twice."""
        with self._app.db.read() as uow:
            waiting = [one.id for one in uow.ledger.in_state(Step.ISSUED)]
        for key in self._rng.sample(waiting, len(waiting)):
            self._payments.move(key)
            for _ in range(self._rng.randrange(3)):
                with self._app.db.write() as uow:
                    report = Report(Step.SETTLED)
                    self._app.hear_payment(uow, key, report, self._app.clock())
                    uow.commit()

    def _all_carried_out(self) -> bool:
        with self._app.db.read() as uow:
            under_way = [uow.ledger.in_state(step, 1) for step in (Step.ACCEPTED, Step.ISSUED)]
        return not any(under_way)


def _write_errors_to(file: Path) -> None:
    """Keep what is logged as an error: nothing may be."""

    def keep(logger: Any, method: str, event: dict[str, Any]) -> Any:
        if method in ("error", "exception", "critical"):
            with file.open("a") as errors:
                errors.write(json.dumps(event, default=str) + "\n")
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.processors.format_exc_info, keep])
