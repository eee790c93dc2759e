"""More, or something of another kind: the policy answers, and asking loses nothing."""

from dataclasses import replace

import pytest

from actions.bargaining import Bargain, DeclineOffer
from actions.compensation import AcceptOffer, Decide
from actions.complaints import AddDetail
from amends.cases.model import CaseStatus
from amends.compensation.model import Step
from amends.conversations.model import Mode
from tests.actions.harness import hear, run
from tests.actions.steps import amounts_said, offers, taken
from tests.support.shop import DELIVERED, LATE, LOST, Chat, Shop


def offered(shop: Shop, *complaint: str) -> Chat:
    chat = taken(shop, *complaint)
    run(shop, Decide, hear(chat))
    return chat


class TestMore:
    def test_given_another_rung_when_more_is_asked_then_it_is_offered(self, shop: Shop) -> None:
        chat = offered(shop)

        answer = run(shop, Bargain, hear(chat, "can't you do better?", "ask_for_more"))

        first, second = offers(shop, chat)
        assert answer.responses == ["say_offer_next"]
        assert {one.state for one in first.remedies} == {Step.DECLINED}
        assert second.is_open

    def test_given_the_last_rung_when_more_is_asked_again_and_again_then_the_offer_stands(
        self, shop: Shop
    ) -> None:
        chat = offered(shop)
        for _ in range(12):
            answer = run(shop, Bargain, hear(chat, "make it 50", "ask_for_more"))

        last = offers(shop, chat)[-1]
        assert answer.responses == ["say_best_offer"]
        assert last.is_open
        assert answer.slots["case_stage"] == "offered"
        assert set(answer.payloads) == {"Yes, I accept", "No, thank you", "Talk to a person"}

        run(shop, AcceptOffer, hear(chat, "yes please"))
        assert chat.case.status is CaseStatus.RESOLVED

    def test_given_a_request_without_a_wish_then_the_ladder_stays_where_it_is(
        self, shop: Shop
    ) -> None:
        chat = offered(shop)

        answer = run(shop, Bargain, hear(chat, "send me the invoice", "request"))

        (offer,) = offers(shop, chat)
        assert offer.is_open
        assert answer.responses == ["utter_request_briefly", "say_offer_stands"]


class TestAnotherKind:
    @pytest.mark.parametrize("action", [Bargain, DeclineOffer, AddDetail])
    def test_given_an_alternative_of_that_kind_then_it_is_named_and_asked_for(
        self, shop: Shop, action: type[Bargain]
    ) -> None:
        chat = offered(shop, DELIVERED, "damaged_item")
        (offer,) = offers(shop, chat)
        refund = next(i for i, one in enumerate(offer.alternatives) if one[0].kind == "refund")

        answer = run(shop, action, hear(chat, "No, I want my money back", "refuse"))

        assert answer.responses == ["say_offer_sure"]
        assert f'"alternative": {refund}' in answer.payloads["Yes, I accept"]
        assert offers(shop, chat) == [offer]

    def test_given_no_such_kind_then_the_offer_stands_and_whoever_insists_declines(
        self, shop: Shop
    ) -> None:
        chat = offered(shop)
        (offer,) = offers(shop, chat)
        wish = hear(chat, "I want a replacement instead", "refuse")

        first = run(shop, DeclineOffer, wish)
        assert first.responses == ["say_no_other_kind"]
        assert offers(shop, chat) == [offer]

        again = hear(chat, "I said I want a replacement", "refuse")
        second = run(shop, DeclineOffer, again)
        assert second.responses == ["say_offer_next"]
        assert len(offers(shop, chat)) == 2


class TestTypedYes:
    @pytest.mark.parametrize(
        "text", ["yes, if you make it 50", "so I get £200, right?", "ok plus a new lamp"]
    )
    def test_given_a_yes_with_a_condition_then_nothing_is_settled_and_the_real_offer_is_said(
        self, shop: Shop, text: str
    ) -> None:
        chat = offered(shop)
        (offer,) = offers(shop, chat)

        answer = run(shop, AcceptOffer, hear(chat, text))

        assert answer.responses == ["say_offer_sure"]
        assert offers(shop, chat) == [offer]
        assert "50" not in answer.text
        assert "200" not in answer.text
        assert amounts_said(answer.texts)

    def test_given_a_doubtful_yes_then_it_is_asked_and_the_tap_settles(self, shop: Shop) -> None:
        chat = offered(shop)
        (offer,) = offers(shop, chat)

        asked = run(shop, AcceptOffer, hear(chat, "mmh", confidence=0.4))
        assert asked.responses == ["say_offer_sure"]

        run(shop, AcceptOffer, hear(chat, "Yes, I accept", offer=offer.id, alternative=0))
        assert chat.case.outcome == "remedy_accepted"


class TestAnotherOrder:
    def test_given_an_offer_when_another_order_is_complained_of_then_the_case_keeps_its_own(
        self, shop: Shop
    ) -> None:
        chat = offered(shop)

        chat.complains(order=LOST)

        assert chat.case.order_number == LATE
        assert "second_problem" in chat.timeline

    def test_given_it_was_settled_then_no_other_chat_settles_that_order_again(
        self, shop: Shop
    ) -> None:
        chat = offered(shop)
        run(shop, AcceptOffer, hear(chat, "yes please"))
        with shop.write() as uow:  # whatever the case is about by now
            uow.cases.save(replace(chat.case, order_number=LOST))

        other = offered(shop)

        assert offers(shop, other) == []
        assert other.conversation.mode is Mode.WAITING

    def test_given_an_offer_when_the_customer_adds_words_then_it_is_said_again_as_it_is(
        self, shop: Shop
    ) -> None:
        chat = offered(shop)

        answer = run(shop, AddDetail, hear(chat, "so that is 1070 pounds then", "give_detail"))

        assert answer.responses == ["say_details_added", "say_offer_stands"]
        assert "1070" not in answer.text
