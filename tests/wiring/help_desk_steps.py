"""A company that keeps its help desk: the shop, a Chatwoot beside it, and what happens there."""

from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from typing import Any

import pytest

from amends.conversations.model import Draft, Role
from amends.handoff import use_cases as handoff
from amends.handoff.help_desk import HelpDeskChat
from amends.handoff.model import Handoff
from amends.wiring import chatwoot as adapter
from amends.wiring import chatwoot_events, help_desk
from tests.support.chatwoot_server import ACCOUNT, INBOX, TOKEN, Chatwoot, chatwoot_server
from tests.support.shop import Chat, Shop

Log = list[MutableMapping[str, Any]]


@pytest.fixture
def chatwoot() -> Iterator[Chatwoot]:
    with chatwoot_server() as running:
        yield running
        assert running.complaints == []


@pytest.fixture
def bridged(shop: Shop, chatwoot: Chatwoot, log: Log) -> Iterator[Shop]:
    """The demo shop of a company that answers in Chatwoot."""
    desk = adapter.Chatwoot(chatwoot.url, TOKEN, ACCOUNT, INBOX, shop.clock, 2.0)
    shop.app = replace(shop.app, help_desk=desk)
    yield shop
    desk.stop()


def tell(shop: Shop, seconds: float = 0) -> int:
    shop.clock.forward(seconds=seconds)
    started = help_desk.tell_help_desk(shop.app)
    assert shop.app.lanes.idle(20)
    return started


def tell_all(shop: Shop) -> None:
    """Until there is nothing left, pauses included."""
    for _ in range(30):
        if not tell(shop, 61) and not tell(shop):
            return
    raise AssertionError("it never comes to rest")


def asks(shop: Shop, chat: Chat) -> Handoff:
    with shop.write() as uow:
        return handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock())


def bot_says(shop: Shop, chat: Chat, text: str) -> None:
    with shop.write() as uow:
        uow.conversations.append(chat.id, Draft(Role.BOT, text), shop.clock())


def hear(shop: Shop, webhook: tuple[bytes, dict[str, str]]) -> bool:
    heard = chatwoot_events.read(webhook[0])
    assert heard is not None
    with shop.write() as uow:
        return shop.app.hear_help_desk(uow, heard, shop.clock())


def stored(shop: Shop, chat: Chat) -> HelpDeskChat:
    with shop.db.read() as uow:
        found = uow.help_desk.get(chat.id)
        assert found is not None
        return found


def latest(shop: Shop, chat: Chat) -> Handoff:
    with shop.db.read() as uow:
        return uow.handoffs.of_conversation(chat.id)[-1]


@pytest.fixture
def waiting(bridged: Shop) -> Chat:
    """A complaint that a person was asked for, and that lies in Chatwoot."""
    chat = bridged.chat()
    chat.complains()
    bot_says(bridged, chat, "I am sorry. Which order is it?")
    asks(bridged, chat)
    tell(bridged)
    return chat


@pytest.fixture
def answered(bridged: Shop, waiting: Chat, chatwoot: Chatwoot) -> Chat:
    """The same, and Mia has answered in Chatwoot."""
    hear(bridged, chatwoot.writes(chatwoot.chat, "Hello, I am Mia"))
    return waiting
