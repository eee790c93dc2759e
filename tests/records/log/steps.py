"""A chat that has left a row in every table of which the log tells, and how the log is read."""

from dataclasses import replace
from datetime import timedelta

from amends.conversations.model import Choice, Draft, Role
from amends.handoff import use_cases as handoff
from amends.handoff.approval_model import Approval
from amends.records.log.ports import Wanted
from amends.records.log.reading import rows
from amends.satisfaction.surveys.model import Channel, Question, SurveyAsk
from amends.values import Json, new_id
from tests.records.steps import settled
from tests.support.shop import ANA, LATE, Chat, Shop

KEY = b"a key for tests"
EVERYTHING = Wanted()
NOTE = "It was a present"


def everything(shop: Shop, order: str = LATE) -> Chat:
    """A chat with a customer's offer, a person, a request, choices, ratings and a score."""
    chat = settled(shop, order)
    now = shop.clock.forward(minutes=1)
    with shop.write() as uow:
        choices = (Choice("c-1", "Yes", "/agree"), Choice("c-2", "No", "/refuse"))
        uow.conversations.append(chat.id, Draft(Role.BOT, "All right?", choices), now)
        (taken,) = uow.handoffs.of_conversation(chat.id)
        asked = Approval(new_id(), taken.id, chat.case.id, "refund", (), ANA.id, now, NOTE)
        uow.approvals.add(asked)
        ask = SurveyAsk(new_id(), chat.id, chat.case.id, Channel.WIDGET, now, (Question.CSAT,))
        uow.survey_asks.add(ask)
        handoff.answer(uow, taken.id, ANA, "Hello from Ana", now)
        marked = replace(uow.handoffs.of_conversation(chat.id)[0], was_needed=False)
        uow.handoffs.save(marked)
    return chat


def log_of(shop: Shop, *, personal: bool = False, wanted: Wanted = EVERYTHING) -> list[Json]:
    return list(rows(shop.db.read, wanted, None if personal else KEY))


def chats(shop: Shop, count: int) -> list[str]:
    """Conversations that began one minute apart; every other one at the moment of the last."""
    begun = []
    for number in range(count):
        if number % 2 == 0:
            shop.clock.now += timedelta(minutes=1)
        begun.append(shop.chat().id)
    return begun
