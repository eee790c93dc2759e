"""The ledger adds up what was offered and given, and takes each step once."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.compensation.model import FOLLOWS, RESERVING, Step
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
            uow.ledger.set_code("r1", "FERN-1234")
            found = uow.ledger.remedy("r1")
            with pytest.raises(MissingRow):
                uow.ledger.set_code("r2", "FERN-1234")

        assert found is not None
        assert found.code == "FERN-1234"


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
            assert ledger.goodwill_count("cus-1", NOW) == 1

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
