"""A complaint is taken, told about, and withdrawn.

Texts are read as the customer reads them: each response with its values filled in.
"""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from actions.compensation import (
    AcceptOffer,
    Decide,
)
from actions.complaints import CaseStatusAction, NoteDetail, TakeComplaint, Withdraw
from actions.handoff import RequestPerson
from amends.cases.model import CaseStatus, Category, NextStep, PromiseState
from amends.compensation.model import Step
from amends.compensation.words import money
from amends.conversations.model import Mode
from amends.handoff.hours import Hours, Span
from amends.wiring.rules import FixedRules
from tests.actions.harness import hear, run, templates
from tests.actions.steps import amounts_said, ask_person, complaint, offers, taken
from tests.support.shop import LATE, NOW, STORY, Shop


class TestTakeComplaint:
    @pytest.mark.parametrize("category", list(Category))
    def test_given_any_complaint_when_taken_then_that_very_thing_is_apologised_for(
        self, shop: Shop, category: Category
    ) -> None:
        chat = shop.chat()

        answer = run(shop, TakeComplaint, complaint(chat, category.value))

        assert templates()[f"say_apology_{category.value}"] in answer.texts
        assert chat.case.number in answer.text
        assert chat.case.category is category
        assert answer.slots["case_stage"] == "gathering"

    def test_given_a_complaint_when_taken_then_its_deadline_counts_working_time(
        self, shop: Shop
    ) -> None:
        office = Hours(ZoneInfo("UTC"), ((Span(9 * 60, 17 * 60),),) * 5 + ((),) * 2)
        shop.app = replace(shop.app, rules=FixedRules(replace(shop.thresholds, hours=office)))
        chat = shop.chat()

        run(shop, TakeComplaint, complaint(chat))

        # Wednesday at ten: seven hours of that day, eight each of Thursday and Friday, one more.
        assert chat.case.resolution_due_at == datetime(2026, 3, 9, 10, tzinfo=UTC)

    def test_given_an_order_with_the_complaint_when_taken_then_it_is_not_asked_again(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()

        answer = run(shop, TakeComplaint, complaint(chat, order_number="#10045"))

        assert (chat.case.order_number, answer.slots["order_number"]) == (LATE, LATE)

    def test_given_an_order_of_somebody_else_when_signed_in_then_it_is_not_taken(
        self, shop: Shop
    ) -> None:
        chat = shop.chat("cus-rahman")

        run(shop, TakeComplaint, complaint(chat, order_number=LATE))

        assert chat.case.order_number is None

    def test_given_an_order_named_before_when_complaining_then_it_is_remembered_once(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        noted = run(shop, NoteDetail, hear(chat, "10045", "give_detail", order_number=LATE))

        heard = hear(chat, STORY, "report_not_received", slots=noted.slots)
        answer = run(shop, TakeComplaint, heard)

        assert chat.case.order_number == LATE
        assert answer.slots["mentioned_order"] is None

    def test_given_a_repeat_complaint_when_taken_then_a_person_looks_after_it(
        self, shop: Shop
    ) -> None:
        shop.chat("cus-collins").complains()
        chat = shop.chat("cus-collins")

        run(shop, TakeComplaint, complaint(chat))

        assert chat.case.repeat_complaint
        assert chat.conversation.mode is Mode.WAITING

    def test_given_a_second_problem_when_settled_then_it_is_taken_up_once(self, shop: Shop) -> None:
        chat = taken(shop)
        run(shop, Decide, hear(chat))
        run(shop, TakeComplaint, complaint(chat, "staff_conduct", "Your driver shouted at me"))
        (offer,) = offers(shop, chat)

        answer = run(shop, AcceptOffer, hear(chat, offer=offer.id, alternative=0))

        assert chat.case.category is Category.STAFF_CONDUCT
        assert chat.case.number in answer.text
        assert answer.slots["case_stage"] == "gathering"


class TestWithdraw:
    def test_given_an_unclear_word_when_read_as_withdrawal_then_it_is_asked_first(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)

        answer = run(shop, Withdraw, hear(chat, "restart", "withdraw", confidence=0.3))

        assert chat.case.status is CaseStatus.OPEN
        assert answer.payloads == {"Yes, close it": "/withdraw", "No, go on": "/greet"}

    def test_given_an_offer_and_a_wait_when_withdrawn_then_all_of_it_ends(self, shop: Shop) -> None:
        chat = taken(shop)
        run(shop, Decide, hear(chat))
        run(shop, RequestPerson, hear(chat))
        shop.clock.forward(minutes=1)

        answer = run(shop, Withdraw, hear(chat))

        assert chat.case.status is CaseStatus.WITHDRAWN
        assert chat.case.number in answer.text
        assert chat.case.next_step == NextStep.NOTHING
        assert chat.conversation.mode is Mode.BOT
        assert {one.state for one in offers(shop, chat)[0].remedies} == {Step.EXPIRED}

    def test_given_a_person_asked_for_on_this_message_when_withdrawn_then_they_still_come(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        giving_up = hear(chat, "I cannot go on, leave it", "withdraw")
        ask_person(shop, chat, "self_harm")

        answer = run(shop, Withdraw, giving_up)

        assert chat.conversation.mode is Mode.WAITING
        assert chat.case.status is not CaseStatus.WITHDRAWN
        assert answer.responses == ["say_person_coming"]

    def test_given_danger_before_when_withdrawn_then_the_person_still_comes(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        hear(chat, "I want to end it all", "report_general_complaint")
        ask_person(shop, chat, "danger_of_life")
        with shop.db.write() as uow:
            waiting = uow.handoffs.open_of(chat.id)
            assert waiting is not None
            uow.handoffs.save(replace(waiting, priority=1))
            uow.commit()
        shop.clock.forward(minutes=1)

        answer = run(shop, Withdraw, hear(chat, "never mind", "withdraw"))

        assert chat.conversation.mode is Mode.WAITING
        assert answer.responses[0].startswith("say_person_")

    def test_given_a_person_asked_for_and_no_case_when_taken_back_then_nobody_comes(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        run(shop, RequestPerson, hear(chat, "a person", "ask_for_person"))
        shop.clock.forward(minutes=1)

        answer = run(shop, Withdraw, hear(chat, "never mind", "withdraw"))

        assert chat.conversation.mode is Mode.BOT
        assert answer.responses == ["say_person_cancelled"]


class TestCaseStatus:
    @pytest.mark.parametrize("status", list(CaseStatus))
    @pytest.mark.parametrize("step", list(NextStep))
    def test_given_any_standing_when_asked_then_it_is_told_in_words(
        self, shop: Shop, status: CaseStatus, step: NextStep
    ) -> None:
        assert f"say_status_{status.value}" in templates()
        assert f"say_next_{step.value}" in templates()

    def test_given_a_promise_when_asked_then_what_is_still_to_come_is_told(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        run(shop, Decide, hear(chat))
        run(shop, AcceptOffer, hear(chat))

        answer = run(shop, CaseStatusAction, hear(chat))

        with shop.db.read() as uow:
            due = [uow.ledger.remedy(p.remedy_id) for p in uow.promises.of_case(chat.case.id)]
        assert chat.case.number in answer.text
        assert amounts_said(answer.texts) == sorted(money(r.amount) for r in due if r and r.amount)

    def test_given_every_promise_kept_when_asked_then_nothing_is_left_to_come(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        run(shop, Decide, hear(chat))
        run(shop, AcceptOffer, hear(chat))
        with shop.write() as uow:
            for promise in uow.promises.of_case(chat.case.id):
                uow.promises.set_state(promise.id, PromiseState.KEPT, NOW)

        answer = run(shop, CaseStatusAction, hear(chat))

        assert answer.responses == ["say_status_resolved", "say_next_nothing"]
