"""What the log tells of a chat, how it is scored, and a person who answers after a while."""

from amends.handoff import use_cases as handoff
from amends.handoff.model import Handoff
from amends.insights.facts import ConversationFacts
from amends.insights.telling import facts_of
from amends.insights.use_cases import look_at, marks_of, write_down
from amends.satisfaction.scoring import BELIEVED
from tests.support.shop import ANA, NOW, Chat, Shop


def all_told(shop: Shop, chat: Chat) -> list[ConversationFacts]:
    with shop.db.read() as uow:
        (gathered,) = uow.log.gather([chat.id])
    return facts_of(gathered, BELIEVED, marks_of(shop.thresholds.hours), shop.clock())


def told(shop: Shop, chat: Chat) -> ConversationFacts:
    (facts,) = all_told(shop, chat)
    return facts


def score_all(shop: Shop, *chats: Chat) -> None:
    with shop.write() as uow:
        gathered = uow.log.gather([chat.id for chat in chats])
        due = marks_of(shop.thresholds.hours)
        write_down(uow, look_at(gathered, BELIEVED, due, shop.clock()))


def answered_after(shop: Shop, chat: Chat, **wait: float) -> Handoff:
    """Ask for a person, who answers after a while."""
    with shop.write() as uow:
        asked = handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), NOW)
    shop.clock.forward(**wait)
    with shop.write() as uow:
        handoff.claim(uow, asked.id, ANA, shop.clock())
        handoff.answer(uow, asked.id, ANA, "I look at it.", shop.clock())
    return asked
