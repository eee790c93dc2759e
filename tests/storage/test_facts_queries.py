"""Facts as the figures ask for them: by any column, as columns, and behind a place."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from amends.insights.facts import FACT_NAMES, ConversationFacts
from amends.insights.table import FactsQuery, MoodMove
from amends.storage import Database
from tests.insights.action_samples import facts, store

DAY = date(2026, 3, 2)
SINCE = datetime(2026, 3, 1, tzinfo=UTC)
WEEK = FactsQuery(SINCE, SINCE + timedelta(days=7))


def keep(db: Database, *rows: ConversationFacts) -> None:
    with db.write() as uow:
        store(uow, *rows)
        uow.commit()


def found(db: Database, **asked: Any) -> set[str]:
    """Return which conversations are found, the count and both ways of reading agreeing."""
    query = replace(WEEK, **asked)
    with db.read() as uow:
        rows = uow.facts.find(query)
        ids = [row.conversation_id for row in rows]
        assert uow.facts.count(query) == len(rows)
        assert uow.facts.table(query, ["conversation_id"]).words("conversation_id").tolist() == [
            *reversed(ids)
        ]
    return set(ids)


class TestFilters:
    @pytest.fixture
    def kept(self, db: Database) -> Database:
        keep(
            db,
            facts("a", DAY, csat=5, result="withdrawn", review="yn------", promises_kept=1),
            facts("b", DAY, csat=4, mood_start=-0.5, mood_end=0.0, review="n-------"),
            facts("c", DAY, csat=1, mood_start=0.5, mood_end=0.0, promises_broken=1),
            facts(
                "d",
                DAY,
                predicted=4.0,
                felt_empathy=2,
                mood_start=0.0,
                mood_end=0.05,
                handoff_right=False,
            ),
            facts("e", date(2026, 3, 9), csat=5),
        )
        return db

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({}, "abcd"),
            ({"equal": {"csat": (4, 5)}}, "ab"),
            ({"equal": {"csat": None}}, "d"),
            ({"equal": {"result": ("no_case", "withdrawn")}}, "a"),
            ({"equal": {"handoff_right": False}}, "d"),
            ({"known": frozenset({"csat"})}, "abc"),
            ({"low": {"predicted": 3.0}, "below": {"predicted": 4.0}}, "abc"),
            ({"low": {"csat": 4}, "high": {"csat": 4}}, "b"),
            ({"unmet": 0}, "b"),
            ({"unmet": 1}, "a"),
            ({"judged": 0}, "ab"),
            ({"mood": MoodMove.IMPROVED}, "b"),
            ({"mood": MoodMove.WORSENED}, "c"),
            ({"promised": True}, "ac"),
            ({"answered": True}, "abcd"),
            ({"answered": True, "equal": {"csat": None}}, "d"),
        ],
    )
    def test_given_a_filter_then_what_it_says_is_found(
        self, kept: Database, asked: dict[str, Any], expected: str
    ) -> None:
        assert found(kept, **asked) == set(expected)

    def test_given_no_such_column_then_the_question_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no fact 'colour'"):
            replace(WEEK, known=frozenset({"colour"}))


class TestColumns:
    def test_given_rows_then_columns_hold_numbers_and_words_oldest_first(
        self, db: Database
    ) -> None:
        late = facts("late", date(2026, 3, 3), category=None, csat=4, handed_off=True)
        early = facts("early", DAY, csat=None, predicted=2.25)
        keep(db, late, early)

        with db.read() as uow:
            table = uow.facts.table(
                WEEK, ("started_at", "category", "csat", "handed_off", "predicted")
            )

        assert table.numbers("started_at").tolist() == [
            early.started_at.timestamp(), late.started_at.timestamp()
        ]  # fmt: skip
        assert table.words("category").tolist() == ["damaged_item", ""]
        assert table.known("csat").tolist() == [4]
        assert table.numbers("handed_off").tolist() == [0, 1]
        assert table.numbers("predicted").tolist() == [2.25, 3.0]

    def test_given_no_rows_then_all_columns_are_there_and_empty(self, db: Database) -> None:
        with db.read() as uow:
            table = uow.facts.table(WEEK, FACT_NAMES)

        assert len(table) == 0
        assert set(table) == set(FACT_NAMES)
        assert table.counts("category") == {}
        assert table.groups("category") == {}


class TestPages:
    def test_given_a_place_then_the_list_goes_on_behind_it(self, db: Database) -> None:
        keep(db, *(facts(name, DAY) for name in "abcde"))

        with db.read() as uow:
            first = uow.facts.find(WEEK, None, 2)
            last = first[-1]
            rest = uow.facts.find(WEEK, (last.started_at, last.conversation_id), 50)

        assert [one.conversation_id for one in (*first, *rest)] == list("edcba")
