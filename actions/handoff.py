"""A person is asked for; the customer hears the truth about the wait."""

from actions.base import AmendsAction, Outcome, Say
from actions.contact import contact_says
from actions.stage import stage_slots
from actions.turn import Turn
from amends.handoff import notices, waits
from amends.handoff import use_cases as handoff
from amends.handoff.check import fired_now
from amends.handoff.clock import wait_words
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App


class RequestPerson(AmendsAction):
    action_name = "action_request_person"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        says = contact_says(app, uow, turn)  # who waits already asks for no second person by it
        if not says:
            asked = person_says(app, uow, turn, ("customer_asked",))
            says = contact_says(app, uow, turn) or asked
        return Outcome(says, stage_slots(uow, turn.conversation_id))


def person_says(app: App, uow: UnitOfWork, turn: Turn, reasons: tuple[str, ...]) -> list[Say]:
    """Ask for a person and tell the customer how long; asked before, only the wait is told."""
    asked_before = _asked_before(uow, turn)
    grown = (*reasons, *_rows_since(app, uow, turn, reasons))
    handoff.request(uow, app.thresholds, turn.conversation_id, grown, app.clock())
    return [_wait_say(app, uow, turn, asked_before)]


def _rows_since(app: App, uow: UnitOfWork, turn: Turn, reasons: tuple[str, ...]) -> tuple[str, ...]:
    """Return the rows that fire now: what an action has just done may be one more reason."""
    conversation = uow.conversations.get(turn.conversation_id)
    if conversation is None:
        return ()
    fired = fired_now(uow, app.thresholds, conversation, app.clock())
    return tuple(row.id for row in fired if row.id not in reasons)


def _wait_say(app: App, uow: UnitOfWork, turn: Turn, asked_before: bool) -> Say:
    wait = waits.wait_of(uow, app.thresholds, turn.conversation_id, app.clock())
    choices = notices.contact_choices(wait, turn.language)
    return Say(
        "say_person_already" if asked_before else "say_person_coming",
        {"wait": wait_words(wait, turn.language)},
        [{"title": choice.title, "payload": choice.payload} for choice in choices],
        notices.card_of(wait),
    )


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


def wait_says(app: App, uow: UnitOfWork, turn: Turn) -> list[Say]:
    """Tell how long it takes, without asking anybody again."""
    return [_wait_say(app, uow, turn, _asked_before(uow, turn))]


def wait_of(app: App, uow: UnitOfWork, turn: Turn) -> str:
    """Word the wait for a person; empty when nobody waits."""
    if uow.handoffs.open_of(turn.conversation_id) is None:
        return ""
    wait = waits.wait_of(uow, app.thresholds, turn.conversation_id, app.clock())
    return wait_words(wait, turn.language)
