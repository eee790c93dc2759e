"""What a person at the desk may do under a session, and no more once it has ended."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import pytest

from amends.conversations.transactions import Transactions
from amends.desk.actions import Actions, SignedOut
from amends.handoff import use_cases as handoff
from amends.handoff.model import Handoff, HandoffState
from tests.support.shop import ANA, Chat, Shop, shop

__all__ = ["shop"]

TOKEN_HASH = "hash of a session's token"
Act = Callable[[Actions, str], Awaitable[object]]


@pytest.fixture
def chat(shop: Shop) -> Chat:
    opened = shop.chat()
    opened.complains()
    return opened


@pytest.fixture
def actions(shop: Shop) -> Iterator[Actions]:
    with shop.write() as uow:
        uow.staff.add_session(TOKEN_HASH, ANA.id, shop.clock() + timedelta(hours=1))
    transactions = Transactions(shop.db)
    yield Actions(shop.app, transactions, ANA, TOKEN_HASH)  # type: ignore[arg-type]
    transactions.close()


def asked(shop: Shop, chat: Chat) -> Handoff:
    with shop.write() as uow:
        return handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock())


def stored(shop: Shop, handoff_id: str) -> Handoff:
    with shop.db.read() as uow:
        found = uow.handoffs.get(handoff_id)
        assert found is not None
        return found


class TestEndedSession:
    async def test_given_a_session_when_claimed_then_the_chat_is_mine(
        self, shop: Shop, chat: Chat, actions: Actions
    ) -> None:
        waiting = asked(shop, chat)

        await actions.claim(waiting.id)

        assert stored(shop, waiting.id).claimed_by == ANA.id

    async def test_given_it_ended_when_claimed_then_refused_and_the_chat_still_waits(
        self, shop: Shop, chat: Chat, actions: Actions
    ) -> None:
        waiting = asked(shop, chat)
        with shop.write() as uow:
            uow.staff.end_session(TOKEN_HASH)

        with pytest.raises(SignedOut):
            await actions.claim(waiting.id)

        assert stored(shop, waiting.id).state is HandoffState.WAITING

    @pytest.mark.parametrize(
        "act",
        [
            lambda actions, one: actions.answer(one, "Hello"),
            lambda actions, one: actions.return_to_bot(one),
            lambda actions, one: actions.requeue(one),
            lambda actions, one: actions.resolve(one, "explained"),
            lambda actions, one: actions.grant(one, "any"),
        ],
        ids=["answer", "return_to_bot", "requeue", "resolve", "grant"],
    )
    async def test_given_it_ended_when_anything_is_done_in_my_chat_then_refused_and_nothing_changes(
        self, shop: Shop, chat: Chat, actions: Actions, act: Act
    ) -> None:
        waiting = asked(shop, chat)
        await actions.claim(waiting.id)
        before = (stored(shop, waiting.id), chat.case, chat.log)
        shop.clock.forward(hours=2)

        with pytest.raises(SignedOut):
            await act(actions, waiting.id)

        assert (stored(shop, waiting.id), chat.case, chat.log) == before
