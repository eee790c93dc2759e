"""The log in bulk on both databases: what is read is what the rooms' own repositories read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session

from amends.cases.model import CaseEntry, CaseId
from amends.compensation.model import Step
from amends.conversations.model import Choice, Mode
from amends.handoff.approval_model import Approval
from amends.records.log.gathered import Gathered, Read
from amends.records.log.ports import Page, Place, Wanted
from amends.satisfaction.model import Score, Survey
from amends.satisfaction.surveys.model import Channel, Question, SurveyAsk
from amends.storage import Database, SqlUnitOfWork, demo_shop
from tests.storage.samples import (
    DAY,
    HOUR,
    NOW,
    bot_says,
    case,
    conversation,
    customer_says,
    decision,
    handoff,
    offer,
    promise,
    remedy,
    staff,
    understanding,
)

ALL = Wanted()
ORDER = demo_shop.orders(NOW)[0]


def begun(db: Database, *ids: str, **changes: object) -> None:
    with db.write() as uow:
        for number, name in enumerate(ids):
            at = NOW + timedelta(minutes=number)
            talk = conversation(name, created_at=at, **changes)
            uow.conversations.add(talk, f"hash of {name}")
        uow.commit()


def fill(db: Database, *ids: str) -> None:
    """Give each conversation a row in every table of which the log tells."""
    begun(db, *ids)
    with db.write() as uow:
        for customer in demo_shop.CUSTOMERS:
            uow.orders.add_customer(customer)
        uow.orders.add_order(ORDER)
        uow.staff.add(staff(), "hash")
        for name in ids:
            _fill_one(uow, name)
        uow.commit()


def _fill_one(uow: SqlUnitOfWork, name: str) -> None:
    choices = (Choice(f"{name}-yes", "Yes", "/agree"), Choice(f"{name}-no", "No", "/refuse"))
    uow.conversations.append(name, customer_says(f"It is {name}"), NOW)
    uow.conversations.append(name, bot_says(choices=choices), NOW + HOUR)
    uow.understandings.add(name, 1, understanding(), NOW)
    uow.notes.add(name, 1, "s-ana", f"about {name}", NOW)
    mine = case(f"k-{name}", conversation_id=name, order_number=ORDER.number)
    uow.cases.add(mine)
    uow.cases.add_entry(CaseEntry(CaseId(mine.id), NOW, "customer", "complained", {"seq": 1}))
    uow.ledger.add_decision(decision(f"d-{name}", case_id=mine.id))
    made = offer(f"o-{name}", remedy(f"r-{name}", case_id=mine.id), case_id=mine.id,
                 decision_id=f"d-{name}")  # fmt: skip
    uow.ledger.add_offer(made)
    uow.ledger.add_step(f"r-{name}", Step.ACCEPTED, NOW, "customer", None)
    uow.promises.add(promise(f"p-{name}", case_id=CaseId(mine.id), remedy_id=f"r-{name}"))
    asked = replace(handoff(f"h-{name}", conversation_id=name, case_id=mine.id), was_needed=True)
    uow.handoffs.add(asked)
    uow.approvals.add(
        Approval(f"a-{name}", f"h-{name}", mine.id, "key", (), "s-ana", NOW, "Please")
    )
    uow.surveys.add(Survey(name, mine.id, 2, "no", NOW))
    uow.survey_asks.add(SurveyAsk(f"s-{name}", name, mine.id, Channel.MAIL, NOW, (Question.CSAT,)))
    uow.scores.save(name, Score(2.5, 0.7, {"outcome": 2.0}, ("waited",), "believed"), NOW)


def read(db: Database, wanted: Wanted = ALL, **how: int) -> list[str]:
    """The ids of all pages, one after the other."""
    found: list[str] = []
    after: Place | None = None
    while True:
        with db.read() as uow:
            page: Page = uow.log.page(wanted, after, **how)
        found += page.ids
        if page.last is None:
            return found
        after = page.last


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


class TestGather:
    def test_given_rows_in_every_table_then_they_are_those_of_the_rooms(self, db: Database) -> None:
        fill(db, "c1", "c2")

        with db.read() as uow:
            first, second = uow.log.gather(["c1", "c2"])
            assert_as_in_the_rooms(uow, first)
            assert_as_in_the_rooms(uow, second)

    def test_given_ids_in_some_order_then_that_is_the_order_and_the_unknown_are_left_out(
        self, db: Database
    ) -> None:
        begun(db, "c1", "c2", "c3")

        with db.read() as uow:
            found = uow.log.gather(["c3", "nobody", "c1"])

        assert [one.conversation.id for one in found] == ["c3", "c1"]

    def test_given_nothing_to_read_then_nothing_is_asked(self, db: Database) -> None:
        with db.read() as uow, counting(uow._session) as statements:
            assert uow.log.gather([]) == []

        assert statements == []

    def test_given_more_conversations_then_not_more_queries(self, db: Database) -> None:
        names = [f"c{number}" for number in range(12)]
        fill(db, *names)

        with db.read() as uow:
            with counting(uow._session) as for_one:
                uow.log.gather(names[:1])
            with counting(uow._session) as for_all:
                uow.log.gather(names)

        assert len(for_all) == len(for_one)
        assert len(set(for_all)) == len(for_all)  # one per table


def assert_as_in_the_rooms(uow: SqlUnitOfWork, one: Gathered) -> None:
    name = one.conversation.id
    assert one.conversation == uow.conversations.get(name)
    assert list(one.messages) == list(uow.conversations.after(name, 0))
    assert one.read == (Read(1, NOW, understanding()),)
    assert list(one.notes) == list(uow.notes.of_conversation(name))
    assert list(one.handoffs) == list(uow.handoffs.of_conversation(name))
    assert one.handoffs[0].was_needed is True
    assert one.surveys == (uow.surveys.of_conversation(name),)
    assert list(one.survey_asks) == list(uow.survey_asks.of_conversation(name))
    assert one.score == uow.scores.of_conversation(name)
    assert one.scored_at == NOW
    assert one.people == (uow.orders.customer(ORDER.customer_id),)
    (only,) = one.cases
    (expected,) = uow.cases.of_conversation(name)
    assert only.case == expected
    assert only.order == ORDER
    assert list(only.entries) == list(uow.cases.entries(expected.id))
    assert list(only.decisions) == list(uow.ledger.decisions_of_case(expected.id))
    assert list(only.offers) == list(uow.ledger.offers_of_case(expected.id))
    assert list(only.promises) == list(uow.promises.of_case(expected.id))
    assert list(only.approvals) == list(uow.approvals.of_case(expected.id))
    steps = [step.step for step in only.steps[f"r-{name}"]]
    assert steps == [Step.OFFERED, Step.ACCEPTED]
    assert len(uow.ledger.steps_of_case(expected.id)) == 2


class TestPage:
    def test_given_pages_of_any_size_then_each_comes_once_in_order(self, db: Database) -> None:
        names = [f"c{number}" for number in range(7)]
        begun(db, *names)

        for limit in (1, 2, 3, 7, 8):
            assert read(db, limit=limit) == names

    def test_given_one_moment_for_all_then_the_id_decides(self, db: Database) -> None:
        with db.write() as uow:
            for name in ("b", "c", "a"):
                uow.conversations.add(conversation(name), name)
            uow.commit()

        assert read(db, limit=1) == ["a", "b", "c"]

    def test_given_long_conversations_then_a_page_holds_fewer_but_always_one(
        self, db: Database
    ) -> None:
        begun(db, "c1", "c2", "c3", last_seq=60)

        with db.read() as uow:
            assert uow.log.page(ALL, None, messages=120).ids == ("c1", "c2")
            assert uow.log.page(ALL, None, messages=100).ids == ("c1",)
            assert uow.log.page(ALL, None, messages=10).ids == ("c1",)
        assert read(db, messages=10) == ["c1", "c2", "c3"]

    def test_given_what_is_wanted_then_only_that_comes(self, db: Database) -> None:
        begun(db, "c1", "c2", "c3")
        with db.write() as uow:
            uow.conversations.set_mode("c2", Mode.CLOSED, at=NOW)
            uow.conversations.add(
                conversation("zh", language="zh", created_at=NOW + DAY), "hash of zh"
            )
            uow.commit()

        minute = timedelta(minutes=1)
        assert read(db, Wanted(since=NOW + minute)) == ["c2", "c3", "zh"]
        assert read(db, Wanted(until=NOW + minute)) == ["c1"]
        assert read(db, Wanted(language="zh")) == ["zh"]
        assert read(db, Wanted(only_closed=True)) == ["c2"]
        assert read(db, Wanted(since=NOW + minute, only_closed=True, language="zh")) == []
