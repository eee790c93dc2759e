"""What the log holds of a conversation becomes one row of facts, told from real bookings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from amends.cases import promising
from amends.cases import use_cases as cases
from amends.cases.model import CaseStatus, PromiseState
from amends.compensation import grants
from amends.compensation.clauses import Role as Authority
from amends.compensation.exceptions import Wanted
from amends.compensation.grants import Grantor
from amends.conversations.model import Role
from amends.handoff import marks
from amends.handoff import use_cases as handoff
from amends.insights.facts import AnswerMark, Result
from amends.insights.telling import result_of
from amends.satisfaction import use_cases as satisfaction
from amends.satisfaction.scoring import BELIEVED
from amends.satisfaction.surveys.model import Answers
from amends.values import Money
from tests.compensation.steps import accept, late_chat, offered
from tests.insights.telling_steps import answered_after, told
from tests.support.shop import ANA, LATE, NOW, Shop


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
            made = promising.promise(uow, case, "staff_answer", due_at, "bot", NOW)
            promising.break_promise(uow, case, made, NOW + timedelta(minutes=3))

        facts = told(shop, chat)

        assert (facts.promises_kept, facts.promises_broken) == (0, 1)

    def test_given_a_promise_with_a_new_date_that_is_kept_then_the_first_one_still_counts_as_broken(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        case = chat.complains()
        with shop.write() as uow:
            due_at, later = NOW + timedelta(days=1), NOW + timedelta(days=5)
            made = promising.promise(uow, case, "refund", due_at, "bot", NOW)
            moved = promising.move(uow, case, made, later, "s-ana", "No stock", NOW)
            uow.promises.set_state(moved.id, PromiseState.KEPT, later)

        facts = told(shop, chat)

        assert (facts.promises_kept, facts.promises_broken) == (1, 1)

    def test_given_an_exception_then_it_is_counted_apart_and_in_the_whole(self, shop: Shop) -> None:
        chat = late_chat(shop)
        accept(shop, offered(shop, chat))
        by_clauses = told(shop, chat)
        another = late_chat(shop, "10046")
        wanted, boss = Wanted("voucher", Money(700, "GBP")), Grantor("s-sam", "Sam")
        with shop.write() as uow:
            case_id, now, role = another.case.id, shop.clock(), Authority.SUPERVISOR
            grants.grant(uow, shop.policy, case_id, wanted, boss, role, now, asked_by=ANA.id)

        beyond = told(shop, another)

        assert (by_clauses.remedy_minor > 0, by_clauses.exception_minor) == (True, 0)
        assert (beyond.remedy_minor, beyond.exception_minor) == (700, 700)

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

        assert result_of(case) is result

    def test_given_an_open_case_then_open(self, shop: Shop) -> None:
        assert result_of(shop.chat().complains()) is Result.OPEN

    def test_given_a_withdrawn_complaint_then_it_was_never_resolved(self, shop: Shop) -> None:
        chat = shop.chat()
        case = chat.complains()
        with shop.write() as uow:
            cases.withdraw(uow, case.id, NOW + timedelta(minutes=1))

        assert told(shop, chat).resolution_seconds is None


class TestAnswerMark:
    def test_given_it_went_back_to_the_queue_after_a_late_answer_then_it_stays_late(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        asked = answered_after(shop, chat, minutes=31)
        shop.clock.forward(minutes=5)
        with shop.write() as uow:
            handoff.requeue(uow, asked.id, ANA, shop.thresholds, shop.clock())

        assert told(shop, chat).answer_mark == AnswerMark.LATE

    @pytest.mark.parametrize(
        ("minutes", "mark"), [(29, AnswerMark.NEVER), (31, AnswerMark.TOO_LATE)]
    )
    def test_given_the_customer_gave_up_then_it_counts_from_half_an_hour_on(
        self, shop: Shop, minutes: int, mark: AnswerMark
    ) -> None:
        chat = shop.chat()
        chat.complains()
        with shop.write() as uow:
            handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), NOW)
        with shop.write() as uow:
            handoff.cancel(uow, chat.id, shop.clock.forward(minutes=minutes))

        assert told(shop, chat).answer_mark == mark

    def test_given_nobody_answered_for_three_hours_then_too_late(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.complains()
        with shop.write() as uow:
            handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), NOW)
        shop.clock.forward(hours=200)

        assert told(shop, chat).answer_mark == AnswerMark.TOO_LATE

    def test_given_two_handoffs_then_reason_mark_and_wait_are_those_of_the_first(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        first = answered_after(shop, chat, minutes=1)
        with shop.write() as uow:
            handoff.return_to_bot(uow, first.id, ANA, shop.clock())
            second = handoff.request(uow, shop.thresholds, chat.id, ("legal",), shop.clock())
            marks.mark(uow, second.id, True)

        facts = told(shop, chat)

        assert (facts.handoff_reason, facts.handoff_right) == ("customer_asked", None)
        assert facts.person_answer_seconds == 60
