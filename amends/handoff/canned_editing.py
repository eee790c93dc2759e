"""Canned replies are written, changed and switched off, each in the caller's transaction."""

from dataclasses import replace
from datetime import datetime

from amends.handoff.canned import CannedReply, Wording, checked
from amends.handoff.errors import ReplyChanged, ShortcutTaken, UnknownReply
from amends.handoff.model import StaffMember
from amends.handoff.ports import UnitOfWork
from amends.handoff.rights import Right, require
from amends.values import new_id


def add(uow: UnitOfWork, wording: Wording, staff: StaffMember, now: datetime) -> CannedReply:
    """Add a reply.

    Raises:
        NotAllowed: the role may not.
        WordingIncomplete, ShortcutUnusable, UnknownPlaceholder, ShortcutTaken.
    """
    require(staff, Right.EDIT_CANNED)
    reply = CannedReply(new_id(), checked(wording), 1, now, staff.id)
    if not uow.canned.add(reply):
        raise ShortcutTaken(reply.wording.shortcut)
    return reply


def change(
    uow: UnitOfWork,
    reply_id: str,
    wording: Wording,
    version: int,
    staff: StaffMember,
    now: datetime,
) -> CannedReply:
    """Store a new wording, if nobody has changed the reply since it was read.

    Args:
        version: The version that was read.

    Raises:
        NotAllowed: the role may not.
        UnknownReply: there is none of this id.
        ReplyChanged: somebody was faster; nothing is stored.
        WordingIncomplete, ShortcutUnusable, UnknownPlaceholder, ShortcutTaken.
    """
    require(staff, Right.EDIT_CANNED)
    known = reply_of(uow, reply_id)
    tidy = checked(wording)
    if known.version != version:
        raise ReplyChanged(reply_id)
    if uow.canned.id_of_shortcut(tidy.shortcut) not in (None, reply_id):
        raise ShortcutTaken(tidy.shortcut)
    changed = replace(known, wording=tidy, version=version + 1, changed_at=now, changed_by=staff.id)
    if not uow.canned.save(changed):
        raise ReplyChanged(reply_id)
    return changed


def reply_of(uow: UnitOfWork, reply_id: str) -> CannedReply:
    found = uow.canned.get(reply_id)
    if found is None:
        raise UnknownReply(reply_id)
    return found


def begin_with(uow: UnitOfWork, replies: tuple[CannedReply, ...]) -> int:
    """Store the replies to begin with, where there is none yet; returns how many.

    Replies are switched off and never removed, so this happens once in the life of a database.
    """
    if uow.canned.all():
        return 0
    return sum(uow.canned.add(one) for one in replies)
