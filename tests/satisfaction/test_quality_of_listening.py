"""Criteria of how we listen: asked once, in their language, a person and the last word."""

from typing import Any

import pytest

from amends.handoff.model import Channel, Contact
from amends.satisfaction.quality import Criterion
from tests.satisfaction.talks import at, case, closed, entry, found, handoff, result, talk
from tests.support.shop import understanding


class TestAskedOnce:
    @pytest.mark.parametrize("question", ["Which item is it about?", "请问是哪件商品？"])
    def test_given_the_same_question_twice_then_not_met_at_the_second(self, question: str) -> None:
        course = talk("c: Broken", f"b: {question}", "c: hm", f"b: {question}", cases=[case()])

        assert result(Criterion.ASKED_ONCE, course) == (False, 4)

    def test_given_different_questions_then_met(self) -> None:
        course = talk("c: Broken", "b: Which item?", "c: The lamp", "b: What happened?")

        assert result(Criterion.ASKED_ONCE, course) == (True, 2)

    def test_given_a_case_closed_in_between_then_the_question_is_a_new_one(self) -> None:
        course = talk(
            "c: Broken", "b: Anything else?", "c: Yes", "c: ok", "b: Anything else?",
            cases=[closed(after=3)],
        )  # fmt: skip

        assert found(Criterion.ASKED_ONCE, course).met is True

    @pytest.mark.parametrize(
        "question",
        [
            "b: Which order is it about? The number is in your e-mail.",
            "b: 请问是哪个订单？订单号在邮件里。",
            "p: Could you tell me your order number?",
            "p: 能告诉我订单号吗？",
        ],
    )
    @pytest.mark.parametrize("given", ["10045 is late", "我的订单１００４５没到", "no. 100-45"])
    def test_given_the_order_was_named_then_asking_for_it_is_not_met(
        self, question: str, given: str
    ) -> None:
        course = talk(f"c: {given}", question, cases=[case(order_number="10045")])

        assert result(Criterion.ASKED_ONCE, course) == (False, 2)

    def test_given_another_number_was_named_then_asking_is_right(self) -> None:
        course = talk("c: 99999 is late", "b: Which order?", cases=[case(order_number="10045")])

        assert found(Criterion.ASKED_ONCE, course).met is True

    def test_given_the_number_is_only_told_where_it_stands_then_nothing_was_asked_again(
        self,
    ) -> None:
        course = talk(
            "c: 10045 is late", "b: Order number 10045 is late, you are right. Shall I go on?",
            cases=[case(order_number="10045")],
        )  # fmt: skip

        assert found(Criterion.ASKED_ONCE, course).met is True

    def test_given_nothing_was_asked_then_it_does_not_apply(self) -> None:
        assert found(Criterion.ASKED_ONCE, talk("c: Hi", "b: Hello.")).met is None


class TestOwnLanguage:
    def test_given_english_answered_in_english_then_met(self) -> None:
        course = talk("c: My order has not arrived", "b: I am sorry.")

        assert result(Criterion.OWN_LANGUAGE, course) == (True, 2)

    def test_given_chinese_answered_in_chinese_then_met(self) -> None:
        assert result(Criterion.OWN_LANGUAGE, talk("c: 订单还没到", "b: 很抱歉。")) == (True, 2)

    def test_given_chinese_answered_in_english_then_not_met(self) -> None:
        course = talk("c: 订单还没到", "b: 很抱歉。", "c: 10045", "p: I will look into it.")

        assert result(Criterion.OWN_LANGUAGE, course) == (False, 4)

    def test_given_english_answered_in_chinese_then_not_met(self) -> None:
        course = talk("c: My order has not arrived", "b: 很抱歉。")

        assert result(Criterion.OWN_LANGUAGE, course) == (False, 2)

    def test_given_the_customer_changes_then_the_answers_follow(self) -> None:
        course = talk(
            "c: My order has not arrived", "b: I am sorry.", "c: 我说中文可以吗", "b: 可以。"
        )

        assert found(Criterion.OWN_LANGUAGE, course).met is True

    def test_given_a_language_that_we_do_not_speak_then_it_does_not_apply(self) -> None:
        read = {1: understanding(language="fr")}
        course = talk("c: Ma commande est en retard", "b: I am sorry.", understood=read)

        assert found(Criterion.OWN_LANGUAGE, course).met is None

    def test_given_only_tapped_choices_then_it_does_not_apply(self) -> None:
        course = talk("c: An order has not arrived -> /report_not_received", "b: 很抱歉。")

        assert found(Criterion.OWN_LANGUAGE, course).met is None


