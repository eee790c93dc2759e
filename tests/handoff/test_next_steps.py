"""What is suggested first, and what is asked for, in many situations."""

from dataclasses import replace
from typing import Any

import pytest

from amends.cases.model import Category
from amends.cases.model import PromiseState as State
from amends.compensation.decision import Outcome
from amends.conversations.model import Role as Speaker
from amends.handoff.model import Channel, Contact
from amends.handoff.next_steps import StepKind
from tests.handoff.next_step_samples import (
    ANSWERED,
    COMPLETE,
    MINE,
    NOTHING,
    ORDER,
    grant,
    kinds,
    option,
    preview,
    steps,
    summary,
)
from tests.storage.samples import HOUR, NOW, promise, understanding


class TestFirstThings:
    @pytest.mark.parametrize("flag", ["safety", "self_harm", "violence_threat"])
    def test_given_danger_then_help_comes_before_all_else(self, flag: str) -> None:
        in_danger = replace(COMPLETE, flags=frozenset({flag}))

        assert kinds(summary(MINE, in_danger))[0] is StepKind.HELP_FIRST

    def test_given_danger_in_a_message_without_a_case_then_help_first(self) -> None:
        moods = ((1, understanding(flags=frozenset({"self_harm"}))),)

        assert kinds(summary(MINE, None, moods=moods), None) == [
            StepKind.HELP_FIRST,
            StepKind.ANSWER,
        ]

    def test_given_harmless_flag_then_no_first_help(self) -> None:
        flagged = replace(COMPLETE, flags=frozenset({"legal", "media"}))

        assert StepKind.HELP_FIRST not in kinds(summary(MINE, flagged))

    def test_given_danger_that_a_person_has_answered_then_not_repeated(self) -> None:
        in_danger = replace(COMPLETE, flags=frozenset({"safety"}))

        assert StepKind.HELP_FIRST not in kinds(summary(ANSWERED, in_danger))

    def test_given_no_answer_yet_then_answer_by_the_time_promised(self) -> None:
        (first, *_) = steps(summary(MINE))

        assert (first.kind, first.due_at) == (StepKind.ANSWER, MINE.answer_due_at)

    def test_given_customer_wrote_last_then_answer(self) -> None:
        speakers = (Speaker.CUSTOMER, Speaker.STAFF, Speaker.CUSTOMER)

        first = steps(summary(speakers=speakers))[0]

        assert (first.kind, first.due_at) == (StepKind.ANSWER, None)

    def test_given_notice_after_our_answer_then_the_answer_still_counts(self) -> None:
        speakers = (Speaker.CUSTOMER, Speaker.STAFF, Speaker.SYSTEM)

        assert StepKind.ANSWER not in kinds(summary(speakers=speakers))

    @pytest.mark.parametrize("channel", list(Channel))
    def test_given_address_left_then_answer_there_instead(self, channel: Channel) -> None:
        left = replace(MINE, contact=Contact(channel, "somewhere"))

        first = steps(summary(left))[0]

        assert (first.kind, first.channel) == (StepKind.ANSWER_ELSEWHERE, channel)
        assert (first.address, first.due_at) == ("somewhere", MINE.answer_due_at)
        assert StepKind.ANSWER not in kinds(summary(left))

    def test_given_contact_wished_for_without_an_address_then_answer_here(self) -> None:
        left = replace(MINE, contact=Contact(Channel.PHONE))

        assert kinds(summary(left))[0] is StepKind.ANSWER


class TestPromises:
    @pytest.mark.parametrize(
        "late",
        [
            promise(due_at=NOW - HOUR),
            promise(due_at=NOW - HOUR, state=State.BROKEN),
        ],
    )
    def test_given_promise_not_kept_then_own_up_to_it(self, late: Any) -> None:
        (first, *_) = steps(summary(promises=(late,)))

        assert (first.kind, first.due_at) == (StepKind.OWN_UP, NOW - HOUR)

    @pytest.mark.parametrize(
        "fine",
        [
            promise(due_at=NOW + HOUR),
            promise(due_at=NOW - HOUR, state=State.KEPT),
            promise(due_at=NOW - HOUR, state=State.RELEASED),
            promise(due_at=NOW - HOUR, what="staff_answer"),
        ],
    )
    def test_given_promise_that_stands_then_nothing_to_own_up_to(self, fine: Any) -> None:
        assert StepKind.OWN_UP not in kinds(summary(promises=(fine,)))


class TestRepeatComplaints:
    AGAIN = replace(COMPLETE, repeat_complaint=True)

    def test_given_number_known_and_answered_once_then_call(self) -> None:
        left = replace(ANSWERED, contact=Contact(Channel.PHONE, "+44 20 7946 0018"))

        found = steps(summary(left, self.AGAIN))

        assert (found[0].kind, found[0].address) == (StepKind.CALL, "+44 20 7946 0018")

    def test_given_no_number_then_speak_of_it_with_the_first_answer(self) -> None:
        assert kinds(summary(MINE, self.AGAIN))[:2] == [
            StepKind.ANSWER,
            StepKind.SPEAK_OF_REPEAT,
        ]
        assert StepKind.SPEAK_OF_REPEAT not in kinds(summary(ANSWERED, self.AGAIN))


class TestMissingDetails:
    @pytest.mark.parametrize(
        ("gap", "kind"),
        [
            ({"order_number": None}, StepKind.ASK_ORDER),
            ({"wish": None}, StepKind.ASK_WISH),
            (
                {"category": Category.DAMAGED_ITEM, "what_happened": None},
                StepKind.ASK_WHAT_HAPPENED,
            ),
        ],
    )
    def test_given_detail_missing_then_asked_for(self, gap: Any, kind: StepKind) -> None:
        assert kind in kinds(summary(on_table=replace(COMPLETE, **gap)))

    def test_given_several_items_then_asked_which(self) -> None:
        damaged = replace(COMPLETE, category=Category.DAMAGED_ITEM)
        two = replace(ORDER, lines=ORDER.lines * 2)

        assert StepKind.ASK_ITEM in kinds(summary(on_table=damaged, order=two))

    def test_given_several_gaps_then_one_question_at_a_time(self) -> None:
        bare = replace(COMPLETE, order_number=None, wish=None, what_happened=None)

        asked = [one for one in kinds(summary(on_table=bare)) if one.value.startswith("ask_")]

        assert asked == [StepKind.ASK_ORDER]

    def test_given_no_order_then_no_remedy_is_suggested_on_it(self) -> None:
        bare = replace(COMPLETE, order_number=None)

        found = kinds(summary(on_table=bare), preview(option(), beyond=(option(grant("refund")),)))

        assert not {StepKind.GRANT, StepKind.ASK_SUPERVISOR} & set(found)

    def test_given_the_policy_wants_a_person_to_see_it_then_a_photo_is_asked_for(self) -> None:
        damaged = replace(COMPLETE, category=Category.DAMAGED_ITEM)
        looked_at = preview(outcome=Outcome.PERSON)

        assert StepKind.ASK_PHOTO in kinds(summary(on_table=damaged), looked_at)
        assert StepKind.ASK_PHOTO not in kinds(summary(), looked_at)
        assert StepKind.ASK_PHOTO not in kinds(summary(on_table=damaged), NOTHING)
