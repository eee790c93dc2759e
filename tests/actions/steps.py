"""Steps that the tests of several actions begin with, on a real database."""

import re
from collections.abc import Iterable

from amends.compensation.model import Offer
from amends.handoff import use_cases as handoff
from tests.actions.harness import Heard, hear
from tests.support.shop import LATE, STORY, Chat, Shop

MONEY = re.compile(r"(?:[A-Z]{2})?[£€$¥]\s?[\d.,]*\d")


def complaint(chat: Chat, category: str = "not_received", text: str = STORY, **more: str) -> Heard:
    said = {"severity": "medium", "flags": [], "secondary": []}
    return hear(chat, text, f"report_{category}", assessment=said, **more)


def taken(shop: Shop, order: str = LATE, category: str = "not_received") -> Chat:
    chat = shop.chat()
    chat.complains(category, order)
    return chat


def offers(shop: Shop, chat: Chat) -> list[Offer]:
    with shop.db.read() as uow:
        return list(uow.ledger.offers_of_case(chat.case.id))


def amounts_said(texts: Iterable[str]) -> list[str]:
    return sorted(MONEY.findall(" ".join(texts)))


def ask_person(shop: Shop, chat: Chat, reason: str) -> None:
    with shop.db.write() as uow:
        handoff.request(uow, shop.app.thresholds, chat.id, (reason,), shop.app.clock())
        uow.commit()
