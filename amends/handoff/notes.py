"""Internal notes: what staff write to each other in a chat.

A note is kept beside the message log and not in it, and the case's timeline names it without its
words, so whatever reads the log or the timeline for a customer never meets one.
"""

from datetime import datetime

from amends.conversations import cleaning
from amends.handoff import taking
from amends.handoff.errors import UnknownHandoff
from amends.handoff.model import Note, StaffMember
from amends.handoff.ports import UnitOfWork

ENTRY = "staff_note"
"""The kind of its entry in the timeline, which holds the note's id."""


def write(
    uow: UnitOfWork,
    handoff_id: str,
    staff: StaffMember,
    text: str,
    now: datetime,
    again: bool = False,
) -> Note:
    """Write a note into the chat; neither the customer's side nor the assistant's changes.

    Where it may have come before, `again`, this person's latest note counts if it says the same.

    Raises:
        UnknownHandoff: there is none of this id.
        EmptyMessage: nothing is left of the text.
    """
    handoff = uow.handoffs.get(handoff_id)
    if handoff is None:
        raise UnknownHandoff(handoff_id)
    cleaned = cleaning.accept_staff(text)
    # Under the lock the note's place is after all that was said before it, and it stays there.
    conversation = uow.conversations.lock(handoff.conversation_id)
    if again and (known := _latest(uow, conversation.id, staff)) and known.text == cleaned:
        return known
    note = uow.notes.add(conversation.id, conversation.last_seq, staff.id, cleaned, now)
    taking.enter(uow, handoff, staff.id, ENTRY, {"note_id": note.id}, now)
    return note


def _latest(uow: UnitOfWork, conversation_id: str, staff: StaffMember) -> Note | None:
    own = [one for one in uow.notes.of_conversation(conversation_id) if one.author_id == staff.id]
    return own[-1] if own else None
