"""Which chats are for whom: languages, categories, and the order in which one person sees them."""

from amends.cases.model import Category
from amends.handoff.model import Handoff, Passing, StaffMember
from amends.handoff.queue import QueueItem
from amends.handoff.rights import Right, may

MOST_URGENT = 1
"""Whose priority this is waits for anybody at all."""


def speaks(member: StaffMember, language: str) -> bool:
    return language in member.languages


def takes(member: StaffMember, category: Category | str | None) -> bool:
    """Whether a person takes complaints of a category; who has named none takes all."""
    return category is None or not member.skills or str(category) in member.skills


def fits(item: QueueItem, member: StaffMember) -> bool:
    """Whether this person speaks the customer's language and takes what it is about."""
    category = item.case.category if item.case else None
    return speaks(member, item.conversation.language) and takes(member, category)


def is_for(item: QueueItem, member: StaffMember) -> bool:
    """Whether a waiting chat is shown to a person who looks only at what is for them.

    A critical chat and one whose deadline has passed are for everybody: nobody waits in vain for
    the one colleague who fits.
    """
    urgent = item.handoff.priority == MOST_URGENT
    return urgent or item.is_overdue or fits(item, member)


def in_order_for(items: tuple[QueueItem, ...], member: StaffMember) -> tuple[QueueItem, ...]:
    """Return waiting chats as one person sees them: the most urgent first, then what is for them,
    then what is overdue, then who has waited longest.

    Within a priority all are promised an answer within the same time, so who asked first is due
    first; a chat that was put back keeps that place, as its customer is told.
    """
    return tuple(sorted(items, key=lambda item: _place(item, member)))


def _place(item: QueueItem, member: StaffMember) -> tuple[object, ...]:
    handoff = item.handoff
    return (
        handoff.priority,
        not is_for(item, member),
        not item.is_overdue,
        handoff.requested_at,
        handoff.id,
    )


def is_passed_to(handoff: Handoff, member: StaffMember) -> bool:
    """Whether a chat is passed on to this person, or to people of whom they are one."""
    passing = handoff.passing
    return passing is not None and handoff.claimed_by != member.id and is_meant_for(passing, member)


def is_meant_for(passing: Passing, member: StaffMember) -> bool:
    if not may(member, Right.ANSWER_CHATS):
        return False
    if passing.to is not None:
        return passing.to == member.id
    speaks_it = passing.language is None or speaks(member, passing.language)
    return speaks_it and takes(member, passing.skill)
