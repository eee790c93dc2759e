"""Staff are late, gone or silent: the customer always hears what happens next, and once."""

from amends.handoff import contacts, fallbacks
from amends.handoff import use_cases as handoff
from amends.handoff.model import Channel, Contact, Handoff
from tests.handoff.steps import (
    HALF_HOUR,
    ask,
    claimed_chat,
    due_times,
    stored,
)
from tests.support.shop import NOW, Shop

LIMIT = 6 * HALF_HOUR


def tell(shop: Shop, asked: Handoff) -> bool:
    with shop.write() as uow:
        return fallbacks.tell_late(uow, shop.thresholds, asked.id, shop.clock())


class TestTellLate:
    def test_given_time_is_left_when_looked_at_then_nothing_is_told(self, shop: Shop) -> None:
        chat = shop.chat()
        asked = ask(shop, chat)
        before = chat.log
        shop.clock.forward(minutes=29)

        assert not tell(shop, asked)
        assert chat.log == before

    def test_given_nobody_claimed_in_time_when_looked_at_then_told_once_with_the_time_that_holds(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        asked = ask(shop, chat)
        shop.clock.forward(minutes=30)

        assert [tell(shop, asked), tell(shop, asked)] == [True, False]

        said = chat.log[-1]
        assert said.text.startswith("No colleague has been free for you yet. Nobody of our team")
        assert "You have waited longer than we promised, and we are sorry." in said.text
        assert "within 3 hours" in said.text, "150 minutes, never rounded down"
        assert [choice.title for choice in said.choices] == ["E-mail me", "Call me back"]
        assert due_times(shop, chat) == [NOW + HALF_HOUR, NOW + LIMIT]
        assert stored(shop, asked).late_told_at == shop.clock()

    def test_given_the_limit_has_passed_when_looked_at_then_told_once_without_another_time(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        asked = ask(shop, chat)
        shop.clock.forward(minutes=30)
        tell(shop, asked)
        shop.clock.forward(minutes=150)

        assert [tell(shop, asked), tell(shop, asked)] == [True, False]

        said = chat.log[-1]
        assert said.text.startswith("Nobody has answered you yet. That is far too long")
        assert "leave an e-mail address or a phone number" in said.text
        assert "minutes" not in said.text
        assert "hours" not in said.text
        assert said.card == {"kind": "handoff", "position": 1, "expected_minutes": None}
        assert len(due_times(shop, chat)) == 2, "no third promise"

    def test_given_nobody_looked_for_hours_when_looked_at_then_one_notice_not_two(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        asked = ask(shop, chat)
        before = len(chat.log)
        shop.clock.forward(hours=5)

        assert [tell(shop, asked), tell(shop, asked)] == [True, False]
        assert len(chat.log) == before + 1

    def test_given_an_address_was_left_when_late_then_it_is_not_asked_for_again(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        asked = ask(shop, chat)
        with shop.write() as uow:
            contacts.note_contact(uow, chat.id, Contact(Channel.PHONE, "+44 20 7946 0000"), NOW)
        shop.clock.forward(minutes=30)
        tell(shop, asked)
        shop.clock.forward(hours=3)
        tell(shop, asked)

        for said in chat.log[-2:]:
            assert "A colleague will call you back, as you wished." in said.text
            assert said.choices == ()

    def test_given_somebody_claimed_or_it_ended_when_looked_at_then_nothing_is_told(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)
        other = ask(shop, shop.chat())
        with shop.write() as uow:
            handoff.cancel(uow, other.conversation_id, NOW)
        before = chat.log
        shop.clock.forward(hours=5)

        assert not tell(shop, taken)
        assert not tell(shop, other)
        assert chat.log == before
        with shop.write() as uow:
            assert not fallbacks.tell_late(uow, shop.thresholds, "h-unknown", shop.clock())

    def test_given_chinese_when_late_then_told_in_chinese(self, shop: Shop) -> None:
        chat = shop.chat(language="zh")
        asked = ask(shop, chat)
        shop.clock.forward(minutes=30)

        tell(shop, asked)

        assert chat.log[-1].text.startswith("到现在还没有同事有空接手。")
