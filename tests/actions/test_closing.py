"""The assistant has not understood."""

from actions.closing import Clarify
from actions.problems import PROBLEM_TITLES
from amends.cases.model import Category
from amends.conversations.model import Mode
from tests.actions.harness import hear, run
from tests.support.shop import Shop


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
