"""Cases, their timeline, promises, and messages for the outside."""

from datetime import datetime

import pytest
from sqlalchemy import create_engine, text

from amends.cases.model import CaseEntry, CaseId, CaseStatus, Category, PromiseState, Wish
from amends.cases.root_causes import RootCause
from amends.storage import Conflict, Database
from amends.storage.errors import MissingRow
from tests.storage.samples import DAY, HOUR, NOW, case, given, promise

FULL = case(
    "k9",
    secondary=(Category.NOT_RECEIVED, Category.STAFF_CONDUCT),
    severity="critical",
    flags=frozenset({"legal", "safety"}),
    customer_id="cus-1",
    order_number="10045",
    item="Kettle",
    what_happened="It smokes",
    wish=Wish.REFUND,
    wish_text="my money",
    repeat_complaint=True,
    outcome="refunded",
    closed_at=NOW + DAY,
    status=CaseStatus.RESOLVED,
    root_cause=RootCause.PACKAGING,
    resolution_due_at=NOW + HOUR,
)


class TestCases:
    def test_given_every_field_when_read_then_the_same_case_comes_back(self, db: Database) -> None:
        given(db)
        with db.write() as uow:
            uow.cases.add(FULL)
            uow.commit()

        with db.read() as uow:
            assert uow.cases.get("k9") == FULL
            assert uow.cases.by_number("AM-k9") == FULL
            assert uow.cases.number_taken("AM-k9")
            assert not uow.cases.number_taken("AM-k8")
            assert uow.cases.get("k8") is None

    def test_given_a_case_when_saved_then_every_change_is_kept(self, db: Database) -> None:
        given(db, case_ids=("k9",))
        with db.write() as uow:
            uow.cases.save(FULL)
            uow.commit()

        with db.read() as uow:
            assert uow.cases.get("k9") == FULL

    def test_given_an_unknown_case_when_saved_then_refused(self, db: Database) -> None:
        with db.write() as uow, pytest.raises(MissingRow):
            uow.cases.save(FULL)

    def test_given_a_number_in_use_when_another_case_takes_it_then_refused(
        self, db: Database
    ) -> None:
        given(db, case_ids=("k1",))

        with db.write() as uow, pytest.raises(Conflict):
            uow.cases.add(case("k2", number="AM-k1"))

    def test_given_several_cases_when_listed_then_oldest_first(self, db: Database) -> None:
        given(db, "c1", "c2")
        with db.write() as uow:
            uow.cases.add(case("new", opened_at=NOW + DAY, customer_id="cus-1"))
            uow.cases.add(case("old", opened_at=NOW, customer_id="cus-1"))
            uow.cases.add(
                case(
                    "else", conversation_id="c2", customer_id="cus-2", status=CaseStatus.WITH_STAFF
                )
            )
            uow.commit()

        with db.read() as uow:
            cases = uow.cases
            assert [found.id for found in cases.of_conversation("c1")] == ["old", "new"]
            assert [found.id for found in cases.of_customer_since("cus-1", NOW)] == ["old", "new"]
            assert [found.id for found in cases.of_customer_since("cus-1", NOW + HOUR)] == ["new"]
            assert [found.id for found in cases.with_status(CaseStatus.OPEN)] == ["old", "new"]
            assert [found.id for found in cases.with_status(CaseStatus.OPEN, 1)] == ["old"]
            assert [found.id for found in cases.with_status(CaseStatus.WITH_STAFF)] == ["else"]

    def test_given_entries_when_read_then_they_stand_in_the_order_written(
        self, db: Database
    ) -> None:
        given(db, case_ids=("k1", "k2"))
        entries = [
            CaseEntry(CaseId("k1"), NOW, "bot", "opened", {"category": "damaged_item"}),
            CaseEntry(CaseId("k1"), NOW, "customer", "detail", {"order": "10045", "n": [1, None]}),
        ]
        with db.write() as uow:
            for entry in entries:
                uow.cases.add_entry(entry)
            uow.cases.add_entry(CaseEntry(CaseId("k2"), NOW, "bot", "opened", {}))
            uow.commit()

        with db.read() as uow:
            assert uow.cases.entries("k1") == entries


class TestPromises:
    def test_given_open_promises_when_due_then_the_earliest_comes_first(self, db: Database) -> None:
        given(db, case_ids=("k1",))
        later, sooner, kept = (
            promise("later", due_at=NOW + 2 * HOUR),
            promise("sooner", due_at=NOW + HOUR),
            promise("kept", due_at=NOW + HOUR, state=PromiseState.KEPT),
        )
        with db.write() as uow:
            for one in (later, sooner, kept):
                uow.promises.add(one)
            uow.commit()

        with db.read() as uow:
            assert uow.promises.open_due_before(NOW + DAY) == [sooner, later]
            assert uow.promises.open_due_before(NOW + DAY, limit=1) == [sooner]
            assert uow.promises.open_due_before(NOW + HOUR) == []
            assert uow.promises.of_case("k1") == [kept, later, sooner]

    def test_given_a_kept_promise_when_broken_then_it_stays_kept(self, db: Database) -> None:
        given(db, case_ids=("k1",))
        with db.write() as uow:
            uow.promises.add(promise())
            first = uow.promises.set_state("p1", PromiseState.KEPT, NOW)
            second = uow.promises.set_state("p1", PromiseState.BROKEN, NOW)
            states = [one.state for one in uow.promises.of_case("k1")]

        assert (first, second, states) == (True, False, [PromiseState.KEPT])

    def test_given_a_new_date_then_it_takes_the_place_of_one_promise_and_of_no_other(
        self, db: Database
    ) -> None:
        given(db, case_ids=("k1",))
        moved = promise("p2", replaces="p1", made_at=NOW + HOUR)
        with db.write() as uow:
            uow.promises.add(promise("p1", state=PromiseState.BROKEN))
            uow.promises.add(moved)
            uow.commit()

        with db.read() as uow:
            assert uow.promises.of_case("k1")[1] == moved
        with db.write() as uow, pytest.raises(Conflict):
            uow.promises.add(promise("p3", replaces="p1"))


class TestOutbox:
    def test_given_the_same_key_when_left_twice_then_one_message_stands(
        self, db: Database, url: str
    ) -> None:
        with db.write() as uow:
            uow.outbox.add("case.opened", "k1", {"case": "AM-1"}, NOW)
            uow.outbox.add("case.opened", "k1", {"case": "other"}, NOW)
            uow.outbox.add("case.closed", "k1", {"case": "AM-1"}, NOW)
            uow.commit()

        assert outbox_rows(url) == [("case.opened", "AM-1"), ("case.closed", "AM-1")]

    def test_given_a_naive_time_when_written_then_refused(self, db: Database) -> None:
        with db.write() as uow, pytest.raises(Exception, match="no time zone"):
            uow.outbox.add("case.opened", "k1", {}, datetime(2026, 3, 1))  # noqa: DTZ001


def outbox_rows(url: str) -> list[tuple[str, str]]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT topic, payload ->> 'case' FROM outbox ORDER BY id")
            )
            return [(topic, number) for topic, number in rows]
    finally:
        engine.dispose()
