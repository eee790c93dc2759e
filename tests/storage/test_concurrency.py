"""Many threads, one truth: one wins, one code holds, and no cap is passed."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from amends.compensation import issuing
from amends.compensation import use_cases as compensation
from amends.compensation.errors import OfferNotOpen
from amends.compensation.model import Remedy, Report, Step
from amends.compensation.ports import Ledger, PaymentsUnavailable
from amends.storage import Conflict, Database, SqlUnitOfWork, StepOutOfOrder
from amends.wiring import settlement
from tests.storage.samples import (
    DAY,
    NOW,
    bot_says,
    case,
    decision,
    given,
    handoff,
    offer,
    remedy,
    staff,
)
from tests.storage.threads import THREADS, at_once

CAP_MINOR = 2_000


def given_decision(db: Database, *remedies: Remedy) -> None:
    """Store the decision on a case, and the offer o1 of these remedies."""
    given(db, case_ids=("k1",))
    with db.write() as uow:
        uow.ledger.add_decision(decision())
        if remedies:
            uow.ledger.add_offer(offer("o1", *remedies))
        uow.commit()


def given_offer(db: Database) -> None:
    """Store the offer o1 of one remedy, r1."""
    given_decision(db, remedy())


def state_of(db: Database) -> Step:
    with db.read() as uow:
        return issuing.remedy_of(uow, "r1").state


@contextmanager
def meanwhile(url: str, work: Callable[[SqlUnitOfWork], object]) -> Iterator[None]:
    """While another process is in the middle of this work in the conversation; it ends first."""
    other, done = Database(url), threading.Event()

    def hold() -> None:
        with other.write() as uow:
            uow.conversations.lock("c1")
            work(uow)
            done.set()
            time.sleep(0.3)
            uow.commit()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert done.wait(5)
        yield
        holding.result()
    other.close()


def grant_if_below_cap(
    db: Database, number: int, customer: str, given_already: Callable[[Ledger], dict[str, int]]
) -> bool:
    """What a decision does: add up under the locks, then reserve."""
    with db.write() as uow:
        uow.ledger.lock([customer])
        uow.ledger.lock_budget()
        reserved = given_already(uow.ledger).get("GBP", 0)
        time.sleep(0.005)  # without the lock, the others would add up meanwhile
        if reserved + 500 > CAP_MINOR:
            return False
        mine = remedy(f"r{number}", customer_key=customer)
        uow.ledger.add_offer(offer(f"o{number}", mine))
        uow.commit()
        return True


class TestOneWins:
    def test_given_a_waiting_chat_when_all_claim_then_one_has_it(self, db: Database) -> None:
        given(db)
        with db.write() as uow:
            for number in range(THREADS):
                uow.staff.add(staff(f"s{number}", f"agent{number}"), "hash")
            uow.handoffs.add(handoff())
            uow.commit()

        def claim(number: int) -> bool:
            with db.write() as uow:
                won = uow.handoffs.claim("h1", f"s{number}", NOW)
                uow.commit()
                return won

        won = at_once(claim)

        assert won.count(True) == 1
        with db.read() as uow:
            found = uow.handoffs.get("h1")
        assert found is not None
        assert found.claimed_by == f"s{won.index(True)}"

    def test_given_a_remedy_when_issued_at_once_then_it_is_issued_once(self, db: Database) -> None:
        given(db, case_ids=("k1",))
        with db.write() as uow:
            uow.ledger.add_decision(decision())
            uow.ledger.add_offer(offer("o1", remedy()))
            uow.ledger.add_step("r1", Step.ACCEPTED, NOW, "customer", None)
            uow.commit()

        def issue(_number: int) -> bool:
            with db.write() as uow:
                first = uow.ledger.add_step("r1", Step.ISSUED, NOW, "bot", None)
                uow.commit()
                return first

        assert at_once(issue).count(True) == 1

    def test_given_an_offer_when_accepted_and_declined_at_once_then_one_holds(
        self, db: Database
    ) -> None:
        given_offer(db)

        def end(number: int) -> str:
            step = Step.ACCEPTED if number % 2 else Step.DECLINED
            with db.write() as uow:
                try:
                    won = uow.ledger.add_step("r1", step, NOW, "bot", None)
                except StepOutOfOrder:
                    return "refused"
                uow.commit()
                return "won" if won else "known"

        ends = at_once(end)

        assert ends.count("won") == 1
        assert ends.count("refused") == THREADS // 2

    def test_given_an_offer_being_accepted_when_it_expires_then_the_acceptance_holds(
        self, db: Database, url: str
    ) -> None:
        given_offer(db)

        with meanwhile(url, lambda uow: compensation.accept(uow, "o1", 0, NOW)), db.write() as uow:
            expired = compensation.expire_offers(uow, NOW + 2 * DAY)
            uow.commit()

        assert expired == 0
        assert state_of(db) is Step.ACCEPTED

    def test_given_an_acceptance_being_voided_when_it_is_to_go_out_then_it_does_not(
        self, db: Database, url: str
    ) -> None:
        given_offer(db)
        with db.write() as uow:
            uow.ledger.add_step("r1", Step.ACCEPTED, NOW, "customer", None)
            uow.commit()

        def void(uow: SqlUnitOfWork) -> None:
            uow.ledger.add_step("r1", Step.EXPIRED, NOW, "customer", None)

        with meanwhile(url, void), db.write() as uow:
            told = issuing.prepare(uow, "r1")

        assert told is None

    def test_given_a_remedy_being_settled_when_its_try_fails_then_nothing_waits(
        self, db: Database, url: str
    ) -> None:
        given_offer(db)
        with db.write() as uow:
            uow.ledger.add_step("r1", Step.ACCEPTED, NOW, "customer", None)
            uow.commit()

        def settle(uow: SqlUnitOfWork) -> None:
            issuing.record(uow, "r1", Report(Step.SETTLED), NOW)

        with meanwhile(url, settle), db.write() as uow:
            settlement.postpone(uow, "r1", PaymentsUnavailable("status 500"), 0.5, NOW)
            uow.commit()

        with db.read() as uow:
            assert uow.ledger.retry_of("r1") is None

    def test_given_an_action_when_run_twice_at_once_then_its_case_is_kept_once(
        self, db: Database
    ) -> None:
        given(db)

        def act(number: int) -> bool:
            try:
                with db.write() as uow:
                    if uow.action_runs.get("m1/open_case") is not None:
                        return False
                    uow.conversations.append("c1", bot_says(f"case {number}"), NOW)
                    uow.action_runs.add("m1/open_case", {"case": number}, NOW)
                    uow.commit()
                    return True
            except Conflict:
                return False

        assert at_once(act).count(True) == 1
        with db.read() as uow:
            assert len(uow.conversations.after("c1", 1)) == 1


class TestVoucherCodes:
    def test_given_a_voucher_when_all_give_it_a_code_at_once_then_all_hear_the_same(
        self, db: Database
    ) -> None:
        given_offer(db)

        def give(number: int) -> str | None:
            with db.write() as uow:
                code = uow.ledger.set_code("r1", f"CODE-{number}")
                uow.commit()
                return code

        assert len(set(at_once(give))) == 1

    def test_given_one_code_when_all_vouchers_want_it_at_once_then_one_has_it(
        self, db: Database
    ) -> None:
        given_decision(db, *(remedy(f"r{n}") for n in range(THREADS)))

        def give(number: int) -> str | None:
            with db.write() as uow:
                code = uow.ledger.set_code(f"r{number}", "CODE")
                uow.commit()
                return code

        assert sorted(at_once(give), key=str).count("CODE") == 1


class TestBudget:
    def test_given_a_cap_when_all_decide_at_once_then_it_holds(self, db: Database) -> None:
        given_decision(db)

        def to_customer(ledger: Ledger) -> dict[str, int]:
            return ledger.goodwill_to_customer("cus-1", NOW)

        granted = at_once(lambda number: grant_if_below_cap(db, number, "cus-1", to_customer))

        assert granted.count(True) == CAP_MINOR // 500
        with db.read() as uow:
            assert to_customer(uow.ledger) == {"GBP": CAP_MINOR}

    def test_given_a_budget_of_the_day_when_many_customers_are_decided_then_it_holds(
        self, db: Database
    ) -> None:
        given_decision(db)

        def on_this_day(ledger: Ledger) -> dict[str, int]:
            return ledger.goodwill_since(NOW)

        granted = at_once(
            lambda number: grant_if_below_cap(db, number, f"cus-{number}", on_this_day)
        )

        assert granted.count(True) == CAP_MINOR // 500
        with db.read() as uow:
            assert on_this_day(uow.ledger) == {"GBP": CAP_MINOR}

    def test_given_two_chats_about_an_order_of_nobody_when_both_accept_then_one_is_paid(
        self, db: Database, url: str
    ) -> None:
        given(db, "c1", "c2")
        with db.write() as uow:
            for number in (1, 2):
                about = case(f"k{number}", conversation_id=f"c{number}", order_number="77001")
                uow.cases.add(about)
                uow.ledger.add_decision(decision(f"d{number}", case_id=f"k{number}"))
                mine = remedy(f"r{number}", case_id=f"k{number}", customer_key=f"cus-{number}")
                uow.ledger.add_offer(
                    offer(f"o{number}", mine, case_id=f"k{number}", decision_id=f"d{number}")
                )
            uow.commit()

        first = meanwhile(url, lambda uow: compensation.accept(uow, "o1", 0, NOW))
        with first, db.write() as uow, pytest.raises(OfferNotOpen):
            compensation.accept(uow, "o2", 0, NOW)
