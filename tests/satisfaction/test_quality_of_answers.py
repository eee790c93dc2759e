"""Criteria of what we say: acknowledged, sorry for the right thing, a next step with a time."""

from typing import Any

import pytest

from amends.cases.model import CaseStatus, Category
from amends.satisfaction.quality import Criterion
from tests.satisfaction.talks import NUMBER, at, case, complaint, entry, found, offer, result, talk


class TestAcknowledged:
    @pytest.mark.parametrize(
        "answer", [f"I have opened case {NUMBER}.", f"我已为您建立工单{NUMBER}。"]
    )
    def test_given_the_number_in_the_first_answer_then_met_there(self, answer: str) -> None:
        course = talk("c: It is late", "b: I am sorry.", f"b: {answer}", cases=[case()])

        assert result(Criterion.ACKNOWLEDGED, course) == (True, 3)

    def test_given_the_number_on_the_card_then_met(self) -> None:
        card = {"kind": "case", "case_number": NUMBER}
        course = talk("c: It is late", "b: Noted.", cards={2: card}, cases=[case()])

        assert result(Criterion.ACKNOWLEDGED, course) == (True, 2)

    def test_given_the_number_only_after_the_customer_wrote_again_then_not_met(self) -> None:
        course = talk(
            "c: It is late", "b: Which order?", "c: 10045", f"b: Case {NUMBER}.", cases=[case()]
        )

        assert result(Criterion.ACKNOWLEDGED, course) == (False, 2)

    def test_given_a_notice_before_the_answer_then_it_is_no_answer(self) -> None:
        course = talk(
            "c: It is late", "s: Your message is safe.", f"b: Case {NUMBER}.", cases=[case()]
        )

        assert result(Criterion.ACKNOWLEDGED, course) == (True, 3)

    def test_given_a_second_problem_taken_up_later_then_its_number_is_told_then(self) -> None:
        second = case(opened_at=at(4.5), number="AM-SECOND")
        course = talk(
            "c: Late, and rude staff",
            f"b: Case {NUMBER}.",
            "c: yes",
            "c: please",
            "b: Now case AM-SECOND.",
            cases=[case(), second],
        )

        assert result(Criterion.ACKNOWLEDGED, course) == (True, 2)

    def test_given_a_complaint_that_was_read_and_never_became_a_case_then_not_met(self) -> None:
        course = talk("c: It is late", "b: Hello!", understood=complaint())

        assert result(Criterion.ACKNOWLEDGED, course) == (False, 1)

    def test_given_no_complaint_then_it_does_not_apply(self) -> None:
        course = talk("c: When do you open?", "b: At nine.")

        assert result(Criterion.ACKNOWLEDGED, course) == (None, None)


class TestRightApology:
    @pytest.mark.parametrize("answer", ["I'm sorry that it is late.", "很抱歉，订单还没有送到。"])
    def test_given_an_apology_for_what_the_case_is_about_then_met(self, answer: str) -> None:
        opened = entry("complained", 1, "customer", category="not_received")
        course = talk("c: It is late", f"b: {answer}", cases=[case()], entries=[opened])

        assert result(Criterion.RIGHT_APOLOGY, course) == (True, 2)

    def test_given_staff_said_what_it_is_really_about_then_it_was_not_the_right_thing(self) -> None:
        opened = entry("complained", 1, "customer", category="not_received")
        course = talk(
            "c: It is wrong",
            "b: I'm sorry that it is late.",
            cases=[case(category=Category.WRONG_ITEM)],
            entries=[opened],
        )

        assert result(Criterion.RIGHT_APOLOGY, course) == (False, 2)

    def test_given_no_entry_of_the_complaint_then_the_first_change_tells(self) -> None:
        change = entry(
            "field_changed", 3, "s-ana", field="category", before="not_received", after="wrong_item"
        )
        course = talk(
            "c: It is wrong",
            "b: I'm sorry.",
            cases=[case(category=Category.WRONG_ITEM)],
            entries=[change],
        )

        assert found(Criterion.RIGHT_APOLOGY, course).met is False

    @pytest.mark.parametrize("answer", [f"Case {NUMBER} is open.", f"工单{NUMBER}已建立。"])
    def test_given_no_apology_in_the_acknowledgement_then_not_met(self, answer: str) -> None:
        course = talk("c: It is late", f"b: {answer}", "c: So?", "b: I'm sorry.", cases=[case()])

        assert result(Criterion.RIGHT_APOLOGY, course) == (False, 2)


