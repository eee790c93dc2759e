"""The help desk speaks: a person answers the customer, resolves the chat, or gives it back."""

from dataclasses import replace
from datetime import datetime

from amends.handoff import bridge
from amends.handoff import use_cases as handoffs
from amends.handoff.help_desk import (
    BRIDGE,
    ECHO,
    ChatState,
    Heard,
    HelpDeskChat,
    PersonEnded,
    PersonWrote,
)
from amends.handoff.model import Handoff, HandoffState, StaffMember
from amends.handoff.ports import UnitOfWork
from amends.handoff.thresholds import Thresholds
from amends.handoff.use_cases import AskSurvey

WROTE_THERE = "help_desk_wrote"
"""Why a person has a chat that nobody had asked one for: they wrote of their own accord."""

OUTCOME = "passed_on"
"""How the case ended, in our words: the help desk keeps its own."""


def hear[U: UnitOfWork](
    uow: U,
    thresholds: Thresholds,
    heard: Heard,
    now: datetime,
    ask_survey: AskSurvey[U] | None = None,
) -> bool:
    """Let what a person did in the help desk reach the customer; False when it changes nothing.

    The caller commits.

    Raises:
        AlreadyClaimed: somebody at the desk of Amends answers this customer.
        EmptyMessage: the customer could see nothing of the text.
    """
    if uow.conversations.get(heard.conversation_id) is None:
        return False  # a chat of the same inbox, but not of ours
    before = uow.conversations.lock(heard.conversation_id).last_seq
    chat = uow.help_desk.get(heard.conversation_id)
    if chat is None:
        return False
    bridge.ensure_bridge(uow)
    if isinstance(heard, PersonWrote):
        bridge.seen(uow, now)
        done = _wrote(uow, thresholds, chat, heard, now)
    else:
        done = _ended(uow, chat, heard, now, ask_survey)
    bridge.mark_heard(uow, heard.conversation_id, before, now)
    return done


def _wrote(
    uow: UnitOfWork, thresholds: Thresholds, chat: HelpDeskChat, heard: PersonWrote, now: datetime
) -> bool:
    key = f"help_desk:{heard.message_id}"
    if uow.action_runs.get(key) is not None:
        return False
    uow.action_runs.add(key, {"conversation_id": heard.conversation_id}, now)
    handoff = uow.handoffs.open_of(heard.conversation_id)
    if handoff is None:
        handoff = _write_first(uow, thresholds, chat, now)
    person = _person(heard.name)
    handoffs.claim(uow, handoff.id, person, now)
    handoffs.answer(uow, handoff.id, person, heard.text, now)
    return True


def _write_first(
    uow: UnitOfWork, thresholds: Thresholds, chat: HelpDeskChat, now: datetime
) -> Handoff:
    """Nobody was asked for, but a person has something to say: the chat is theirs."""
    handoff = handoffs.request(uow, thresholds, chat.conversation_id, (WROTE_THERE,), now)
    # Before its first note is acknowledged we do not know the help desk's id of the chat.
    state = ChatState.OPEN if chat.external_id else ChatState.OPENING
    uow.help_desk.save(replace(chat, handoff_id=handoff.id, state=state))
    return handoff


def _ended[U: UnitOfWork](
    uow: U,
    chat: HelpDeskChat,
    heard: PersonEnded,
    now: datetime,
    ask_survey: AskSurvey[U] | None,
) -> bool:
    if chat.closed_at is not None and now < chat.closed_at + ECHO:
        return False
    handoff = uow.handoffs.open_of(heard.conversation_id)
    if handoff is None or chat.state is not ChatState.OPEN or chat.handoff_id != handoff.id:
        return False
    if handoff.state is HandoffState.CLAIMED and handoff.claimed_by != BRIDGE.id:
        return False  # what they close there is not the customer's chat any more
    person = _person(heard.name)
    handoffs.claim(uow, handoff.id, person, now)
    if heard.returns_to_bot:
        handoffs.return_to_bot(uow, handoff.id, person, now)
    else:
        handoffs.resolve(uow, handoff.id, person, OUTCOME, now, ask_survey)
    uow.help_desk.save(replace(chat, state=ChatState.CLOSED, closed_at=now))
    return True


def _person(name: str) -> StaffMember:
    """The bridge's staff row, under the name of the person that the customer talks to."""
    return replace(BRIDGE, name=name or BRIDGE.name)
