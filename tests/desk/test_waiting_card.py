"""The card tells where a waiting customer is reached, and that a chat was taken away."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from amends.conversations.transactions import Transactions
from amends.desk import card_views, words
from amends.desk.actions import Actions, Opened, Refused
from amends.desk.templating import render
from amends.handoff import contacts, fallbacks
from amends.handoff import use_cases as handoff
from amends.handoff.model import Channel, Contact, Handoff
from tests.support.shop import ANA, BEN, Chat, Shop, shop

__all__ = ["shop"]

TOKEN_HASH = "hash of a session's token"
PHONE = Contact(Channel.PHONE, "+44 20 7946 <0000>")


@pytest.fixture
def actions(shop: Shop) -> Iterator[Actions]:
    with shop.write() as uow:
        uow.staff.add_session(TOKEN_HASH, ANA.id, shop.clock() + timedelta(hours=9))
    transactions = Transactions(shop.db)
    yield Actions(shop.app, transactions, ANA, TOKEN_HASH)  # type: ignore[arg-type]
    transactions.close()


def asked(shop: Shop, case: bool = True) -> tuple[Chat, Handoff]:
    chat = shop.chat()
    if case:
        chat.complains()
    with shop.write() as uow:
        reasons = ("customer_asked",)
        return chat, handoff.request(uow, shop.thresholds, chat.id, reasons, shop.clock())


def card(shop: Shop, opened: Opened, section: str = "case") -> str:
    return render(f"{section}.html", **card_views.sections(opened, ANA, shop.clock())[section])


class TestContact:
    @pytest.mark.parametrize("case", [True, False])
    async def test_given_a_wish_when_the_chat_is_opened_then_the_card_says_how_and_where(
        self, shop: Shop, actions: Actions, case: bool
    ) -> None:
        chat, waiting = asked(shop, case)
        with shop.write() as uow:
            contacts.note_contact(uow, chat.id, PHONE, shop.clock())

        shown = card(shop, await actions.open(waiting.id))

        assert "<dt>Answer by</dt><dd>Phone: +44 20 7946 &lt;0000&gt;</dd>" in shown

    async def test_given_no_wish_or_no_address_when_opened_then_that_is_said(
        self, shop: Shop, actions: Actions
    ) -> None:
        chat, waiting = asked(shop)
        assert "Answer by" not in card(shop, await actions.open(waiting.id))

        with shop.write() as uow:
            contacts.note_contact(uow, chat.id, Contact(Channel.EMAIL), shop.clock())

        opened = await actions.open(waiting.id)
        assert "E-mail: not given yet" in card(shop, opened)
        assert "Wants an answer by e-mail" in card(shop, opened, "timeline")


class TestTakenAway:
    async def test_given_a_chat_was_taken_from_me_when_i_answer_then_refused_and_told_why(
        self, shop: Shop, actions: Actions
    ) -> None:
        _, waiting = asked(shop)
        await actions.claim(waiting.id)
        shop.clock.forward(minutes=6)
        with shop.write() as uow:
            assert fallbacks.take_away(uow, shop.thresholds, waiting.id, shop.clock())

        with pytest.raises(Refused, match="claim it first"):
            await actions.answer(waiting.id, "Here I am")

        opened = await actions.open(waiting.id)
        assert "Back in the queue: Ana was gone from the desk. Claim it to answer." in card(
            shop, opened
        )
        assert "Chat put back into the queue: its person was gone from the desk" in card(
            shop, opened, "timeline"
        )
        assert words.reason("staff_gone", shop.thresholds) == "Taken from somebody who was gone"

    async def test_given_a_colleague_has_it_since_when_opened_then_it_is_not_called_waiting(
        self, shop: Shop, actions: Actions
    ) -> None:
        _, waiting = asked(shop)
        await actions.claim(waiting.id)
        shop.clock.forward(minutes=6)
        with shop.write() as uow:
            fallbacks.take_away(uow, shop.thresholds, waiting.id, shop.clock())
            handoff.claim(uow, waiting.id, BEN, shop.clock())

        shown = card(shop, await actions.open(waiting.id))

        assert "Back in the queue" not in shown
        with pytest.raises(Refused, match="Ben has this chat now"):
            await actions.answer(waiting.id, "Here I am")
