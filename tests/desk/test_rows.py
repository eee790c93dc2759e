"""The lines of the lists: clocks, and what does not fit the reader."""

from dataclasses import replace
from datetime import timedelta

import pytest

from amends.cases.model import Category
from amends.desk import rows
from amends.desk.templating import render
from amends.handoff.deadlines import Deadline, DeadlineKind, deadlines_of
from amends.handoff.model import HandoffState, Passing
from amends.handoff.thresholds import Thresholds
from tests.handoff.test_fit import ANA, item
from tests.support.shop import NOW

THRESHOLDS = Thresholds((), timedelta(minutes=30), timedelta(hours=3))


class TestClock:
    @pytest.mark.parametrize(
        ("minutes", "words", "state"),
        [
            (25, "Answer in 25 min", "calm"),
            (9, "Due soon, in 9 min", "soon"),
            (0, "Due now", "soon"),
            (-3, "Overdue by 3 min", "overdue"),
        ],
    )
    def test_given_an_answer_is_due_then_colour_and_word_agree(
        self, minutes: int, words: str, state: str
    ) -> None:
        clock = rows.row(item(minutes_due=minutes), THRESHOLDS).clock

        assert clock == rows.Clock(words, state)

    def test_given_a_resolution_days_away_then_it_is_no_clock_of_the_row_but_a_date_of_the_head(
        self,
    ) -> None:
        due = Deadline(DeadlineKind.RESOLUTION, NOW + timedelta(days=3))
        far = replace(item(minutes_due=3 * 24 * 60), deadline=due)

        assert rows.row(far, THRESHOLDS).clock is None
        assert rows.clock(due, NOW) == rows.Clock("Due 7 Mar 2026", "calm")


class TestDeadlines:
    def test_given_not_answered_then_answer_limit_and_resolution_are_due_in_order(self) -> None:
        asked = item()
        case = replace(asked.case, resolution_due_at=NOW + timedelta(hours=24))  # type: ignore[type-var]
        handoff = replace(
            asked.handoff,
            answer_due_at=NOW + timedelta(minutes=30),
            limit_due_at=NOW + timedelta(hours=3),
        )

        kinds = [one.kind.value for one in deadlines_of(handoff, case)]

        assert kinds == ["answer", "limit", "resolution"]

    def test_given_its_person_has_answered_then_only_the_case_is_due(self) -> None:
        asked = item()
        case = replace(asked.case, resolution_due_at=NOW)  # type: ignore[type-var]
        answered = replace(
            asked.handoff, state=HandoffState.CLAIMED, claimed_by="s", first_answer_at=NOW
        )
        put_back = replace(answered, state=HandoffState.WAITING, claimed_by=None)

        assert [one.kind for one in deadlines_of(answered, case)] == [DeadlineKind.RESOLUTION]
        assert len(deadlines_of(put_back, case)) == 3

    def test_given_the_chat_ended_then_no_answer_is_due(self) -> None:
        ended = replace(item().handoff, state=HandoffState.ENDED)

        assert deadlines_of(ended, None) == ()


class TestRow:
    def test_given_another_language_and_subject_then_both_are_said_in_words(self) -> None:
        other = item(language="zh", category=Category.DAMAGED_ITEM)

        assert rows.unfit(other, ANA) == ("Other language: Chinese", "Other subject: Damaged item")
        assert rows.unfit(item(), ANA) == ()

    def test_given_the_customer_waits_for_a_word_then_said_how_long(self) -> None:
        assert rows.unanswered(replace(item(), minutes_unanswered=4)) == (
            "Waits 4 min for your answer"
        )
        assert rows.unanswered(replace(item(), minutes_unanswered=0)) == ""
        assert rows.unanswered(item()) == ""

    def test_given_passed_on_then_the_note_stands_with_who_wrote_it_as_text(self) -> None:
        handoff = replace(
            item().handoff, claimed_by="s-ben", passing=Passing("<b>VIP</b>", NOW, NOW, to="s-ana")
        )
        aside = rows.passed_by(replace(item(), handoff=handoff), {"s-ben": "Ben"})
        row = replace(rows.row(item(), THRESHOLDS), aside=aside)

        assert aside == "Ben: <b>VIP</b>"
        assert "&lt;b&gt;VIP" in render("row.html", row=row)

    def test_given_a_colleagues_chat_then_holder_and_mood_are_said(self) -> None:
        handoff = replace(item().handoff, claimed_by="s-ben")

        said = rows.holder(replace(item(), handoff=handoff, mood=-0.6), {"s-ben": "Ben"})

        assert said == "With Ben · Mood: negative"
