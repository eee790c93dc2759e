"""The end of a chat, and the assistant that has not understood."""

from typing import Any

from actions.closing import Clarify, Close
from actions.problems import PROBLEM_TITLES
from amends.cases import use_cases as cases
from amends.cases.model import Category
from amends.conversations.decide import ends_visit
from amends.conversations.model import Mode, Reply
from tests.actions.harness import hear, run
from tests.support.shop import Chat, Shop


class TestClose:
    def test_given_a_settled_case_when_closed_then_the_card_says_what_is_asked(
        self, shop: Shop
    ) -> None:
        chat = settled(shop)

        answer = run(shop, Close, hear(chat, "No, that's all", "refuse"))

        assert answer.responses == ["say_close"]
        assert answer.messages[0]["custom"]["kind"] == "survey"
        assert answer.messages[0]["custom"]["questions"][:2] == ["csat", "ces"]

    def test_given_asked_before_or_in_distress_when_closed_then_only_goodbye(
        self, shop: Shop
    ) -> None:
        asked, hurt = settled(shop), settled(shop, flags=frozenset({"self_harm"}))
        run(shop, Close, hear(asked, "Bye", "goodbye"))

        for chat in (asked, hurt):
            answer = run(shop, Close, hear(chat, "Bye", "goodbye"))
            assert answer.responses == ["utter_goodbye"]
            assert answer.messages[0]["custom"] == {"kind": "farewell"}
            assert "How did we do?" not in answer.text
            assert ends_visit([Reply("Bye", card=answer.messages[0]["custom"])])


def settled(shop: Shop, **facts: Any) -> Chat:
    chat = shop.chat()
    case = chat.complains(**facts)
    with shop.write() as uow:
        cases.resolve(uow, case.id, "remedy_accepted", "customer", shop.clock())
    return chat


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
