"""The customer leaves an e-mail address or a phone number instead of waiting."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.handoff import use_cases as handoff
from amends.handoff.contacts import LONGEST, SHORTEST, note_contact, read_contact
from amends.handoff.errors import UnknownHandoff
from amends.handoff.model import Channel, Contact
from tests.handoff.steps import ask, claimed_chat, promises, stored
from tests.support.shop import ANA, NOW, Shop

EMAIL = Contact(Channel.EMAIL, "maya@example.com")
PHONE = Contact(Channel.PHONE, "+44 20 7946 0000")


def phone_in(text: str, **known: object) -> str | None:
    found = read_contact(text, **known)
    return found.address if found else None


class TestReadContact:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("+44 20 7946 0000", "+44 20 7946 0000"),
            ("0044 20 79460000", "0044 20 79460000"),
            ("You can call me on 020 7946 0000 after six", "020 7946 0000"),
            ("Call me: (202) 555-0143", "(202) 555-0143"),
            ("my number is 202-555-0143.", "202-555-0143"),
            ("030/9018 is too short, 030/90182012 is not", "030/90182012"),
            ("13800138000", "13800138000"),
            ("我的电话13800138000，谢谢", "13800138000"),
            ("请打给+86 138 0013 8000", "+86 138 0013 8000"),
        ],
    )
    def test_given_a_phone_number_when_read_then_as_it_was_written(
        self, text: str, number: str
    ) -> None:
        assert read_contact(text) == Contact(Channel.PHONE, number)

    @pytest.mark.parametrize(
        "text",
        [
            "10045",
            "4500012345",  # ten digits and nothing that says what they are
            "Please call me about order 4500012345",
            "call me, tracking number 123456789012",
            "订单号0123456789",
            "call me on 2026-03-04 10:30",
            "I called on 04.03.2026 at 10:30",
            "My card 4111 1111 1111 1111 was charged, call me",
            "0123456789@qq.com",
            "I waited 30 minutes and paid 24.90",
            "call me",
            "",
        ],
    )
    def test_given_other_numbers_when_read_then_none_is_a_phone(self, text: str) -> None:
        assert read_contact(text) is None

    def test_given_the_number_is_owed_when_read_then_bare_digits_are_enough(self) -> None:
        assert phone_in("2025550143", wished=Channel.PHONE) == "2025550143"
        assert phone_in("2025550143", wished=Channel.EMAIL) is None
        assert phone_in("10045", wished=Channel.PHONE) is None, "too short for any phone"

    def test_given_a_known_order_when_read_then_it_is_no_phone(self) -> None:
        assert phone_in("0450 0012345", besides=["04500012345"]) is None

    def test_given_an_email_when_read_then_it_wins_unless_a_call_was_wished(self) -> None:
        text = "maya@example.com or +44 20 7946 0000"

        assert read_contact(text, "maya@example.com") == EMAIL
        assert read_contact(text, "maya@example.com", Channel.PHONE) == PHONE
        assert read_contact("maya@example.com", "maya@example.com", Channel.PHONE) == EMAIL

    @given(st.text(alphabet="0123456789 +()-./abc@电话", max_size=60), st.booleans())
    def test_given_any_text_when_read_then_a_phone_has_as_many_digits_as_phones_have(
        self, text: str, owed: bool
    ) -> None:
        found = phone_in(text, wished=Channel.PHONE if owed else None)

        assert found is None or found in text
        assert found is None or SHORTEST <= len(re.sub(r"\D", "", found)) <= LONGEST


class TestNoteContact:
    def test_given_a_waiting_chat_when_noted_then_it_keeps_place_promise_and_case(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        asked = ask(shop, chat)

        with shop.write() as uow:
            assert note_contact(uow, chat.id, EMAIL, NOW) == EMAIL
            assert note_contact(uow, chat.id, EMAIL, NOW) == EMAIL

        noted = stored(shop, asked)
        assert noted.contact == EMAIL
        assert (noted.state, noted.answer_due_at) == (asked.state, asked.answer_due_at)
        assert len(promises(shop, chat)) == 1
        assert chat.timeline.count("contact") == 1

    def test_given_an_address_when_the_wish_is_repeated_then_it_stays_and_another_wish_changes_it(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        ask(shop, chat)

        with shop.write() as uow:
            note_contact(uow, chat.id, EMAIL, NOW)
            assert note_contact(uow, chat.id, Contact(Channel.EMAIL), NOW) == EMAIL
            assert note_contact(uow, chat.id, Contact(Channel.PHONE), NOW).address is None
            assert note_contact(uow, chat.id, PHONE, NOW) == PHONE

    def test_given_nobody_was_asked_for_when_noted_then_refused(self, shop: Shop) -> None:
        chat = shop.chat()

        with shop.db.write() as uow, pytest.raises(UnknownHandoff):
            note_contact(uow, chat.id, EMAIL, NOW)

    def test_given_a_chat_was_left_with_a_wish_when_staff_call_and_resolve_then_the_promise_is_kept(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)
        with shop.write() as uow:
            handoff.requeue(uow, taken.id, ANA, shop.thresholds, NOW)
            note_contact(uow, chat.id, PHONE, NOW)
        shop.clock.forward(minutes=20)

        with shop.write() as uow:
            handoff.claim(uow, taken.id, ANA, shop.clock())
            handoff.resolve(uow, taken.id, ANA, "explained", shop.clock())

        assert stored(shop, taken).contact == PHONE
        assert {state.value for _, state in promises(shop, chat)} == {"kept"}
