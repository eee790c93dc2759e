"""Everything that the books hold of a conversation arrives in its record, once."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from amends.conversations.model import Mode
from amends.records.log.ports import Wanted
from amends.records.log.reading import Books, conversations, rows
from amends.storage.tables import METADATA
from amends.values import Json
from tests.records.log.steps import EVERYTHING, KEY, NOTE, chats, everything, log_of
from tests.records.steps import CONTACT, OWNER
from tests.support.shop import ANA, LOST, Shop


def of_cases(row: Json, part: str) -> list[Json]:
    return [one for case in row["cases"] for one in case[part]]


def remedies(row: Json) -> list[Json]:
    return [one for offer in of_cases(row, "offers") for one in offer["remedies"]]


ARRIVES: dict[str, Callable[[Json], int]] = {
    "conversations": lambda row: 1,
    "messages": lambda row: len(row["messages"]),
    "choices": lambda row: sum(len(one["choices"]) for one in row["messages"]),
    "understandings": lambda row: len(row["assessments"]),
    "handoff_notes": lambda row: len(row["notes"]),
    "cases": lambda row: len(row["cases"]),
    "case_entries": lambda row: len(of_cases(row, "entries")),
    "decisions": lambda row: len(of_cases(row, "decisions")),
    "offers": lambda row: len(of_cases(row, "offers")),
    "remedies": lambda row: len(remedies(row)),
    "remedy_steps": lambda row: sum(len(one["steps"]) for one in remedies(row)),
    "promises": lambda row: len(of_cases(row, "promises")),
    "approvals": lambda row: len(of_cases(row, "approvals")),
    "handoffs": lambda row: len(row["waits"]["handoffs"]),
    "surveys": lambda row: len(row["surveys"]),
    "survey_asks": lambda row: len(row["survey_asks"]),
    "scores": lambda row: 1 if row["score"] else 0,
}
"""How many rows of each table a record holds."""

LEFT_OUT = {
    "action_runs": "what is said again when a turn is driven twice; said once in the messages",
    "access_requests": "codes by mail, with which nobody analyses anything",
    "audit": "the log of what was done, which has its own command",
    "mails": "what was mailed; gone once it is sent",
    "outbox": "events of what is told here",
    "webhook_endpoints": "other systems",
    "webhook_deliveries": "other systems",
    "help_desk_chats": "how far another system was told",
    "remedy_retries": "gone once the remedy is carried out",
    "handoff_listeners": "who looks on just now",
    "case_terms": "an index of words",
    "programs": "which versions of the program may run",
    "erasing": "there only while something is erased",
    "erasures": "when what was erased",
    "legal_holds": "what may not be erased",
    "conversation_facts": "figures that follow from what is told here",
    "canned_replies": "of the desk",
    "rule_versions": "of the desk",
    "model_examinations": "of the assistant, not of a conversation",
    "model_promotions": "of the assistant, not of a conversation",
    "model_work": "of the assistant, not of a conversation",
    "model_serving": "of the assistant, not of a conversation",
    "model_shadows": "of the assistant, not of a conversation",
    "shadow_readings": "what a model made of messages on trial; nobody acted on it",
    "staff": "of the desk; ids stand in the records",
    "staff_sessions": "of the desk",
    "staff_recovery_codes": "of the desk",
    "staff_changes": "of the desk",
    "reviews": "which messages a trainer should look at, which follows from what is told here",
    "review_groups": "which of them are alike",
    "review_bands": "which of them are alike",
    "review_decisions": "what trainers made of them: of the assistant, not of a conversation",
    "review_cursor": "up to where the log was looked at",
    "training_changes": "of the company, not of a conversation",
    "cause_actions": "of the company, not of a conversation",
    "cause_action_entries": "of the company, not of a conversation",
    "customers": "the order system's; whom it is about stands in the record",
    "orders": "the order system's; the case names its order",
    "order_lines": "the order system's",
}


class TestCompleteness:
    def test_given_all_tables_then_each_arrives_or_is_left_out_for_a_reason(self) -> None:
        assert ARRIVES.keys() | LEFT_OUT.keys() == set(METADATA.tables)
        assert not ARRIVES.keys() & LEFT_OUT.keys()

    @pytest.mark.parametrize("table", ARRIVES)
    def test_given_a_chat_with_everything_then_each_row_of_each_table_arrives(
        self, shop: Shop, table: str
    ) -> None:
        everything(shop)
        everything(shop, LOST)
        shop.chat()

        with shop.db.read() as uow:
            stored = uow._session.scalar(text(f"SELECT count(*) FROM {table}"))

        assert stored
        assert sum(ARRIVES[table](row) for row in log_of(shop)) == stored

    def test_given_two_chats_then_what_belongs_to_one_is_not_told_of_the_other(
        self, shop: Shop
    ) -> None:
        first, second = everything(shop), everything(shop, LOST)

        told = {row["id"]: row for row in log_of(shop, personal=True)}

        for mine, other in ((first, second), (second, first)):
            assert [case["id"] for case in told[mine.id]["cases"]] == [mine.case.id]
            assert other.case.id not in str(told[mine.id])

    def test_given_a_chat_then_its_values_are_those_of_the_books(self, shop: Shop) -> None:
        chat = everything(shop)

        (row,) = log_of(shop, personal=True)

        (case,), (waited,) = row["cases"], row["waits"]["handoffs"]
        assert row["customer"]["email"] == OWNER
        assert row["customer"]["signed_in"] is False
        assert (case["number"], case["order_number"]) == (chat.case.number, "10045")
        assert case["outcome"] == row["outcome"] == "remedy_accepted"
        assert row["given"][0]["currency"] == "GBP"
        assert waited["contact_address"] == CONTACT
        assert waited["was_needed"] is False
        assert waited["claimed_by"] == ANA.id
        assert waited["answer_seconds"] == 300
        assert waited["answered_in_time"] is True
        assert row["messages"][-1]["author_kind"] == "person"
        assert row["messages"][-1]["author"] == ANA.id
        assert row["surveys"][0]["csat"] == 4
        assert case["approvals"][0]["note"] == NOTE
        assert row["waits"]["first_answer_seconds"] > 0
        assert row["quality"]["share"] is not None

    def test_given_an_understanding_then_it_is_told_without_its_parse(self, shop: Shop) -> None:
        everything(shop)

        (row,) = log_of(shop)

        (read,) = row["assessments"]
        assert (read["intent"], read["category"]) == ("report_not_received", "not_received")
        assert "parse" not in read


class TestPaging:
    def test_given_more_than_a_batch_then_each_comes_once_in_order(self, shop: Shop) -> None:
        begun = chats(shop, 450)

        told = [row["id"] for row in log_of(shop)]

        assert len(told) == len(set(told)) == 450
        assert set(told) == set(begun)
        moments = [row["started_at"] for row in log_of(shop)]
        assert moments == sorted(moments)

    def test_given_chats_that_begin_and_grow_meanwhile_then_none_is_lost_or_doubled(
        self, shop: Shop
    ) -> None:
        begun = chats(shop, 410)
        until = shop.clock.forward(seconds=1)
        busy = shop.chat()
        opened = 0

        def view() -> AbstractContextManager[Books]:
            nonlocal opened
            opened += 1
            shop.chat()
            busy.says("And another thing")
            with shop.write() as uow:
                talk = uow.conversations.lock(begun[opened])
                uow.conversations.set_mode(talk.id, talk.mode, at=shop.clock.forward(seconds=1))
            return shop.db.read()

        told = [one.conversation.id for one in conversations(view, Wanted(until=until))]

        assert opened >= 3
        assert sorted(told) == sorted(begun)

    def test_given_a_stream_then_it_holds_no_view_open_while_rows_are_used(
        self, shop: Shop
    ) -> None:
        chats(shop, 3)
        stream = rows(shop.db.read, EVERYTHING, KEY)

        next(stream)
        shop.clock.forward(minutes=1)
        shop.chat()  # makes the write-ahead log grow, which a reader would keep from being emptied
        with closing(sqlite3.connect(shop.db.url.database or "")) as beside:
            ((is_busy, *_),) = beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        assert not is_busy
        assert len(list(stream)) == 3


class TestWanted:
    def told(self, shop: Shop, **wanted: object) -> list[str]:
        found = log_of(shop, wanted=Wanted(**wanted))  # type: ignore[arg-type]
        return [row["id"] for row in found]

    def test_given_a_span_then_it_holds_its_beginning_and_not_its_end(self, shop: Shop) -> None:
        moments: list[datetime] = []
        ids = []
        for _ in range(3):
            moments.append(shop.clock.forward(hours=1))
            ids.append(shop.chat().id)

        assert self.told(shop, since=moments[1]) == ids[1:]
        assert self.told(shop, until=moments[1]) == ids[:1]
        assert self.told(shop, since=moments[1], until=moments[2]) == ids[1:2]
        assert self.told(shop, since=moments[2] + timedelta(seconds=1)) == []

    def test_given_a_language_then_only_chats_in_it_come(self, shop: Shop) -> None:
        shop.chat()
        chinese = shop.chat(language="zh")

        assert self.told(shop, language="zh") == [chinese.id]

    def test_given_only_closed_then_open_ones_stay_away(self, shop: Shop) -> None:
        shop.chat()
        closed = shop.chat()
        with shop.write() as uow:
            uow.conversations.set_mode(closed.id, Mode.CLOSED, at=shop.clock())

        assert self.told(shop, only_closed=True) == [closed.id]
