"""Passing a chat on with a note: to a person, or to all who speak a language or take a category.

Until somebody takes it the chat stays in the hands of its person, so the assistant is silent all
the while; but that person answers in it only after taking it back.
"""

from dataclasses import replace
from datetime import datetime

from amends.conversations import cleaning
from amends.conversations.errors import EmptyMessage
from amends.handoff import notes, notices, taking
from amends.handoff.errors import NobodyThere, NoteMissing, NotPassedToYou, NotYours
from amends.handoff.fit import is_meant_for, is_passed_to
from amends.handoff.model import Handoff, Passing, StaffMember
from amends.handoff.ports import UnitOfWork
from amends.handoff.thresholds import Thresholds
from amends.handoff.use_cases import mine
from amends.handoff.waits import ONLINE_WITHIN


def pass_on(
    uow: UnitOfWork,
    thresholds: Thresholds,
    handoff_id: str,
    staff: StaffMember,
    note: str,
    now: datetime,
    *,
    to: str | None = None,
    language: str | None = None,
    skill: str | None = None,
) -> Handoff:
    """Offer the chat to a colleague, or to all who speak a language or take a category.

    Raises:
        UnknownHandoff, NotYours, PassedOn: the chat is not this person's to pass on.
        NoteMissing: nothing was written for whoever takes it.
        NobodyThere: nobody at the desk can take it.
    """
    handoff = mine(uow, handoff_id, staff)
    passing = Passing(
        _note(note), now, now + thresholds.transfer_within, to=to, language=language, skill=skill
    )
    online = uow.staff.online_since(now - ONLINE_WITHIN)
    takers = [one for one in online if one.id != staff.id and is_meant_for(passing, one)]
    if not takers or (to, language, skill) == (None, None, None):
        raise NobodyThere
    passed = replace(handoff, passing=passing)
    uow.handoffs.save(passed)
    notes.write(uow, handoff_id, staff, passing.note, now)
    who = {"to": to, "language": language, "skill": skill}
    taking.enter(uow, passed, staff.id, "passed_on", who, now)
    language_spoken = taking.language_of(uow, passed)
    draft = notices.passed_on(staff.name, takers[0].name if to else None, language_spoken)
    uow.conversations.append(passed.conversation_id, draft, now)
    return passed


def take(uow: UnitOfWork, handoff_id: str, staff: StaffMember, now: datetime) -> Handoff:
    """Take a chat that was passed on.

    Raises:
        UnknownHandoff: it has ended.
        NotPassedToYou: it never was, a colleague was faster, or it was taken back.
    """
    handoff = taking.locked(uow, handoff_id)
    if handoff.claimed_by == staff.id and handoff.passing is None:
        return handoff
    if not is_passed_to(handoff, staff):
        raise NotPassedToYou(handoff_id)
    taken = taking.give(uow, handoff, staff, now)
    taking.enter(uow, taken, staff.id, "passed_taken", {"from": handoff.claimed_by}, now)
    language = taking.language_of(uow, taken)
    uow.conversations.append(taken.conversation_id, notices.joined(staff.name, language), now)
    return taken


def recall(uow: UnitOfWork, handoff_id: str, staff: StaffMember, now: datetime) -> Handoff:
    """Take back what one has passed on, as long as nobody has taken it.

    Raises:
        UnknownHandoff: it has ended.
        NotYours: somebody has taken it.
    """
    handoff = taking.locked(uow, handoff_id)
    if handoff.claimed_by != staff.id:
        raise NotYours(handoff_id)
    if handoff.passing is None:
        return handoff
    kept = replace(handoff, passing=None)
    uow.handoffs.save(kept)
    taking.enter(uow, kept, staff.id, "passed_recalled", {}, now)
    language = taking.language_of(uow, kept)
    uow.conversations.append(kept.conversation_id, notices.stays(staff.name, language), now)
    return kept


def _note(text: str) -> str:
    try:
        return cleaning.accept_staff(text)
    except EmptyMessage:
        raise NoteMissing from None