class TestPersonWhenAsked:
    ASKED = {1: understanding(intent="ask_for_person")}  # noqa: RUF012

    def met(self, *handoffs: Any, **parts: Any) -> bool | None:
        course = talk("c: A person, please", "b: I ask one.", "p: Hello", handoffs=handoffs,
                      **({"understood": self.ASKED} | parts))  # fmt: skip
        return found(Criterion.PERSON_WHEN_ASKED, course).met

    def test_given_a_person_answered_then_met(self) -> None:
        assert self.met(handoff(1, claimed_at=at(2), first_answer_at=at(3))) is True

    def test_given_nobody_was_asked_then_not_met(self) -> None:
        assert self.met() is False

    def test_given_a_handoff_that_had_ended_before_then_not_met(self) -> None:
        before = handoff(0, requested_at=at(0), first_answer_at=at(0.2), ended_at=at(0.5))

        assert self.met(before) is False

    def test_given_the_wait_goes_on_within_its_limit_then_it_does_not_apply(self) -> None:
        assert self.met(handoff(1)) is None

    def test_given_the_limit_has_passed_then_not_met(self) -> None:
        assert self.met(handoff(1, limit_told_at=at(181))) is False

    def test_given_the_customer_left_in_time_then_it_does_not_apply(self) -> None:
        assert self.met(handoff(1, ended_at=at(5), outcome="customer_left")) is None

    def test_given_the_customer_gave_up_after_the_limit_then_not_met(self) -> None:
        assert self.met(handoff(1, ended_at=at(200), outcome="customer_left")) is False

    def test_given_somebody_ended_the_chat_in_silence_then_not_met(self) -> None:
        assert self.met(handoff(1, claimed_at=at(2), ended_at=at(3), outcome="resolved")) is False

    def test_given_an_answer_by_e_mail_then_met(self) -> None:
        contact = Contact(Channel.EMAIL, "me@example.com")
        taken = handoff(1, claimed_at=at(2), ended_at=at(3), outcome="resolved", contact=contact)

        assert self.met(taken) is True

    @pytest.mark.parametrize("read", [{"flags": frozenset({"human_request"})}, {}])
    def test_given_other_words_then_only_a_wish_for_a_person_counts(
        self, read: dict[str, Any]
    ) -> None:
        met = self.met(understood={1: understanding(intent="give_detail", **read)})

        assert met is (False if read else None)

    @pytest.mark.parametrize(
        ("payload", "expected"),
        [("/ask_for_person", False), ('/ask_for_person{"contact": "email"}', None)],
    )
    def test_given_a_tapped_wish_then_it_counts_and_a_way_to_be_reached_does_not(
        self, payload: str, expected: bool | None
    ) -> None:
        course = talk(f"c: Talk to a person -> {payload}", "b: Hm.")

        assert found(Criterion.PERSON_WHEN_ASKED, course).met is expected


class TestCustomersSay:
    def test_given_the_customer_closed_it_then_met(self) -> None:
        course = talk("c: Late", "b: A voucher?", "c: Yes", cases=[closed(3)],
                      entries=[entry("closed", 3, "customer")])  # fmt: skip

        assert result(Criterion.CUSTOMERS_SAY, course) == (True, 3)

    def test_given_a_person_closed_it_after_the_customer_answered_them_then_met(self) -> None:
        course = talk("c: Late", "p: Refunded. All right?", "c: Yes", "p: Bye", cases=[closed(4)],
                      entries=[entry("closed", 4, "s-ana")],
                      handoffs=[handoff(1, claimed_at=at(1.6), first_answer_at=at(2))])  # fmt: skip

        assert result(Criterion.CUSTOMERS_SAY, course) == (True, 3)

    def test_given_a_person_closed_it_without_waiting_for_a_word_then_not_met(self) -> None:
        course = talk("c: 还没到", "p: 已退款。", cases=[closed(2)],
                      entries=[entry("closed", 2, "s-ana")],
                      handoffs=[handoff(1, claimed_at=at(1.6), first_answer_at=at(2))])  # fmt: skip

        assert result(Criterion.CUSTOMERS_SAY, course) == (False, 1)

    def test_given_a_word_only_after_the_closing_then_not_met(self) -> None:
        course = talk("c: Late", "p: Refunded.", "c: But no!", cases=[closed(2)],
                      entries=[entry("closed", 2, "s-ana")],
                      handoffs=[handoff(1, claimed_at=at(1.6), first_answer_at=at(2))])  # fmt: skip

        assert found(Criterion.CUSTOMERS_SAY, course).met is False

    def test_given_an_open_case_then_it_does_not_apply(self) -> None:
        assert found(Criterion.CUSTOMERS_SAY, talk("c: Late", cases=[case()])).met is None
