"""The ledger adds up what was offered and given, and takes each step once."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.compensation.model import FOLLOWS, RESERVING, Retry, Step
from amends.storage import Conflict, Database, SqlUnitOfWork, StepOutOfOrder
from amends.storage.errors import MissingRow
from amends.values import Money
from tests.storage import samples
from tests.storage.samples import DAY, HOUR, NOW, decision, offer, remedy

POUND_5 = Money(500, "GBP")
POUND_8 = Money(800, "GBP")


@pytest.fixture
def book(db: Database) -> Database:
    """A database with the cases k1 and k2 and the decision d1."""
    samples.given(db, case_ids=("k1", "k2"))
    with db.write() as uow:
        uow.ledger.add_decision(decision())
        uow.commit()
    return db


def take(uow: SqlUnitOfWork, remedy_id: str, *steps: Step) -> None:
    for step in steps:
        assert uow.ledger.add_step(remedy_id, step, NOW, "bot", None)


def retry(remedy_id: str, **changes: Any) -> Retry:
    return replace(Retry(remedy_id, 1, NOW, NOW + HOUR, "status 500"), **changes)


class TestRecords:
    def test_given_a_decision_when_read_then_the_same_comes_back(self, book: Database) -> None:
        second = decision("d2", rung=1, at=NOW + HOUR, outcome="none")
        with book.write() as uow:
            uow.ledger.add_decision(second)
            uow.commit()

        with book.read() as uow:
            assert uow.ledger.decisions_of_case("k1") == [decision(), second]
            assert uow.ledger.decisions_of_case("k2") == []

    def test_given_an_offer_when_read_then_its_remedies_keep_their_order(
        self, book: Database
    ) -> None:
        made = offer(
            "o1",
            remedy("z", alternative=0),
            remedy("m", alternative=1, amount=None, kind="replacement", part="entitlement"),
            remedy("a", alternative=1, title={"en": "Sorry", "de": "Verzeihung"}, due_days=None),
        )
        with book.write() as uow:
            uow.ledger.add_offer(made)
            uow.commit()

        with book.read() as uow:
            assert uow.ledger.offer("o1") == made
            assert uow.ledger.offers_of_case("k1") == [made]
            assert uow.ledger.remedy("m") == made.remedies[1]
            assert uow.ledger.offer("o2") is None
            assert uow.ledger.remedy("o1") is None

    def test_given_an_offer_without_decision_when_stored_then_refused(self, book: Database) -> None:
        with book.write() as uow, pytest.raises(Conflict):
            uow.ledger.add_offer(offer("o1", remedy(), decision_id="unknown"))

    @pytest.mark.parametrize(
        "changes",
        [
            {"amount": Money(-1, "GBP")},
            {"part": "present"},
            {"recovery": "financial"},
            {"due_days": -1},
        ],
    )
    def test_given_an_impossible_remedy_when_stored_then_refused(
        self, book: Database, changes: dict[str, Any]
    ) -> None:
        with book.write() as uow, pytest.raises(Exception, match=r"refuses|not among"):
            uow.ledger.add_offer(offer("o1", remedy(**changes)))

    def test_given_a_code_when_set_then_it_is_read(self, book: Database) -> None:
        with book.write() as uow:
            uow.ledger.add_offer(offer("o1", remedy()))
            given_code = uow.ledger.set_code("r1", "FERN-1234")
            second = uow.ledger.set_code("r1", "FERN-9999")
            found = uow.ledger.remedy("r1")
            with pytest.raises(MissingRow):
                uow.ledger.set_code("r2", "FERN-5678")

        assert (given_code, second) == ("FERN-1234", "FERN-1234"), "a code stays"
        assert found is not None
        assert found.code == "FERN-1234"

    def test_given_a_code_that_another_voucher_has_when_set_then_none_and_the_work_goes_on(
        self, book: Database
    ) -> None:
        with book.write() as uow:
            uow.ledger.add_offer(offer("o1", remedy("r1"), remedy("r2")))
            uow.ledger.set_code("r1", "FERN-1234")
            taken = uow.ledger.set_code("r2", "FERN-1234")
            free = uow.ledger.set_code("r2", "FERN-5678")
            uow.commit()

        assert (taken, free) == (None, "FERN-5678")
        with book.read() as uow:
            codes = [one.code for one in (uow.ledger.remedy("r1"), uow.ledger.remedy("r2")) if one]
        assert codes == ["FERN-1234", "FERN-5678"]

    def test_given_a_code_twice_when_stored_past_the_ledger_then_the_database_refuses(
        self, book: Database
    ) -> None:
        with book.write() as uow, pytest.raises(Conflict):
            uow.ledger.add_offer(offer("o1", remedy("r1", code="X"), remedy("r2", code="X")))

    def test_given_an_order_when_stored_then_the_remedy_keeps_it(self, book: Database) -> None:
        with book.write() as uow:
            uow.ledger.add_offer(offer("o1", remedy("r1", order_number="10045"), remedy("r2")))
            found = [uow.ledger.remedy("r1"), uow.ledger.remedy("r2")]

        assert [one.order_number for one in found if one] == ["10045", None]


class TestSteps:
    def test_given_a_step_taken_when_taken_again_then_nothing_changes(self, book: Database) -> None:
        with book.write() as uow:
            uow.ledger.add_offer(offer("o1", remedy()))
            again = uow.ledger.add_step("r1", Step.OFFERED, NOW, "bot", None)
            first = uow.ledger.add_step("r1", Step.ACCEPTED, NOW, "customer", {"seq": 4})
            second = uow.ledger.add_step("r1", Step.ACCEPTED, NOW + HOUR, "customer", None)
            issued = uow.ledger.add_step("r1", Step.ISSUED, NOW, "bot", None)
            late = uow.ledger.add_step("r1", Step.ACCEPTED, NOW + HOUR, "customer", None)
            found = uow.ledger.remedy("r1")

        assert (again, first, second, issued, late) == (False, True, False, True, False)
        assert found is not None
        assert found.state is Step.ISSUED

    def test_given_a_declined_remedy_when_accepted_then_refused(self, book: Database) -> None:
        with book.write() as uow:
            uow.ledger.add_offer(offer("o1", remedy()))
            take(uow, "r1", Step.DECLINED)
            with pytest.raises(StepOutOfOrder, match="is declined and cannot become accepted"):
                uow.ledger.add_step("r1", Step.ACCEPTED, NOW, "customer", None)

    def test_given_no_such_remedy_when_stepped_then_refused(self, book: Database) -> None:
        with book.write() as uow, pytest.raises(MissingRow):
            uow.ledger.add_step("r9", Step.ACCEPTED, NOW, "customer", None)

    def test_given_remedies_when_asked_by_state_then_the_oldest_come_first(
        self, book: Database
    ) -> None:
        with book.write() as uow:
            uow.ledger.add_offer(offer("o2", remedy("new"), made_at=NOW + HOUR))
            uow.ledger.add_offer(offer("o1", remedy("old"), remedy("open")))
            for name in ("new", "old"):
                take(uow, name, Step.ACCEPTED)
            accepted = [one.id for one in uow.ledger.in_state(Step.ACCEPTED)]
            one = [one.id for one in uow.ledger.in_state(Step.ACCEPTED, limit=1)]
            open_ones = [one.id for one in uow.ledger.in_state(Step.OFFERED)]

        assert (accepted, one, open_ones) == (["old", "new"], ["old"], ["open"])

    def test_given_offers_when_their_time_is_over_then_only_open_ones_expire(
        self, book: Database
    ) -> None:
        with book.write() as uow:
            uow.ledger.add_offer(offer("open", remedy("a"), remedy("b", alternative=1)))
            uow.ledger.add_offer(offer("taken", remedy("c")))
            uow.ledger.add_offer(offer("longer", remedy("d"), expires_at=NOW + 2 * DAY))
            take(uow, "c", Step.ACCEPTED)
            expiring = uow.ledger.offers_expiring_before(NOW + DAY + HOUR)
            not_yet = uow.ledger.offers_expiring_before(NOW + DAY)

        assert [(one.id, len(one.remedies)) for one in expiring] == [("open", 2)]
        assert not_yet == []


class TestRetries:
    def test_given_accepted_remedies_when_some_wait_then_the_others_are_to_be_carried_out(
        self, book: Database
    ) -> None:
        with book.write() as uow:
            uow.ledger.add_offer(offer("o1", remedy("waits"), remedy("due"), remedy("offered")))
            uow.ledger.add_offer(offer("o2", remedy("first"), made_at=NOW - HOUR))
            for name in ("waits", "due", "first"):
                take(uow, name, Step.ACCEPTED)
            uow.ledger.save_retry(retry("waits", next_at=NOW + HOUR))
            uow.ledger.save_retry(retry("due", next_at=NOW))
            now = [one.id for one in uow.ledger.to_carry_out(NOW)]
            later = [one.id for one in uow.ledger.to_carry_out(NOW + HOUR)]
            one = [one.id for one in uow.ledger.to_carry_out(NOW + HOUR, limit=1)]

        assert (now, later, one) == (["first", "due"], ["first", "due", "waits"], ["first"])

    def test_given_a_retry_when_saved_again_and_ended_then_there_is_one_and_then_none(
        self, book: Database
    ) -> None:
        with book.write() as uow:
            uow.ledger.add_offer(offer("o1", remedy()))
            uow.ledger.save_retry(retry("r1"))
            grown = retry("r1", tries=2, next_at=NOW + DAY, person_asked_at=NOW)
            uow.ledger.save_retry(grown)
            found = uow.ledger.retry_of("r1")
            uow.ledger.end_retries("r1")
            uow.ledger.end_retries("r1")
            gone = uow.ledger.retry_of("r1")

        assert (found, gone) == (grown, None)

    def test_given_failures_when_asked_which_last_long_then_those_nobody_was_asked_about(
        self, book: Database
    ) -> None:
        with book.write() as uow:
            uow.ledger.add_offer(offer("o1", remedy("new"), remedy("long"), remedy("asked")))
            uow.ledger.save_retry(retry("new", first_failed_at=NOW + HOUR))
            uow.ledger.save_retry(retry("long"))
            uow.ledger.save_retry(retry("asked", person_asked_at=NOW))
            found = [one.remedy_id for one in uow.ledger.failing_since(NOW)]

        assert found == ["long"]

    def test_given_an_issued_remedy_when_its_reference_is_asked_for_then_that_of_the_step(
        self, book: Database
    ) -> None:
        with book.write() as uow:
            uow.ledger.add_offer(offer("o1", remedy("r1"), remedy("r2")))
            take(uow, "r1", Step.ACCEPTED)
            uow.ledger.add_step("r1", Step.ISSUED, NOW, "system", {"reference": "PAY-1"})
            take(uow, "r2", Step.ACCEPTED, Step.ISSUED)
            found = [uow.ledger.reference_of(name) for name in ("r1", "r2", "r3")]

        assert found == ["PAY-1", None, None]


class TestGoodwill:
    def test_given_several_grants_when_summed_then_by_currency_customer_and_time(
        self, book: Database
    ) -> None:
        with book.write() as uow:
            ledger = uow.ledger
            ledger.add_offer(offer("o1", remedy("a"), remedy("b", amount=Money(300, "EUR"))))
            ledger.add_offer(offer("o2", remedy("c", case_id="k2"), made_at=NOW - 2 * DAY))
            ledger.add_offer(offer("o3", remedy("d", customer_key="cus-2")))
            ledger.add_offer(offer("o4", remedy("e", part="entitlement"), remedy("f", amount=None)))

            assert ledger.goodwill_to_customer("cus-1", NOW) == {"GBP": 500, "EUR": 300}
            assert ledger.goodwill_to_customer("cus-1", NOW - 3 * DAY) == {"GBP": 1000, "EUR": 300}
            assert ledger.goodwill_to_customer("cus-3", NOW - 3 * DAY) == {}
            assert ledger.goodwill_to_case("k2") == {"GBP": 500}
            assert ledger.goodwill_since(NOW) == {"GBP": 1000, "EUR": 300}
            assert ledger.goodwill_count("cus-1", NOW - 3 * DAY) == 2
            assert ledger.exceptions_to("cus-1", NOW - 3 * DAY) == {}
            assert ledger.goodwill_count("cus-1", NOW) == 1

    def test_given_exceptions_then_they_are_summed_apart_from_what_clauses_give(
        self, book: Database
    ) -> None:
        with book.write() as uow:
            ledger = uow.ledger
            beyond = remedy("a", clauses=("exception",))
            ledger.add_offer(offer("o1", beyond, remedy("b", clauses=("g-exceptional",))))
            ledger.add_offer(offer("o2", remedy("c", case_id="k2", clauses=("exception",))))
            ledger.add_offer(offer("o3", remedy("d", clauses=("exception",)), made_at=NOW - DAY))

            assert ledger.exceptions_to("cus-1", NOW) == {"GBP": 1000}
            assert ledger.exceptions_to("cus-1", NOW - 2 * DAY) == {"GBP": 1500}
            assert ledger.exceptions_to("cus-2", NOW - 2 * DAY) == {}
            assert ledger.exceptions_in("k2") == {"GBP": 500}

    def test_given_alternatives_when_open_then_the_dearest_is_reserved_once(
        self, book: Database
    ) -> None:
        cheap, dear = remedy("a"), remedy("b", alternative=1, amount=POUND_8)
        both = replace(dear, id="c", amount=POUND_5)
        with book.write() as uow:
            uow.ledger.add_offer(offer("o1", cheap, dear, both))
            reserved = uow.ledger.goodwill_to_case("k1")
            take(uow, "a", Step.ACCEPTED)
            for declined in ("b", "c"):
                take(uow, declined, Step.DECLINED)
            given_away = uow.ledger.goodwill_to_case("k1")

        assert (reserved, given_away) == ({"GBP": 1300}, {"GBP": 500})

    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(walks=st.lists(st.lists(st.sampled_from(list(Step)), max_size=3), max_size=4))
    def test_given_any_course_when_summed_then_exactly_the_reserving_count(
        self, book: Database, walks: list[list[Step]]
    ) -> None:
        expected = 0
        with book.write() as uow:  # left uncommitted: each example begins with an empty ledger
            for number, walk in enumerate(walks):
                uow.ledger.add_offer(offer(f"o{number}", remedy(f"r{number}")))
                state = Step.OFFERED
                for step in walk:
                    if step in FOLLOWS[state]:
                        take(uow, f"r{number}", step)
                        state = step
                expected += 500 if state in RESERVING else 0

            assert sum(uow.ledger.goodwill_to_case("k1").values()) == expected
