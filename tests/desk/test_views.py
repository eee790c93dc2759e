from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from amends.cases.model import (
    Case,
    CaseId,
    CaseStatus,
    Category,
    NextStep,
    Promise,
    PromiseState,
)
from amends.conversations.model import ConversationId, Message, Role, Seq
from amends.desk import entry_words, views, words
from amends.desk.card_views import outlook
from amends.desk.sparkline import HEIGHT, mood
from amends.desk.templating import render
from amends.satisfaction.model import Survey

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def message(role: Role, text: str = "Hello", **facts: object) -> Message:
    return Message(ConversationId("c1"), Seq(1), role, text, NOW, **facts)  # type: ignore[arg-type]


def case_with(**facts: Any) -> Case:
    plain: dict[str, Any] = {"owner": "bot", "next_step": "nothing"} | facts
    return Case(
        CaseId("k1"), "AM-1", "c1", Category.NOT_RECEIVED, CaseStatus.WITH_STAFF, NOW, 1, **plain
    )


class TestLine:
    def test_given_markup_then_rendered_as_text(self) -> None:
        line = views.line(message(Role.CUSTOMER, "<script>x</script>"), "Maya", "Ana")

        html = render("message.html", line=line)

        assert "<script>" not in html
        assert "&lt;script&gt;" in html

    def test_given_each_role_then_its_word_stands_in_the_text_not_in_the_colour_alone(
        self,
    ) -> None:
        shown = {
            role: render("message.html", line=views.line(message(role), "Maya", "Ana"))
            for role in Role
        }

        for role, word in ((Role.CUSTOMER, "Customer"), (Role.BOT, "Bot"), (Role.STAFF, "Staff")):
            assert f">{word}<" in shown[role]

    def test_given_promise_card_then_each_line_has_sum_and_date(self) -> None:
        card = {
            "kind": "promise",
            "lines": [{"title": "Voucher", "amount": "£5.00", "due_at": NOW.isoformat()}],
        }

        line = views.line(message(Role.BOT, card=card), "Maya", "Ana")

        assert line.card_title == "Promised"
        assert line.card == (("Voucher", "£5.00 by 1 Mar 2026"),)

    def test_given_a_rating_then_it_stands_at_the_latest_message_that_asked_for_it(self) -> None:
        asked = [
            replace(message(Role.SYSTEM, card={"kind": "survey"}), seq=Seq(seq), at=NOW + hours)
            for seq, hours in ((1, timedelta()), (2, timedelta(hours=1)), (3, timedelta(hours=3)))
        ]
        survey = Survey("c1", None, 4, "", NOW + timedelta(hours=2))

        rated = views.ratings(asked, survey)
        titles = [
            views.line(one, "Maya", "Ana", rated.get(one.seq, "")).card_title for one in asked
        ]

        assert titles == ["Rating asked", "Rated 4 of 5", "Rating asked"]
        assert views.ratings(asked, None) == {}

    @pytest.mark.parametrize("card", [{}, {"kind": "future"}, {"kind": "offer", "lines": None}])
    def test_given_card_nobody_knows_then_the_words_are_shown_all_the_same(
        self, card: dict[str, object]
    ) -> None:
        line = views.line(message(Role.BOT, card=card), "Maya", "Ana")

        assert "Hello" in render("message.html", line=line)

    def test_given_own_and_a_colleagues_message_then_only_mine_is_mine(self) -> None:
        mine = views.line(message(Role.STAFF, author="Ana"), "Maya", "Ana")
        other = views.line(message(Role.STAFF, author="Ben"), "Maya", "Ana")

        assert (mine.mine, other.mine) == (True, False)


class TestWords:
    @pytest.mark.parametrize(
        ("count", "said"),
        [(0, "now"), (7, "7 min"), (65, "1 h 5 min"), (120, "2 h"), (600, "10 h"), (4000, "2 d")],
    )
    def test_minutes(self, count: int, said: str) -> None:
        assert words.minutes(count) == said

    def test_given_time_before_and_after_due_then_said_so(self) -> None:
        assert words.due(7) == "Due in 7 min"
        assert words.due(-3) == "Overdue by 3 min"
        assert words.due_at(NOW + timedelta(days=3), NOW) == "Due 4 Mar 2026"
        assert words.due_at(NOW - timedelta(days=3), NOW) == "Overdue since 26 Feb 2026"

    @pytest.mark.parametrize(
        ("state", "said"),
        [
            (PromiseState.OPEN, "We carry out what was promised"),
            (PromiseState.KEPT, "Everything was carried out"),
        ],
    )
    def test_given_a_granted_remedy_then_the_next_step_is_what_is_left_of_it(
        self, state: PromiseState, said: str
    ) -> None:
        case = case_with(next_step=NextStep.REMEDY_IS_ISSUED.value)
        promise = Promise("p1", case.id, "refund", NOW, NOW, "bot", state, remedy_id="r1")

        assert words.next_step(case, [promise]) == said

    @pytest.mark.parametrize(
        "kind",
        ["complained", "added", "details", "progress", "decided", "offered", "promised", "closed",
         "granted", "second_problem", "something_new"],
    )  # fmt: skip
    def test_given_any_entry_with_or_without_data_then_a_line_without_gaps(self, kind: str) -> None:
        line = entry_words.entry(
            kind, {"category": "not_received", "outcome": "remedy", "what": "refund"}
        )

        assert line
        assert "{" not in line
        assert entry_words.entry(kind, {})


class TestMood:
    def test_given_nothing_assessed_then_no_line(self) -> None:
        assert mood([]) is None

    @pytest.mark.parametrize(
        ("sentiments", "sentence"),
        [
            ([-0.5], "Negative (one message)"),
            ([0.1, -0.9], "Now negative, getting worse over 2 messages"),
            ([-0.9, 0.0, 0.6], "Now positive, improving over 3 messages"),
            ([-0.5, -0.5], "Now negative, steady over 2 messages"),
        ],
    )
    def test_given_course_then_told_in_a_sentence(
        self, sentiments: list[float], sentence: str
    ) -> None:
        drawn = mood(sentiments)

        assert drawn is not None
        assert drawn.sentence == sentence

    def test_given_values_out_of_range_then_the_line_stays_in_its_frame(self) -> None:
        drawn = mood([-7, 7])

        assert drawn is not None
        assert all(0 <= y <= HEIGHT for _, y in drawn.points)


class TestOutlook:
    @pytest.mark.parametrize(
        ("course", "said"),
        [
            ((), ""),
            ((2.94,), "Satisfaction as predicted: 2.9 of 5"),
            ((3.5, 2.0, 2.44), "Satisfaction as predicted: 2.4 of 5, at first 3.5"),
        ],
    )
    def test_given_a_course_then_where_it_stands_and_began(
        self, course: tuple[float, ...], said: str
    ) -> None:
        assert outlook(course) == said
