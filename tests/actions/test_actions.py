"""What the assistant does and says, action by action, on a real database.

Texts are read as the customer reads them: each response with its values filled in.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest

from actions.closing import PROBLEM_TITLES, Clarify
from actions.compensation import (
    AcceptOffer,
    AcceptRefusal,
    Decide,
    DeclineOffer,
    ExplainDecision,
    RepeatOffer,
    SecondLook,
)
from actions.complaint_form import AskItem, AskOrderNumber, AskWish, ValidateComplaintForm
from actions.complaints import AddDetail, CaseStatusAction, NoteDetail, TakeComplaint, Withdraw
from actions.handoff import RequestPerson
from amends.cases import use_cases as cases
from amends.cases.details import NO_ORDER
from amends.cases.model import CaseStatus, Category, NextStep
from amends.compensation.ledger import OFFER_STANDS
from amends.compensation.model import Offer, Step
from amends.compensation.words import money
from amends.conversations.model import Mode
from amends.handoff import use_cases as handoff
from tests.actions.harness import Answer, Heard, hear, run, templates
from tests.support.shop import DELIVERED, LATE, LOST, NOW, ON_TIME, STORY, Chat, Shop

MONEY = re.compile(r"(?:[A-Z]{2})?[£€$¥]\s?[\d.,]*\d")


def complaint(chat: Chat, category: str = "not_received", text: str = STORY, **more: str) -> Heard:
    said = {"severity": "medium", "flags": [], "secondary": []}
    return hear(chat, text, f"report_{category}", assessment=said, **more)


def taken(shop: Shop, order: str = LATE, category: str = "not_received") -> Chat:
    chat = shop.chat()
    chat.complains(category, order)
    return chat


def offers(shop: Shop, chat: Chat) -> list[Offer]:
    with shop.db.read() as uow:
        return list(uow.ledger.offers_of_case(chat.case.id))


def amounts_said(texts: Iterable[str]) -> list[str]:
    return sorted(MONEY.findall(" ".join(texts)))


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


class TestOnceOnly:
    def test_given_an_action_ran_when_driven_again_then_the_same_is_said_and_nothing_written(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        heard = complaint(chat, order_number=LATE)

        first = run(shop, TakeComplaint, heard)
        timeline = chat.timeline
        shop.clock.forward(hours=1)
        second = run(shop, TakeComplaint, heard)

        assert second == first
        assert chat.timeline == timeline
        with shop.db.read() as uow:
            assert len(uow.cases.of_conversation(chat.id)) == 1

    def test_given_an_accept_when_driven_again_then_nothing_is_promised_twice(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        run(shop, Decide, hear(chat))
        (offer,) = offers(shop, chat)
        heard = hear(chat, offer=offer.id, alternative=0)

        assert run(shop, AcceptOffer, heard) == run(shop, AcceptOffer, heard)

        with shop.db.read() as uow:
            assert len(uow.promises.of_case(chat.case.id)) == len(offer.remedies)

    def test_given_the_same_action_when_another_message_comes_then_it_runs_anew(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()

        run(shop, TakeComplaint, complaint(chat))
        run(shop, TakeComplaint, complaint(chat))

        assert chat.timeline == ["complained", "added"]

    def test_given_a_failure_inside_when_run_then_no_row_stays_and_a_person_is_asked(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = shop.chat()
        heard = complaint(chat)
        with monkeypatch.context() as broken:
            broken.setattr(cases, "take_complaint", taken_and_then_broken(cases.take_complaint))
            answer = run(shop, TakeComplaint, heard)

        assert answer.responses == ["say_technical_problem_person"]
        assert {"event": "followup", "name": "action_listen"}.items() <= answer.events[-1].items()
        assert chat.conversation.mode is Mode.WAITING
        with shop.db.read() as uow:
            assert list(uow.cases.of_conversation(chat.id)) == []

        run(shop, TakeComplaint, heard)
        assert chat.case.category is Category.NOT_RECEIVED, "driven again, it is done"

    def test_given_not_even_a_person_can_be_asked_when_failing_then_it_is_still_answered(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard = complaint(shop.chat())
        for module, name in ((cases, "take_complaint"), (handoff, "request")):
            monkeypatch.setattr(module, name, taken_and_then_broken(getattr(module, name)))

        answer = run(shop, TakeComplaint, heard)

        assert answer.responses == ["say_technical_problem"]


def taken_and_then_broken(step: object) -> object:
    def broken(*args: object) -> None:
        step(*args)  # type: ignore[operator]
        raise RuntimeError("the disk is full")

    return broken


class TestDecide:
    @pytest.mark.parametrize(
        ("order", "category"),
        [
            (LATE, "not_received"),
            (LOST, "not_received"),
            (DELIVERED, "damaged_item"),
            ("10048", "refund_not_received"),
            ("10049", "billing_error"),
            ("10036", "not_received"),
        ],
    )
    def test_given_an_offer_when_said_then_every_amount_is_that_of_a_ledger_row(
        self, shop: Shop, order: str, category: str
    ) -> None:
        chat = taken(shop, order, category)

        answer = run(shop, Decide, hear(chat))

        (offer,) = offers(shop, chat)
        rows = sorted(money(one.amount) for one in offer.remedies if one.amount)
        said = [text for text, name in zip(answer.texts, answer.responses, strict=True)
                if name.startswith("say_offer")]  # fmt: skip
        # What comes with every alternative is said once.
        assert sorted(set(amounts_said(said))) == sorted(set(rows))
        cards = [one["custom"] for one in answer.messages if one["custom"]]
        shown = [line["amount"] for card in cards for line in card.get("lines", ())]
        assert sorted(amount for amount in shown if amount) == rows
        assert answer.slots["case_stage"] == "offered"

    def test_given_nothing_is_owed_when_decided_then_a_reason_and_a_second_look(
        self, shop: Shop
    ) -> None:
        chat = taken(shop, ON_TIME)

        answer = run(shop, Decide, hear(chat))

        assert answer.slots["case_stage"] == "refused"
        assert not amounts_said(answer.texts)
        assert run(shop, ExplainDecision, hear(chat)).text in answer.text

        looked = run(shop, SecondLook, hear(chat))
        assert (chat.case.status, chat.conversation.mode) == (CaseStatus.WITH_STAFF, Mode.WAITING)
        assert looked.slots["case_stage"] == "with_staff"

    def test_given_a_person_was_asked_for_when_decided_then_the_bot_offers_nothing(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        run(shop, RequestPerson, hear(chat))

        run(shop, Decide, hear(chat))

        assert offers(shop, chat) == []
        assert chat.case.status is CaseStatus.WITH_STAFF


class TestAnswersToAnOffer:
    def test_given_an_offer_when_accepted_then_what_is_told_is_what_is_promised(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        run(shop, Decide, hear(chat))
        (offer,) = offers(shop, chat)

        answer = run(shop, AcceptOffer, hear(chat))

        assert amounts_said(answer.texts) == sorted(
            money(one.amount) for one in offer.remedies if one.amount
        )
        assert chat.case.outcome == "remedy_accepted"
        assert answer.slots["case_stage"] == "closing"

    def test_given_a_choice_when_a_bare_yes_comes_then_it_is_asked_which(self, shop: Shop) -> None:
        chat = taken(shop, DELIVERED, "damaged_item")
        run(shop, Decide, hear(chat))
        (offer,) = offers(shop, chat)
        assert len(offer.alternatives) > 1

        answer = run(shop, AcceptOffer, hear(chat))
        assert answer.responses == ["say_offer_which"]
        assert chat.case.status is CaseStatus.OFFERED

        run(shop, AcceptOffer, hear(chat, offer=offer.id, alternative=1))
        (stored,) = offers(shop, chat)
        assert {one.state for one in stored.alternative(1)} == {Step.ACCEPTED}

    def test_given_a_tapped_offer_of_another_case_when_accepted_then_it_does_not_count(
        self, shop: Shop
    ) -> None:
        chat = taken(shop, DELIVERED, "damaged_item")
        run(shop, Decide, hear(chat))

        answer = run(shop, AcceptOffer, hear(chat, offer="o-other", alternative=1))

        assert answer.responses == ["say_offer_which"]

    def test_given_the_offer_expired_when_accepted_then_it_is_decided_anew(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        run(shop, Decide, hear(chat))
        shop.clock.now = NOW + OFFER_STANDS

        answer = run(shop, AcceptOffer, hear(chat))

        old, new = offers(shop, chat)
        assert answer.responses[0] == "say_offer_gone"
        assert {one.state for one in old.remedies} == {Step.EXPIRED}
        assert {one.state for one in new.remedies} == {Step.OFFERED}

    def test_given_declines_when_repeated_then_more_each_time_and_a_person_at_the_end(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        answer = run(shop, Decide, hear(chat))
        for _ in range(10):
            if answer.slots["case_stage"] != "offered":
                break
            answer = run(shop, DeclineOffer, hear(chat, intent="refuse"))

        assert len(offers(shop, chat)) >= 2
        assert answer.slots["case_stage"] == "with_staff"
        assert chat.conversation.mode is Mode.WAITING
        with shop.db.read() as uow:
            assert not uow.ledger.goodwill_to_case(chat.case.id)

    def test_given_a_standing_offer_when_asked_for_then_the_same_amounts_are_said(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        first = run(shop, Decide, hear(chat))

        again = run(shop, RepeatOffer, hear(chat))

        assert amounts_said(again.texts) == amounts_said(first.texts)
        assert len(offers(shop, chat)) == 1

    def test_given_no_case_when_any_answer_comes_then_nothing_breaks(self, shop: Shop) -> None:
        for action in (Decide, AcceptOffer, DeclineOffer, RepeatOffer, AcceptRefusal,
                       ExplainDecision, SecondLook, Withdraw, CaseStatusAction, AskItem,
                       AskOrderNumber, AskWish):  # fmt: skip
            answer = run(shop, action, hear(shop.chat()))

            assert answer.texts, action
            assert "technical" not in " ".join(answer.responses), action


class TestForm:
    def ask(self, shop: Shop, chat: Chat, requested: str, text: str, intent: str = "give_detail",
            **entities: str) -> Answer:  # fmt: skip
        slots = {"requested_slot": requested}
        return run(shop, ValidateComplaintForm, hear(chat, text, intent, slots=slots, **entities))

    def test_given_an_order_number_when_answered_then_it_is_looked_up_and_kept(
        self, shop: Shop
    ) -> None:
        chat = taken(shop, order=None)

        answer = self.ask(shop, chat, "order_number", "A-10045", order_number="A-10045")

        assert answer.slots["order_number"] == LATE
        assert chat.case.order_number == LATE

    def test_given_unknown_numbers_when_three_were_tried_then_it_goes_on_without(
        self, shop: Shop
    ) -> None:
        chat = taken(shop, order=None)

        for number in ("99991", "99992"):
            answer = self.ask(shop, chat, "order_number", number, order_number=number)
            assert answer.slots["order_number"] is None
            assert number in answer.text
        self.ask(shop, chat, "order_number", "99993", order_number="99993")

        assert chat.case.order_number == NO_ORDER

    @pytest.mark.parametrize("intent", ["ask_for_person", "withdraw"])
    def test_given_a_wish_to_leave_when_asked_for_a_detail_then_the_form_steps_aside(
        self, shop: Shop, intent: str
    ) -> None:
        chat = taken(shop)

        answer = self.ask(shop, chat, "wish", "Forget the refund, a human please", intent)

        assert answer.events == []
        assert chat.case.wish is None

    def test_given_a_signed_in_customer_when_asked_for_the_order_then_only_theirs_are_shown(
        self, shop: Shop
    ) -> None:
        chat = shop.chat("cus-collins")
        chat.complains(order=None)

        shown = " ".join(run(shop, AskOrderNumber, hear(chat)).payloads)

        assert LATE in shown
        assert DELIVERED not in shown


class TestCorrectedOrder:
    def test_given_an_offer_when_another_order_is_meant_then_it_is_decided_anew(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        run(shop, Decide, hear(chat))

        answer = run(
            shop, AddDetail, hear(chat, "no, 10050", "correct_detail", order_number="10050")
        )

        assert chat.case.order_number == ON_TIME
        assert not offers(shop, chat)[0].is_open
        assert "10050" in answer.text

    def test_given_a_guest_names_order_after_order_then_no_more_facts_are_told(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        run(shop, Decide, hear(chat))

        answers = [
            run(shop, AddDetail, hear(chat, number, "give_detail", order_number=number))
            for number in ("10046", "99999", "10047", "10048", "10049")
        ]

        assert "10046" in answers[0].text
        assert not any(number in answers[-1].text for number in ("10048", "10049"))
        assert chat.case.order_number not in ("10048", "10049")


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


def ask_person(shop: Shop, chat: Chat, reason: str) -> None:
    with shop.db.write() as uow:
        handoff.request(uow, shop.app.thresholds, chat.id, (reason,), shop.app.clock())
        uow.commit()


class TestRequestPerson:
    def test_given_a_case_when_a_person_is_asked_then_the_wait_is_that_of_the_row(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)

        answer = run(shop, RequestPerson, hear(chat))

        assert "number 1" in answer.text
        assert "30 minutes" in answer.text
        assert answer.messages[0]["custom"] == {
            "kind": "handoff", "position": 1, "expected_minutes": 30,
        }  # fmt: skip

    def test_given_asked_before_when_asked_again_then_the_time_left_is_told(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        first = run(shop, RequestPerson, hear(chat))
        shop.clock.forward(minutes=10)

        again = run(shop, RequestPerson, hear(chat))

        assert again.responses != first.responses
        assert "20 minutes" in again.text


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


class TestClarify:
    def test_given_guesses_when_not_understood_then_two_are_offered_and_then_a_person(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        ranking = ("thank", "report_wrong_item", "report_missing_item", "report_facilities")

        for _ in range(2):
            answer = run(shop, Clarify, hear(chat, "hmm", "nlu_fallback", ranking=ranking))
            assert {"/report_wrong_item", "/report_missing_item"} <= set(answer.payloads.values())
            assert "/report_facilities" not in answer.payloads.values()
        run(shop, Clarify, hear(chat, "hmm", "nlu_fallback", ranking=ranking))

        assert chat.conversation.mode is Mode.WAITING

    def test_given_any_category_when_guessed_then_it_has_a_title(self) -> None:
        assert set(PROBLEM_TITLES) == set(Category)
