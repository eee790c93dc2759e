"""What the queue shows of a chat: the complaint, not the wish for a person that followed it."""

import pytest

from amends.handoff import queue
from amends.handoff import use_cases as handoff
from tests.support.shop import STORY, Chat, Shop

LAMP = "My lamp came broken and the shade is missing."


def last_words(shop: Shop, chat: Chat) -> str:
    with shop.write() as uow:
        handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock())
        (item,) = queue.queue(uow, shop.clock())
    return item.last_words


class TestLastWords:
    @pytest.mark.parametrize("wish", ["A person, please", "转人工"])
    def test_given_only_a_wish_for_a_person_at_the_end_then_the_complaint_before_it(
        self, shop: Shop, wish: str
    ) -> None:
        chat = shop.chat()
        chat.complains(text=LAMP)
        chat.says("10045", intent="give_detail")
        chat.says(wish, intent="ask_for_person")

        assert last_words(shop, chat) == LAMP

    def test_given_no_complaint_before_then_what_was_said_last_before_it(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.says("Do you open on Sundays?", intent="ask_question")
        chat.says("A person, please", intent="ask_for_person")

        assert last_words(shop, chat) == "Do you open on Sundays?"

    def test_given_nothing_but_the_wish_then_the_wish(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.says("A person, please", intent="ask_for_person")

        assert last_words(shop, chat) == "A person, please"

    def test_given_a_complaint_that_wishes_for_a_person_too_then_it_is_shown(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains(text=LAMP)
        chat.says(STORY, intent="ask_for_person", complaint=True, category="not_received")

        assert last_words(shop, chat) == STORY

    def test_given_more_words_after_the_wish_then_these(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.complains(text=LAMP)
        chat.says("A person, please", intent="ask_for_person")
        chat.says("It was a present", intent="give_detail")

        assert last_words(shop, chat) == "It was a present"
