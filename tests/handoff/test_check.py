"""Which messages bring a person, and what the customer is told at once."""

import pytest

from amends.conversations.model import Mode, Role
from amends.handoff import use_cases as handoff
from amends.handoff.check import check, first_message_handoff
from tests.handoff.steps import ask, claimed, look, stored
from tests.support.shop import ANA, Chat, Shop, understanding


class TestCheck:
    def test_given_a_calm_message_when_looked_at_then_nobody_is_asked(self, shop: Shop) -> None:
        chat = shop.chat()

        assert look(shop, chat) == ()
        assert chat.conversation.mode is Mode.BOT

    @pytest.mark.parametrize(
        ("flag", "helps"),
        [
            ("self_harm", ["116 123", "988", "112"]),
            ("safety", ["112", "stop using the product"]),
            ("violence_threat", ["112"]),
        ],
    )
    def test_given_danger_when_looked_at_then_help_comes_first_and_the_chat_goes_to_the_top(
        self, shop: Shop, flag: str, helps: list[str]
    ) -> None:
        ask(shop, shop.chat(), "fraud")
        chat = shop.chat()

        told = look(shop, chat, flags=frozenset({flag}))

        assert [draft.role for draft in told] == [Role.SYSTEM, Role.SYSTEM]
        assert all(words in told[0].text for words in helps)
        assert told[1].card == {"kind": "handoff", "position": 1, "expected_minutes": 30}
        assert chat.conversation.mode is Mode.WAITING

    @pytest.mark.parametrize(
        ("flag", "helps"), [("self_harm", ["12356", "120", "911"]), ("safety", ["110", "停止使用"])]
    )
    def test_given_danger_in_a_chinese_chat_when_looked_at_then_help_is_chinese(
        self, shop: Shop, flag: str, helps: list[str]
    ) -> None:
        told = look(shop, shop.chat(language="zh"), flags=frozenset({flag}))

        assert all(words in told[0].text for words in helps)
        assert "您目前排在第1位，我们会在30分钟内答复您。" in told[1].text

    def test_given_somebody_waits_already_when_danger_is_named_then_help_still_comes(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        ask(shop, chat)

        told = look(shop, chat, flags=frozenset({"self_harm"}))
        again = look(shop, chat, flags=frozenset({"self_harm"}))

        assert len(told) == 1
        assert "116 123" in told[0].text
        assert again == (), "the same help is not said to every message"

    def test_given_a_request_for_a_person_when_looked_at_then_the_assistant_answers_it(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()

        told = look(shop, chat, flags=frozenset({"human_request"}), intent="ask_for_person")

        assert told == ()
        assert chat.conversation.mode is Mode.WAITING

    def test_given_staff_have_the_chat_when_looked_at_then_they_are_left_alone(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        taken = claimed(shop, chat)

        assert look(shop, chat, flags=frozenset({"legal"})) == ()
        assert stored(shop, taken).reasons == ("customer_asked",)

    def test_given_a_chat_came_back_from_staff_when_looked_at_then_old_words_count_no_more(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        look(shop, chat, flags=frozenset({"legal"}))
        back_from_staff(shop, chat)

        assert look(shop, chat) == ()
        assert chat.conversation.mode is Mode.BOT

        look(shop, chat, flags=frozenset({"legal"}))
        assert chat.conversation.mode is Mode.WAITING, "said again, it counts again"

    def test_given_a_repeat_complaint_came_back_from_staff_when_looked_at_then_it_stays(
        self, shop: Shop
    ) -> None:
        shop.chat("cus-collins").complains()
        chat = shop.chat("cus-collins")
        chat.complains()
        look(shop, chat)
        assert chat.conversation.mode is Mode.WAITING
        back_from_staff(shop, chat)

        assert look(shop, chat) == ()

    def test_given_a_message_sent_before_the_handoff_ended_when_looked_at_then_it_counts_alone(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        look(shop, chat, flags=frozenset({"legal"}))
        seq = chat.says("Oh, and thanks", sentiment=0.4)
        with shop.write() as uow:
            handoff.cancel(uow, chat.id, shop.clock.forward(seconds=5))

        with shop.write() as uow:
            found = uow.understandings.get(chat.id, seq)
            assert found is not None
            told = check(uow, shop.thresholds, chat.conversation, seq, found, shop.clock())

        assert told == ()

    def test_given_a_first_message_when_judged_alone_then_as_the_running_chat_would(
        self, shop: Shop
    ) -> None:
        assert first_message_handoff(shop.thresholds, understanding(flags=frozenset({"legal"})))
        assert not first_message_handoff(shop.thresholds, understanding())


def back_from_staff(shop: Shop, chat: Chat) -> None:
    with shop.write() as uow:
        asked = uow.handoffs.open_of(chat.id)
        assert asked is not None
        handoff.claim(uow, asked.id, ANA, shop.clock.forward(minutes=1))
        handoff.return_to_bot(uow, asked.id, ANA, shop.clock.forward(minutes=1))
    shop.clock.forward(minutes=1)
