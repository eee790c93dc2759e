"""What is asked of the customer, and what becomes of a corrected order number."""

import pytest

from actions.compensation import (
    Decide,
)
from actions.complaint_form import AskOrderNumber, ValidateComplaintForm
from actions.complaints import AddDetail
from amends.cases.details import NO_ORDER
from tests.actions.harness import Answer, hear, run
from tests.actions.steps import offers, taken
from tests.support.shop import DELIVERED, LATE, ON_TIME, Chat, Shop


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
