"""The ledger streams how the assistant first decided each case."""

from collections.abc import Iterable

import pytest

from amends.cases.model import Customer, Order, OrderState
from amends.compensation.model import FirstDecision, Step
from amends.storage import Database
from tests.storage import samples
from tests.storage.samples import DAY, HOUR, NOW, case, decision, offer, remedy


@pytest.fixture
def book(db: Database) -> Database:
    """A database with the cases k1 and k2 of a conversation nobody signed in to."""
    samples.given(db, case_ids=("k1", "k2"))
    return db


def decided(db: Database, *records: object) -> None:
    with db.write() as uow:
        for record in records:
            uow.ledger.add_decision(record)  # type: ignore[arg-type]
        uow.commit()


def first(db: Database, since: object = NOW - DAY) -> list[FirstDecision]:
    with db.read() as uow:
        return list(uow.ledger.first_decisions_since(since))  # type: ignore[arg-type]


def ids(found: Iterable[FirstDecision]) -> list[str]:
    return [one.record.id for one in found]


def order_of(customer_id: str) -> Order:
    return Order(
        number="10045",
        customer_id=customer_id,
        state=OrderState.LATE,
        currency="GBP",
        lines=(),
        shipping_paid_minor=0,
        placed_at=NOW,
        due_on=NOW.date(),
    )


class TestWhichDecision:
    def test_given_several_cases_then_the_first_decision_of_each_in_order_of_time(
        self, book: Database
    ) -> None:
        later, record = decision("d2", case_id="k2", at=NOW + HOUR), decision("d1", case_id="k1")
        decided(book, later, record, decision("d3", case_id="k1", rung=1, at=NOW + 2 * HOUR))

        found = first(book)

        assert ids(found) == ["d1", "d2"]
        assert found[0].record == record
        assert [one.case_number for one in found] == ["AM-k1", "AM-k2"]

    def test_given_two_decisions_of_one_moment_then_the_lower_rung_is_first(
        self, book: Database
    ) -> None:
        decided(book, decision("d1", rung=1), decision("d2", rung=0))

        assert ids(first(book)) == ["d2"]

    def test_given_staff_decided_before_then_the_assistants_own_is_first(
        self, book: Database
    ) -> None:
        decided(book, decision("d1", role="agent"), decision("d2", at=NOW + HOUR))

        assert ids(first(book)) == ["d2"]

    def test_given_a_case_first_decided_before_the_day_then_it_is_not_of_that_time(
        self, book: Database
    ) -> None:
        decided(book, decision("d1", at=NOW - DAY), decision("d2", at=NOW))

        assert ids(first(book, NOW - HOUR)) == []
        assert ids(first(book, NOW - DAY)) == ["d1"]


class TestWhoseCap:
    def test_given_nobody_known_then_the_conversation(self, book: Database) -> None:
        decided(book, decision())

        assert first(book)[0].customer_key == "conversation:c1"

    def test_given_a_customer_and_no_order_then_the_customer(self, db: Database) -> None:
        samples.given(db)
        with db.write() as uow:
            uow.cases.add(case("k1", customer_id="cus-1"))
            uow.commit()
        decided(db, decision())

        assert first(db)[0].customer_key == "cus-1"

    def test_given_an_order_then_its_owner_whoever_writes(self, db: Database) -> None:
        samples.given(db)
        with db.write() as uow:
            uow.orders.add_customer(Customer("cus-2", "Ann", "ann@example.com"))
            uow.orders.add_order(order_of("cus-2"))
            uow.cases.add(case("k1", customer_id="cus-1", order_number="10045"))
            uow.commit()
        decided(db, decision())

        assert first(db)[0].customer_key == "cus-2"

    def test_given_an_offer_was_made_then_whom_it_counted_for(self, book: Database) -> None:
        decided(book, decision())
        with book.write() as uow:
            uow.ledger.add_offer(offer("o1", remedy(customer_key="cus-9")))
            uow.commit()

        assert first(book)[0].customer_key == "cus-9"


class TestDeclined:
    def test_given_offers_then_those_that_the_customer_declined_as_a_whole_count(
        self, book: Database
    ) -> None:
        decided(book, decision(), decision("d2", case_id="k2", at=NOW + HOUR))
        offers = {
            "both": [Step.DECLINED, Step.DECLINED],
            "taken": [Step.ACCEPTED, Step.DECLINED],
            "expired": [Step.EXPIRED, Step.EXPIRED],
            "open": [None, None],
        }
        with book.write() as uow:
            for name, steps in offers.items():
                remedies = (remedy(f"{name}-0"), remedy(f"{name}-1", alternative=1))
                uow.ledger.add_offer(offer(name, *remedies))
                for number, step in enumerate(steps):
                    if step is not None:
                        uow.ledger.add_step(f"{name}-{number}", step, NOW, "customer", None)
            uow.ledger.add_offer(offer("staff", remedy("staff-0"), made_by="s-ana"))
            uow.ledger.add_step("staff-0", Step.DECLINED, NOW, "customer", None)
            uow.commit()

        assert [one.declined for one in first(book)] == [1, 0]


def test_given_more_rows_than_are_held_at_a_time_then_all_come(db: Database) -> None:
    many = 1203
    samples.given(db, case_ids=tuple(f"k{number}" for number in range(many)))
    decided(
        db,
        *(
            decision(f"d{number:04d}", case_id=f"k{number}", at=NOW + number * HOUR)
            for number in range(many)
        ),
    )

    assert ids(first(db)) == [f"d{number:04d}" for number in range(many)]
