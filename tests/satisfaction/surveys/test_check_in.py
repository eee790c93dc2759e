"""Some days after closing: one mail, and a case that opens again when it is not solved."""

from dataclasses import replace
from datetime import timedelta

import pytest

from amends.cases import promising
from amends.cases import use_cases as cases
from amends.cases.model import CaseStatus, NextStep, PromiseState
from amends.conversations.model import Delivery, Mode, Role
from amends.handoff import contacts, waits
from amends.handoff import use_cases as handoff
from amends.handoff.model import Channel, Contact, Handoff
from amends.satisfaction import use_cases as satisfaction
from amends.satisfaction.scoring import BELIEVED
from amends.satisfaction.surveys import check_in
from amends.satisfaction.surveys import use_cases as surveys
from amends.satisfaction.surveys.errors import UnknownAsk
from amends.satisfaction.surveys.links import LASTS
from amends.satisfaction.surveys.model import Answers, Question
from tests.satisfaction.surveys.steps import (
    CUSTOMER,
    OWNER,
    ask_of,
    closed,
    mails,
    resolved,
    some_days_later,
)
from tests.support.shop import ANA, Chat, Shop

CONTACT = "guest@example.org"


def leave_contact(shop: Shop, chat: Chat) -> None:
    with shop.write() as uow:
        asked = handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock())
        contacts.note_contact(uow, chat.id, Contact(Channel.EMAIL, CONTACT), shop.clock())
        handoff.claim(uow, asked.id, ANA, shop.clock())
        handoff.resolve(uow, asked.id, ANA, "explained", shop.clock())


def invited(shop: Shop, **facts: object) -> Chat:
    chat = closed(shop, **facts)  # type: ignore[arg-type]
    assert some_days_later(shop) == 1
    return chat


def not_solved(shop: Shop, chat: Chat, words: str = "") -> None:
    with shop.write() as uow:
        ask_id = ask_of(shop, chat).id
        now = shop.clock.forward(minutes=1)
        check_in.say_not_solved(uow, shop.thresholds, ask_id, words, now)


def waiting(shop: Shop, chat: Chat) -> Handoff:
    with shop.db.read() as uow:
        found = uow.handoffs.open_of(chat.id)
    assert found is not None
    return found


class TestInvite:
    def test_given_a_closed_case_then_one_mail_without_a_word_of_the_complaint(
        self, shop: Shop
    ) -> None:
        chat = invited(shop)

        (mail,) = mails(shop)
        assert mail.to == OWNER
        assert chat.case.number in mail.subject
        assert "/feedback?ask=" in mail.body
        assert "order" not in mail.body
        assert mail.expires_at == shop.clock() + LASTS
        assert ask_of(shop, chat).questions[0] is Question.SOLVED
        assert some_days_later(shop) == 0, "once per case"

    def test_given_a_chinese_chat_then_the_mail_is_chinese(self, shop: Shop) -> None:
        invited(shop, language="zh")

        (mail,) = mails(shop)
        assert "问题解决了吗" in mail.subject
        assert "Hello" not in mail.body

    def test_given_a_guest_then_the_address_left_in_the_chat_comes_before_that_of_the_order(
        self, shop: Shop
    ) -> None:
        named, unnamed = shop.chat(), closed(shop, customer=None)
        named.complains()
        leave_contact(shop, named)

        with shop.db.read() as uow:
            assert check_in.address_of(uow, named.case) == CONTACT
            assert check_in.address_of(uow, unnamed.case) == OWNER

    def test_given_nobody_known_then_no_mail(self, shop: Shop) -> None:
        chat = closed(shop, customer=None, order=None)

        assert some_days_later(shop) == 0
        with shop.db.read() as uow:
            assert uow.survey_asks.of_conversation(chat.id) == []

    @pytest.mark.parametrize(
        "facts", [{"flags": frozenset({"violence_threat"})}, {"severity": "critical"}]
    )
    def test_given_distress_then_no_mail(self, shop: Shop, facts: dict[str, object]) -> None:
        closed(shop, **facts)  # type: ignore[arg-type]

        assert some_days_later(shop) == 0

    def test_given_withdrawn_then_no_mail(self, shop: Shop) -> None:
        case = shop.chat(CUSTOMER).complains()
        with shop.write() as uow:
            cases.withdraw(uow, case.id, shop.clock())

        assert some_days_later(shop) == 0

    def test_given_somebody_works_on_another_problem_then_the_mail_waits(self, shop: Shop) -> None:
        chat = closed(shop)
        chat.complains("damaged_item")

        assert some_days_later(shop) == 0
        resolved(shop, chat)
        assert some_days_later(shop, days=1) == 1, "about the first; the second is too fresh"

    def test_given_a_promise_under_way_then_the_mail_waits_for_its_end(self, shop: Shop) -> None:
        chat = closed(shop)
        with shop.write() as uow:
            due = shop.clock() + timedelta(days=5)
            promise = promising.promise(uow, chat.case, "refund", due, "bot", shop.clock())

        assert some_days_later(shop) == 0
        with shop.write() as uow:
            uow.promises.set_state(promise.id, PromiseState.KEPT, shop.clock())
        assert some_days_later(shop, days=1) == 1

    def test_given_all_answered_in_the_chat_then_only_whether_it_is_solved(
        self, shop: Shop
    ) -> None:
        chat = closed(shop)
        with shop.write() as uow:
            surveys.ask_in_chat(uow, chat.id, 0.0, shop.clock())
            said = Answers(csat=4, ces=5, expectation=3, nps=8)
            satisfaction.record_survey(uow, BELIEVED, chat.id, said, shop.clock())
        settings = shop.app.settings.model_copy(update={"servqual_share": 0.0})
        shop.app = replace(shop.app, settings=settings)

        some_days_later(shop)

        assert ask_of(shop, chat).questions == (Question.SOLVED,)


