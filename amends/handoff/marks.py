"""Whether a person was needed in a chat, as the people who answered say: for better thresholds."""

from dataclasses import replace
from datetime import datetime

from amends.cases import use_cases as cases
from amends.cases.fields import FIELD_CHANGED
from amends.handoff.errors import UnknownHandoff
from amends.handoff.model import Handoff
from amends.handoff.ports import UnitOfWork

FIELD = "person_needed"
"""Under which a case's timeline tells of a mark that was changed later."""

YES, NO = "yes", "no"


def mark(uow: UnitOfWork, handoff_id: str, was_needed: bool | None) -> Handoff:
    """Write down whether a person was needed; None says nothing and changes nothing.

    Raises:
        UnknownHandoff: there is none of this id.
    """
    handoff = uow.handoffs.get(handoff_id)
    if handoff is None:
        raise UnknownHandoff(handoff_id)
    if was_needed is None:
        return handoff
    marked = replace(handoff, was_needed=was_needed)
    uow.handoffs.save(marked)
    return marked


def marked_handoff(handoffs: list[Handoff]) -> Handoff | None:
    """Return the handoff of a case that a mark is about: the latest that a person ended."""
    ended = [one for one in handoffs if one.ended_at is not None and one.claimed_by is not None]
    return ended[-1] if ended else None


def correct(uow: UnitOfWork, case_id: str, was_needed: bool | None, by: str, now: datetime) -> None:
    """Set the mark of a case's latest handoff; the change stands in the case.

    Raises:
        UnknownCase.
        UnknownHandoff: no person has ended a chat about it.
    """
    case = cases.case_of(uow, case_id)
    uow.conversations.lock(case.conversation_id)
    handoff = marked_handoff(list(uow.handoffs.of_conversation(case.conversation_id)))
    if handoff is None:
        raise UnknownHandoff(case_id)
    if handoff.was_needed is was_needed:
        return
    uow.handoffs.save(replace(handoff, was_needed=was_needed))
    data = {"field": FIELD, "before": word(handoff.was_needed), "after": word(was_needed)}
    cases.add_entry(uow, case, now, by, FIELD_CHANGED, data)


def word(was_needed: bool | None) -> str | None:
    """Return a mark as it is kept in an entry and posted by a form."""
    return None if was_needed is None else YES if was_needed else NO


def read(said: str) -> bool | None:
    """Return what a form says; anything else says nothing."""
    return {YES: True, NO: False}.get(said)
