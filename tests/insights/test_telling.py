"""What the log holds of a conversation becomes one row of facts, told from real bookings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from amends.cases import fields
from amends.cases import use_cases as cases
from amends.cases.model import CaseStatus
from amends.cases.root_causes import RootCause
from amends.conversations.model import Role
from amends.handoff import use_cases as handoff
from amends.insights.facts import AnswerMark, ConversationFacts, Result
from amends.insights.telling import facts_of, result_of
from amends.insights.use_cases import look_at, write_down
from amends.satisfaction import use_cases as satisfaction
from amends.satisfaction.scoring import BELIEVED
from amends.satisfaction.surveys.model import Answers
from amends.wiring import jobs
from tests.compensation.steps import accept, late_chat, offered
from tests.support.shop import ANA, LATE, NOW, Chat, Shop


def told(shop: Shop, chat: Chat) -> ConversationFacts:
    with shop.db.read() as uow:
        (gathered,) = uow.log.gather([chat.id])
    return facts_of(gathered, BELIEVED)


def answered_after(shop: Shop, chat: Chat, **wait: float) -> None:
    """Ask for a person, who answers after a while."""
    with shop.write() as uow:
        asked = handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), NOW)
    shop.clock.forward(**wait)
    with shop.write() as uow:
        handoff.claim(uow, asked.id, ANA, shop.clock())
        handoff.answer(uow, asked.id, ANA, "I look at it.", shop.clock())


class TestFacts:
    def test_given_only_a_question_then_no_case_and_nothing_that_a_case_has(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.says("When do you open?", sentiment=0.1)

        facts = told(shop, chat)

        assert facts.result == Result.NO_CASE
        assert (facts.category, facts.case_number, facts.resolution_seconds) == (None, None, None)
        assert (facts.currency, facts.remedy_minor, facts.answer_mark) == (None, 0, None)
        assert facts.mood_start is None  # one message has no course

    def test_given_a_complaint_then_what_it_is_about_and_whence_it_came(self, shop: Shop) -> None:
        chat = shop.chat()
        case = chat.complains(order=LATE, severity="medium")
        with shop.db.read() as uow:
            order = uow.orders.find(LATE)
        assert order is not None

        facts = told(shop, chat)

        assert (facts.case_number, facts.category) == (case.number, "not_received")
        assert (facts.severity, facts.result) == ("medium", Result.OPEN)
        assert (facts.warehouse, facts.carrier) == (order.warehouse, order.carrier)
        assert facts.warehouse is not None

    def test_given_two_messages_then_the_mood_of_the_first_and_of_the_last(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.says("This is a disgrace.", sentiment=-0.8)
        chat.says("Well.", sentiment=-0.1)
        chat.says("Thank you!", sentiment=0.7)

        facts = told(shop, chat)

        assert (facts.mood_start, facts.mood_end) == (-0.8, 0.7)
        assert facts.messages == len([one for one in chat.log if one.role is not Role.SYSTEM])

    def test_given_answers_then_they_stand_beside_a_prediction_without_them(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        before = told(shop, chat).predicted
        said = Answers(csat=1, ces=6, nps=9, expectation=4, servqual={"empathy": 5})
        with shop.write() as uow:
            satisfaction.record_survey(uow, BELIEVED, chat.id, said, NOW)

        facts = told(shop, chat)

        assert (facts.csat, facts.ces, facts.nps, facts.expectation) == (1, 6, 9, 4)
        assert (facts.felt_empathy, facts.felt_assurance) == (5, None)
        assert facts.survey_asked
        assert facts.predicted == before != 1

    def test_given_a_person_answered_late_then_the_wait_and_the_mark(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.complains()
        answered_after(shop, chat, minutes=31)

        facts = told(shop, chat)

        assert facts.handed_off
        assert facts.handoff_reason == "customer_asked"
        assert facts.person_answer_seconds == 31 * 60
        assert facts.answer_mark == AnswerMark.LATE

    def test_given_one_waits_still_and_one_gave_up_then_the_marks_differ(self, shop: Shop) -> None:
        waiting, left = shop.chat(), shop.chat()
        for chat in (waiting, left):
            chat.complains()
            with shop.write() as uow:
                handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), NOW)
        with shop.write() as uow:
            handoff.cancel(uow, left.id, NOW)

        assert told(shop, waiting).answer_mark == AnswerMark.NOT_YET
        assert told(shop, left).answer_mark == AnswerMark.NEVER

    def test_given_a_broken_promise_then_it_is_counted(self, shop: Shop) -> None:
        chat = shop.chat()
        case = chat.complains()
        with shop.write() as uow:
            due_at = NOW + timedelta(minutes=1)
            made = cases.promise(uow, case, "staff_answer", due_at, "bot", NOW)
            cases.break_promise(uow, case, made, NOW + timedelta(minutes=3))

        facts = told(shop, chat)

        assert (facts.promises_kept, facts.promises_broken) == (0, 1)

    def test_given_an_accepted_offer_then_its_money_and_how_it_ended(self, shop: Shop) -> None:
        chat = late_chat(shop)
        offer = offered(shop, chat)
        assert told(shop, chat).remedy_minor == 0  # an offer costs nothing yet
        accept(shop, offer)
        taken = [one.amount for one in offer.remedies if one.alternative == 0 and one.amount]

        facts = told(shop, chat)

        assert facts.result == Result.REMEDY_ACCEPTED
        assert facts.currency == "GBP"
        assert facts.remedy_minor == sum(amount.amount_minor for amount in taken) > 0
        assert facts.remedy_kind in {one.kind for one in offer.remedies}
        assert facts.resolution_seconds == 0.0


class TestResult:
    @pytest.mark.parametrize(
        ("status", "outcome", "result"),
        [
            (CaseStatus.RESOLVED, "remedy_accepted", Result.REMEDY_ACCEPTED),
            (CaseStatus.RESOLVED, "refusal_accepted", Result.REFUSAL_ACCEPTED),
            (CaseStatus.RESOLVED, "explained", Result.RESOLVED_BY_STAFF),
            (CaseStatus.WITHDRAWN, "withdrawn", Result.WITHDRAWN),
        ],
    )
    def test_given_a_closed_case_then_by_its_outcome(
        self, shop: Shop, status: CaseStatus, outcome: str, result: Result
    ) -> None:
        case = replace(shop.chat().complains(), status=status, outcome=outcome, closed_at=NOW)

        assert result_of([case]) is result

    def test_given_one_of_two_is_open_then_open(self, shop: Shop) -> None:
        case = shop.chat().complains()
        closed = replace(case, status=CaseStatus.RESOLVED, outcome="explained", closed_at=NOW)

        assert result_of([closed, case]) is Result.OPEN


class TestScoring:
    def test_given_many_chats_then_each_has_its_score_and_its_facts(self, shop: Shop) -> None:
        chats = [shop.chat() for _ in range(3)]
        for place, chat in enumerate(chats):
            chat.says("Hm." * (place + 1), sentiment=-0.3 * place)

        with shop.write() as uow:
            write_down(uow, look_at(uow, BELIEVED, [chat.id for chat in chats], NOW))

        with shop.db.read() as uow:
            for chat in chats:
                score, facts = uow.scores.of_conversation(chat.id), uow.facts.get(chat.id)
                assert score is not None
                assert facts == told(shop, chat)
                assert facts.predicted == score.satisfaction

    def test_given_a_case_changes_without_a_word_then_its_facts_are_written_again(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        case = chat.complains()
        shop.clock.forward(minutes=31)
        assert jobs.score_conversations(shop.app) == 1

        with shop.write() as uow:
            fields.set_root_cause(uow, case.id, RootCause.PACKAGING, "s-ana", shop.clock())

        assert jobs.score_conversations(shop.app) == 1
        with shop.db.read() as uow:
            facts = uow.facts.get(chat.id)
        assert facts is not None
        assert facts.root_cause == "packaging"

    def test_given_a_customer_rates_then_the_facts_know_it_after_the_next_round(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        shop.clock.forward(minutes=31)
        jobs.score_conversations(shop.app)

        with shop.write() as uow:
            shop.app.record_survey(uow, chat.id, Answers(csat=2), shop.clock())
        shop.clock.forward(minutes=31)
        jobs.score_conversations(shop.app)

        with shop.db.read() as uow:
            facts = uow.facts.get(chat.id)
        assert facts is not None
        assert facts.csat == 2
