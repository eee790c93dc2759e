"""While waiting the customer chooses an e-mail or a call instead, and may leave."""

from typing import Any

import pytest

from actions.complaint_form import ValidateComplaintForm
from actions.complaints import AddDetail
from actions.handoff import RequestPerson
from amends.conversations.model import Mode
from amends.handoff.model import Channel, Contact, Handoff
from tests.actions.harness import hear, run
from tests.actions.steps import ask_person, taken
from tests.support.shop import Chat, Shop

EMAIL = "maya@example.com"
PHONE = "+44 20 7946 0000"


def waiting(shop: Shop, customer: str | None = None) -> Chat:
    chat = shop.chat(customer)
    chat.complains()
    ask_person(shop, chat, "legal")
    return chat


def handoff_of(shop: Shop, chat: Chat) -> Handoff:
    with shop.db.read() as uow:
        found = uow.handoffs.open_of(chat.id)
        assert found is not None
        return found


def tap(shop: Shop, chat: Chat, channel: str, title: str = "E-mail me") -> Any:
    return run(shop, RequestPerson, hear(chat, title, "ask_for_person", contact=channel))


class TestChoice:
    def test_given_a_person_was_asked_when_answered_then_two_other_ways_are_offered(
        self, shop: Shop
    ) -> None:
        answer = run(shop, RequestPerson, hear(taken(shop)))

        assert answer.payloads == {
            "E-mail me": '/ask_for_person{"contact": "email"}',
            "Call me back": '/ask_for_person{"contact": "phone"}',
        }

    @pytest.mark.parametrize("channel", ["email", "phone"])
    def test_given_a_guest_when_a_way_is_chosen_then_the_address_is_asked_and_the_wish_is_kept(
        self, shop: Shop, channel: str
    ) -> None:
        chat = waiting(shop)

        answer = tap(shop, chat, channel)

        assert answer.responses == [f"say_contact_ask_{channel}"]
        found = handoff_of(shop, chat)
        assert found.contact == Contact(Channel(channel))
        assert found.reasons == ("legal",), "it is no second wish for a person"

    def test_given_a_signed_in_customer_when_email_is_chosen_then_that_of_the_account_is_taken(
        self, shop: Shop
    ) -> None:
        chat = waiting(shop, "cus-collins")

        answer = tap(shop, chat, "email")

        assert answer.responses == ["say_contact_noted"]
        assert handoff_of(shop, chat).contact == Contact(Channel.EMAIL, "maya.collins@example.com")
        assert "@" not in answer.text

    def test_given_nobody_waits_when_a_way_is_chosen_then_a_person_is_asked_too(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)

        answer = tap(shop, chat, "phone")

        assert answer.responses == ["say_contact_ask_phone"]
        assert chat.conversation.mode is Mode.WAITING
        assert handoff_of(shop, chat).reasons == ("customer_asked",)


class TestAddress:
    @pytest.mark.parametrize(
        ("text", "entities", "contact"),
        [
            (EMAIL, {"email": EMAIL}, Contact(Channel.EMAIL, EMAIL)),
            (f"call me on {PHONE}", {}, Contact(Channel.PHONE, PHONE)),
        ],
    )
    def test_given_an_address_is_typed_when_waiting_then_noted_with_place_and_promise(
        self, shop: Shop, text: str, entities: dict[str, str], contact: Contact
    ) -> None:
        chat = waiting(shop)

        answer = run(shop, AddDetail, hear(chat, text, "give_detail", **entities))

        assert handoff_of(shop, chat).contact == contact
        assert answer.responses == ["say_contact_noted"]
        assert "number 1" in answer.text
        assert "within 30 minutes" in answer.text
        assert "as you wished" in answer.text
        assert str(contact.address) not in answer.text
        assert answer.payloads == {}
        assert answer.slots["case_stage"] == "gathering"

    def test_given_a_call_was_chosen_when_bare_digits_follow_then_they_are_the_number(
        self, shop: Shop
    ) -> None:
        chat = waiting(shop)
        tap(shop, chat, "phone", "Call me back")

        run(shop, AddDetail, hear(chat, "2025550143", "give_detail", order_number="2025550143"))

        assert handoff_of(shop, chat).contact == Contact(Channel.PHONE, "2025550143")

    def test_given_another_order_is_named_when_waiting_then_it_is_no_phone(
        self, shop: Shop
    ) -> None:
        chat = waiting(shop)

        answer = run(shop, AddDetail, hear(chat, "10046", "give_detail", order_number="10046"))

        assert handoff_of(shop, chat).contact is None
        assert chat.case.order_number == "10046"
        assert "say_contact_noted" not in answer.responses

    def test_given_nobody_was_asked_when_an_address_is_typed_then_it_is_an_ordinary_detail(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)

        answer = run(shop, AddDetail, hear(chat, EMAIL, "give_detail", email=EMAIL))

        assert "say_contact_noted" not in answer.responses
        assert chat.conversation.mode is Mode.BOT

    def test_given_a_wish_to_be_called_with_the_number_when_asked_for_a_person_then_both_at_once(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)

        answer = run(shop, RequestPerson, hear(chat, f"Call me on {PHONE}", "ask_for_person"))

        assert answer.responses == ["say_contact_noted"]
        assert handoff_of(shop, chat).contact == Contact(Channel.PHONE, PHONE)

    def test_given_an_address_is_known_when_asked_again_how_long_then_no_choices(
        self, shop: Shop
    ) -> None:
        chat = waiting(shop)
        run(shop, AddDetail, hear(chat, EMAIL, "give_detail", email=EMAIL))
        shop.clock.forward(minutes=1)

        again = run(shop, RequestPerson, hear(chat, "How long?", "ask_for_person"))

        assert again.responses == ["say_person_already"]
        assert again.payloads == {}
        assert "A colleague will answer you by e-mail, as you wished." in again.text


class TestWhileDetailsAreAsked:
    def test_given_a_question_when_an_address_is_typed_then_noted_and_the_question_stays(
        self, shop: Shop
    ) -> None:
        chat = waiting(shop)
        slots = {"requested_slot": "wish"}

        answer = run(
            shop, ValidateComplaintForm, hear(chat, EMAIL, "give_detail", slots=slots, email=EMAIL)
        )

        assert answer.responses == ["say_contact_noted"]
        assert answer.slots["wish"] is None
        assert chat.case.wish is None

    def test_given_a_question_when_answer_and_address_come_together_then_both_are_kept(
        self, shop: Shop
    ) -> None:
        chat = waiting(shop)
        text = f"I want a refund, write to {EMAIL}"

        answer = run(
            shop,
            ValidateComplaintForm,
            hear(chat, text, "request", slots={"requested_slot": "wish"}, email=EMAIL),
        )

        assert answer.responses[0] == "say_contact_noted"
        assert handoff_of(shop, chat).contact == Contact(Channel.EMAIL, EMAIL)
        assert chat.case.wish == "refund"

    def test_given_no_person_was_asked_when_an_address_is_typed_then_the_form_reads_it_as_before(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        heard = hear(chat, EMAIL, "give_detail", slots={"requested_slot": "item"}, email=EMAIL)

        answer = run(shop, ValidateComplaintForm, heard)

        assert answer.responses == []
        assert chat.case.item == EMAIL
