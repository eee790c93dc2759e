"""Steps that the tests of several use cases begin with, on a real database."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from amends.cases.model import PromiseState
from amends.conversations.model import Draft
from amends.handoff import use_cases as handoff
from amends.handoff.check import check
from amends.handoff.hours import Holiday, Hours, Span
from amends.handoff.model import Handoff, StaffMember
from amends.wiring.rules import FixedRules
from tests.support.shop import ANA, Chat, Shop

HALF_HOUR = timedelta(minutes=30)


OFFICE = Hours(
    ZoneInfo("Europe/London"),
    ((Span(9 * 60, 18 * 60),),) * 5 + ((), ()),
    {date(2026, 3, 5): Holiday("Founders' day")},
)
"""Hours in which NOW, a Wednesday at ten, is open; the next day is a holiday."""


def in_office_hours(shop: Shop) -> None:
    thresholds = replace(shop.thresholds, hours=OFFICE)
    shop.app = replace(shop.app, rules=FixedRules(thresholds))


def come_online(shop: Shop, *people: StaffMember) -> None:
    with shop.write() as uow:
        for member in people:
            uow.staff.seen(member.id, shop.clock())


def ask(shop: Shop, chat: Chat, *reasons: str) -> Handoff:
    with shop.write() as uow:
        wanted = reasons or ("customer_asked",)
        return handoff.request(uow, shop.thresholds, chat.id, wanted, shop.clock())


def claimed(shop: Shop, chat: Chat, by: object = ANA) -> Handoff:
    asked = ask(shop, chat)
    with shop.write() as uow:
        return handoff.claim(uow, asked.id, by, shop.clock())


def claimed_chat(shop: Shop) -> tuple[Chat, Handoff]:
    """A complaint that Ana has taken over."""
    chat = shop.chat()
    chat.complains()
    return chat, claimed(shop, chat)


def look(shop: Shop, chat: Chat, text: str = "words", **understood: object) -> tuple[Draft, ...]:
    """Let the thresholds look at one more message of the customer."""
    seq = chat.says(text, **({"sentiment": 0.0} | understood))
    with shop.write() as uow:
        found = uow.understandings.get(chat.id, seq)
        assert found is not None
        return check(uow, shop.thresholds, chat.conversation, seq, found, shop.clock())


def stored(shop: Shop, asked: Handoff) -> Handoff:
    with shop.db.read() as uow:
        found = uow.handoffs.get(asked.id)
        assert found is not None
        return found


def due_times(shop: Shop, chat: Chat) -> list[datetime]:
    """By when an answer was promised, in the order of the promises."""
    with shop.db.read() as uow:
        return [one.due_at for one in uow.promises.of_case(chat.case.id)]


def promises(shop: Shop, chat: Chat) -> list[tuple[str, PromiseState]]:
    with shop.db.read() as uow:
        return [(one.what, one.state) for one in uow.promises.of_case(chat.case.id)]