class TestNextStep:
    @pytest.mark.parametrize(
        "answer",
        [
            "The refund will reach you within 5 working days.",
            "A colleague will answer by 14:30.",
            "We'll call you tomorrow.",
            "退款会在5个工作日内到账。",
            "同事将在30分钟内答复您。",
            "我们会在明天给您回电。",
        ],
    )
    def test_given_a_step_with_a_time_then_met(self, answer: str) -> None:
        course = talk("c: It is late", "b: I see.", f"b: {answer}", cases=[case()])

        assert result(Criterion.NEXT_STEP, course) == (True, 3)

    @pytest.mark.parametrize(
        "answer",
        [
            "We will look into it.",
            "It happened yesterday at noon.",
            "我们会尽快处理。",
            "昨天到的。",
        ],
    )
    def test_given_no_time_or_no_step_then_not_met(self, answer: str) -> None:
        course = talk("c: It is late", f"b: {answer}", cases=[case()])

        assert result(Criterion.NEXT_STEP, course) == (False, 2)

    @pytest.mark.parametrize(
        "card",
        [
            {"kind": "handoff", "position": 1, "expected_minutes": 12},
            {"kind": "offer", "lines": [], "expires_at": "2026-03-11T10:00:00+00:00"},
            {"kind": "promise", "lines": [{"title": "Refund", "due_at": "2026-03-09"}]},
        ],
    )
    def test_given_a_card_that_shows_a_time_then_met(self, card: dict[str, Any]) -> None:
        course = talk("c: It is late", "b: Noted.", cards={2: card}, cases=[case()])

        assert result(Criterion.NEXT_STEP, course) == (True, 2)

    def test_given_a_queue_without_any_time_then_not_met(self) -> None:
        card = {"kind": "handoff", "position": 1, "expected_minutes": None}
        course = talk("c: It is late", "b: Noted.", cards={2: card}, cases=[case()])

        assert found(Criterion.NEXT_STEP, course).met is False

    def test_given_a_complaint_taken_back_then_it_does_not_apply(self) -> None:
        course = talk("c: Never mind", "b: Fine.", cases=[case(status=CaseStatus.WITHDRAWN)])

        assert found(Criterion.NEXT_STEP, course).met is None


class TestApologyWithOffer:
    @pytest.mark.parametrize("apology", ["We apologise for that.", "对此我们深表歉意。"])
    def test_given_an_apology_before_the_offer_then_met(self, apology: str) -> None:
        course = talk("c: Late", f"b: {apology}", "c: Well?", "b: A voucher?", offers=[offer(3)])

        assert result(Criterion.APOLOGY_WITH_OFFER, course) == (True, 4)

    @pytest.mark.parametrize("words", ["A voucher?", "您愿意接受优惠券吗？"])
    def test_given_no_apology_up_to_the_offer_then_not_met(self, words: str) -> None:
        course = talk("c: Late", f"b: {words}", "c: No", "b: I am sorry.", offers=[offer(1)])

        assert result(Criterion.APOLOGY_WITH_OFFER, course) == (False, 2)

    def test_given_nothing_was_offered_then_it_does_not_apply(self) -> None:
        assert found(Criterion.APOLOGY_WITH_OFFER, talk("c: Late", "b: Hm.")).met is None