class TestSolved:
    def test_given_yes_when_said_twice_then_it_stands_in_the_case_once(self, shop: Shop) -> None:
        chat = invited(shop)
        for _ in range(2):
            with shop.write() as uow:
                check_in.say_solved(uow, ask_of(shop, chat).id, shop.clock())

        assert chat.timeline.count(check_in.SOLVED) == 1
        assert chat.case.status is CaseStatus.RESOLVED
        assert ask_of(shop, chat).answered == (Question.SOLVED,)

    def test_given_nobody_was_asked_then_that_is_said(self, shop: Shop) -> None:
        with shop.write() as uow, pytest.raises(UnknownAsk):
            check_in.say_solved(uow, "no-such-ask", shop.clock())


class TestNotSolved:
    def test_given_no_then_the_case_is_open_and_a_person_is_asked_and_promised(
        self, shop: Shop
    ) -> None:
        chat = invited(shop)

        not_solved(shop, chat)

        case, asked = chat.case, waiting(shop, chat)
        assert (case.status, case.owner) == (CaseStatus.WITH_STAFF, "bot")
        assert case.next_step == NextStep.STAFF_ANSWERS
        assert case.resolution_due_at == waits.resolution_due(shop.thresholds, shop.clock())
        assert "reopened" in chat.timeline
        assert (asked.reasons, asked.case_id) == ((cases.NOT_SOLVED,), case.id)
        assert chat.conversation.mode is Mode.WAITING
        with shop.db.read() as uow:
            (promise,) = uow.promises.of_case(case.id)
        assert (promise.what, promise.due_at) == (handoff.STAFF_ANSWER, asked.answer_due_at)
        assert asked.contact == Contact(Channel.EMAIL, OWNER)

    def test_given_no_then_the_chat_says_so_and_begins_a_new_visit(self, shop: Shop) -> None:
        chat = invited(shop)
        visit = chat.conversation.visit

        not_solved(shop, chat)

        assert chat.conversation.visit == visit + 1
        assert f"Case {chat.case.number} is open again" in chat.log[-1].text
        assert (chat.log[-1].card or {})["kind"] == "handoff"

    def test_given_words_then_the_assistant_reads_them_as_any_message(self, shop: Shop) -> None:
        chat = invited(shop)

        not_solved(shop, chat, "The second parcel was empty too")

        said = chat.log[-1]
        assert (said.role, said.text) == (Role.CUSTOMER, "The second parcel was empty too")
        assert said.delivery is Delivery.PENDING

    def test_given_no_said_twice_then_nothing_happens_again(self, shop: Shop) -> None:
        chat = invited(shop)
        not_solved(shop, chat, "Empty")
        before = len(chat.log)

        not_solved(shop, chat, "Empty")

        assert len(chat.log) == before
        assert chat.timeline.count("reopened") == 1

    def test_given_a_person_has_the_chat_then_they_have_the_case_too(self, shop: Shop) -> None:
        chat = invited(shop)
        with shop.write() as uow:
            asked = handoff.request(
                uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock()
            )
            handoff.claim(uow, asked.id, ANA, shop.clock())

        not_solved(shop, chat)

        assert chat.case.owner == ANA.id
        assert chat.conversation.mode is Mode.STAFF
        assert chat.log[-1].card is None

    def test_given_closed_again_then_another_mail_and_the_survey_anew(self, shop: Shop) -> None:
        chat = invited(shop)
        first = ask_of(shop, chat)
        not_solved(shop, chat)
        with shop.write() as uow:
            asked = waiting(shop, chat)
            handoff.claim(uow, asked.id, ANA, shop.clock.forward(minutes=1))
            handoff.resolve(uow, asked.id, ANA, "explained", shop.clock())

        assert some_days_later(shop) == 1

        assert ask_of(shop, chat).id != first.id
        assert Question.CSAT in ask_of(shop, chat).questions
