"""Each criterion on conversations whose review is known, in both languages."""

from typing import Any

import pytest

from amends.cases.model import CaseStatus, Category
from amends.compensation import use_cases as compensation
from amends.conversations.model import Draft, Role
from amends.handoff.model import Channel, Contact
from amends.satisfaction.quality import Course, Criterion, Finding, course_of, review
from tests.satisfaction.talks import (
    NUMBER,
    at,
    case,
    closed,
    complaint,
    entry,
    handoff,
    offer,
    talk,
)
from tests.support.shop import Shop, understanding


def found(criterion: Criterion, course: Course) -> Finding:
    return review(course).findings[criterion]


def result(criterion: Criterion, course: Course) -> tuple[bool | None, int | None]:
    finding = found(criterion, course)
    return finding.met, finding.seq


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


class TestReview:
    def test_given_some_criteria_apply_then_the_share_counts_those(self) -> None:
        course = talk("c: It is very very late", "b: I am sorry.", cases=[case()])

        reviewed = review(course)

        assert reviewed.met == {
            "acknowledged": False,
            "right_apology": True,
            "next_step": False,
            "asked_once": None,
            "own_language": True,
            "person_when_asked": None,
            "apology_with_offer": None,
            "customers_say": None,
        }
        assert reviewed.share == 0.5

    def test_given_nothing_applies_then_there_is_no_share(self) -> None:
        assert review(talk("c: Hi")).share is None

    def test_given_a_chat_from_the_books_then_it_is_reviewed_whole(self, shop: Shop) -> None:
        chat = shop.chat()
        case = chat.complains(text="Order 10045 has still not arrived, where is it?")
        with shop.write() as uow:
            now = shop.clock.forward(seconds=1)
            says = f"I'm sorry that it has not reached you. I have opened case {case.number}."
            uow.conversations.append(chat.id, Draft(Role.BOT, says), now)
            made = compensation.decide_case(
                uow, shop.policy, case.id, shop.clock.forward(seconds=1)
            )
            assert made.offer is not None
            card = {"kind": "offer", "expires_at": made.offer.expires_at.isoformat()}
            draft = Draft(Role.BOT, "Would you like to accept?", card=card)
            uow.conversations.append(chat.id, draft, shop.clock.forward(seconds=1))
            compensation.accept(uow, made.offer.id, 0, shop.clock.forward(seconds=1))

        with shop.db.read() as uow:
            reviewed = review(course_of(uow, chat.id))

        assert reviewed.share == 1
        assert sum(met is None for met in reviewed.met.values()) == 1  # nobody asked for a person
