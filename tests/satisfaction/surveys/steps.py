"""Cases that were closed, and the mails that ask about them."""

import re

from amends.cases import use_cases as cases
from amends.cases.mail import LEASE, Mail
from amends.conversations.model import Mode
from amends.satisfaction.surveys.model import Channel, SurveyAsk
from amends.wiring import check_in as job
from tests.support.shop import Chat, Shop

CUSTOMER = "cus-collins"
OWNER = "maya.collins@example.com"


def resolved(shop: Shop, chat: Chat) -> None:
    with shop.write() as uow:
        now = shop.clock.forward(minutes=1)
        cases.resolve(uow, chat.case.id, "explained", "s-ana", now)


def closed(
    shop: Shop, customer: str | None = CUSTOMER, language: str = "en", **facts: object
) -> Chat:
    """A chat whose case was resolved by staff, and which was closed then."""
    chat = shop.chat(customer, language)
    chat.complains(**facts)  # type: ignore[arg-type]
    resolved(shop, chat)
    with shop.write() as uow:
        uow.conversations.set_mode(chat.id, Mode.CLOSED, at=shop.clock())
    return chat


def some_days_later(shop: Shop, days: float = 3.1) -> int:
    shop.clock.forward(days=days)
    return job.check_in_by_mail(shop.app)


def mails(shop: Shop) -> list[Mail]:
    """All mails that are due now."""
    found = []
    with shop.write() as uow:
        while (mail := uow.mails.take(shop.clock(), shop.clock() + LEASE)) is not None:
            found.append(mail)
    return found


def ask_of(shop: Shop, chat: Chat) -> SurveyAsk:
    """The latest asking by mail."""
    with shop.db.read() as uow:
        asks = uow.survey_asks.of_conversation(chat.id)
    return [one for one in asks if one.channel is Channel.MAIL][-1]


def link_in(mail: Mail) -> str:
    found = re.search(r"/feedback\S+", mail.body)
    assert found is not None
    return found[0]
