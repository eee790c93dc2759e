"""Whoever accepted and changes their mind is met, as long as nothing has gone out."""

from dataclasses import replace
from datetime import timedelta

from actions.compensation import AcceptOffer, Decide
from actions.complaints import Withdraw
from amends.cases.model import CaseStatus, PromiseState
from amends.compensation.model import Step
from tests.actions.harness import Answer, hear, run
from tests.actions.steps import amounts_said, offers, taken
from tests.support.shop import Chat, Shop


def accepted(shop: Shop) -> Chat:
    settings = shop.app.settings.model_copy(update={"take_back_seconds": 60})
    shop.app = replace(shop.app, settings=settings)
    chat = taken(shop)
    run(shop, Decide, hear(chat))
    run(shop, AcceptOffer, hear(chat, "yes please"))
    return chat


def says_undo(shop: Shop, chat: Chat, **entities: str) -> Answer:
    return run(shop, Withdraw, hear(chat, "wait, I changed my mind", "withdraw", **entities))


class TestTakingBack:
    def test_given_a_fresh_acceptance_when_undone_then_it_is_asked_first_and_nothing_is_left(
        self, shop: Shop
    ) -> None:
        chat = accepted(shop)
        (offer,) = offers(shop, chat)

        asked = says_undo(shop, chat)
        assert asked.responses == ["say_sure_to_take_back"]
        assert chat.case.outcome == "remedy_accepted"

        done = says_undo(shop, chat, offer=offer.id)
        assert done.responses == ["say_taken_back", "say_offer_one"]
        assert amounts_said(done.texts) == amounts_said(asked.texts)
        old, again = sorted(offers(shop, chat), key=lambda one: one.is_open)
        assert {one.state for one in old.remedies} == {Step.EXPIRED}
        assert (again.rung, again.is_open) == (old.rung, True)
        assert (chat.case.status, chat.case.outcome) == (CaseStatus.OFFERED, None)
        assert done.slots["case_stage"] == "offered"
        with shop.db.read() as uow:
            states = {one.state for one in uow.promises.of_case(chat.case.id)}
        assert states == {PromiseState.RELEASED}

    def test_given_it_was_taken_back_then_it_is_never_carried_out_and_can_be_accepted_again(
        self, shop: Shop
    ) -> None:
        chat = accepted(shop)
        (offer,) = offers(shop, chat)
        says_undo(shop, chat, offer=offer.id)

        run(shop, AcceptOffer, hear(chat, "ok, yes please"))

        later = shop.clock.forward(days=1)
        with shop.db.read() as uow:
            waiting = {one.offer_id for one in uow.ledger.to_carry_out(later)}
        assert waiting == {one.id for one in offers(shop, chat)} - {offer.id}

    def test_given_the_time_is_over_then_a_person_is_offered_and_nothing_changes(
        self, shop: Shop
    ) -> None:
        chat = accepted(shop)
        (offer,) = offers(shop, chat)
        shop.clock.now += timedelta(seconds=shop.app.settings.take_back_seconds)

        answer = says_undo(shop, chat, offer=offer.id)

        assert answer.responses == ["say_too_late_to_take_back"]
        assert answer.payloads == {"Talk to a person": "/ask_for_person"}
        assert offers(shop, chat) == [offer]

    def test_given_a_confirmation_of_another_offer_then_it_is_asked_anew(self, shop: Shop) -> None:
        chat = accepted(shop)

        answer = says_undo(shop, chat, offer="o-other")

        assert answer.responses == ["say_sure_to_take_back"]
