"""A person is asked for; the customer hears the truth about the wait."""

from datetime import datetime

from actions.base import AmendsAction, Outcome, Say
from actions.stage import stage_slots
from actions.turn import Turn
from amends.handoff import use_cases as handoff
from amends.handoff.clock import Wait, wait_words
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App


class RequestPerson(AmendsAction):
    action_name = "action_request_person"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        says = person_says(app, uow, turn, ("customer_asked",))
        return Outcome(says, stage_slots(uow, turn.conversation_id))


def person_says(app: App, uow: UnitOfWork, turn: Turn, reasons: tuple[str, ...]) -> list[Say]:
    """Ask for a person and tell the customer how long; asked before, only the wait is told."""
    now = app.clock()
    asked_before = _asked_before(uow, turn)
    handoff.request(uow, app.thresholds, turn.conversation_id, reasons, now)
    wait = handoff.wait_of(uow, turn.conversation_id, now)
    words = "say_person_already" if asked_before else "say_person_coming"
    return [Say(words, {"wait": wait_words(wait)}, card=wait_card(wait))]


def _asked_before(uow: UnitOfWork, turn: Turn) -> bool:
    """Whether a person was asked for before this message; the thresholds may have done so on it."""
    open_one = uow.handoffs.open_of(turn.conversation_id)
    message = uow.conversations.message(turn.conversation_id, turn.seq)
    return open_one is not None and (message is None or open_one.requested_at < message.at)


MOST_URGENT = 1
"""Danger to somebody (policies/handoff.yml): no words of the customer call that person off."""


def must_stay(uow: UnitOfWork, turn: Turn) -> bool:
    """Whether the person asked for comes, whatever the customer takes back.

    Someone who gives up may mean the complaint or themselves, so a person who was asked for
    because of this very message, or because of danger, is not called off by it.
    """
    open_one = uow.handoffs.open_of(turn.conversation_id)
    if open_one is None:
        return False
    return open_one.priority <= MOST_URGENT or not _asked_before(uow, turn)


def wait_says(uow: UnitOfWork, turn: Turn, now: datetime) -> list[Say]:
    """Tell how long it takes, without asking anybody again."""
    wait = handoff.wait_of(uow, turn.conversation_id, now)
    words = "say_person_already" if _asked_before(uow, turn) else "say_person_coming"
    return [Say(words, {"wait": wait_words(wait)}, card=wait_card(wait))]


def wait_of(uow: UnitOfWork, turn: Turn, now: datetime) -> str:
    """Word the wait for a person; empty when nobody waits."""
    if uow.handoffs.open_of(turn.conversation_id) is None:
        return ""
    return wait_words(handoff.wait_of(uow, turn.conversation_id, now))


def wait_card(wait: Wait) -> dict[str, object]:
    return {"kind": "handoff", "position": wait.position, "expected_minutes": wait.minutes}
