"""What the assistant offers, and every answer to an offer.

Texts are read as the customer reads them: each response with its values filled in.
"""

import pytest

from actions.bargaining import DeclineOffer
from actions.compensation import (
    AcceptOffer,
    AcceptRefusal,
    Decide,
    ExplainDecision,
    RepeatOffer,
    SecondLook,
)
from actions.complaint_form import AskItem, AskOrderNumber, AskWish
from actions.complaints import CaseStatusAction, Withdraw
from actions.handoff import RequestPerson
from amends.cases.model import CaseStatus
from amends.compensation.ledger import OFFER_STANDS
from amends.compensation.model import Step
from amends.compensation.words import money
from amends.conversations.model import Mode
from tests.actions.harness import hear, run
from tests.actions.steps import amounts_said, offers, taken
from tests.support.shop import DELIVERED, LATE, LOST, NOW, ON_TIME, Shop


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


def test_given_two_chats_about_one_order_when_both_accept_then_the_second_goes_to_a_person(
    shop: Shop,
) -> None:
    first, second = taken(shop), taken(shop)
    for chat in (first, second):
        run(shop, Decide, hear(chat))
    run(shop, AcceptOffer, hear(first, "Yes please", "agree"))

    answer = run(shop, AcceptOffer, hear(second, "Yes please", "agree"))

    assert answer.responses[0] == "say_offer_gone"
    assert second.conversation.mode is Mode.WAITING
    assert {one.state for offer in offers(shop, second) for one in offer.remedies} == {Step.EXPIRED}
