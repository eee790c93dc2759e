"""Who may do what at the desk: one table, read by pages, actions and use cases alike."""

from enum import StrEnum

from amends.handoff.errors import NotAllowed
from amends.handoff.model import StaffMember, StaffRole


class Right(StrEnum):
    ANSWER_CHATS = "answer_chats"  # claim, answer, hand back, resolve
    LISTEN_IN = "listen_in"  # read a colleague's chat while it goes on
    TAKE_OVER = "take_over"  # take a chat that a colleague has
    APPROVE = "approve"  # decide on what is beyond a colleague's authority
    SEE_ALL_CASES = "see_all_cases"
    EDIT_CASES = "edit_cases"  # note, give to somebody, name the cause
    EXPORT_CASES = "export_cases"
    EDIT_CANNED = "edit_canned"
    EDIT_RULES = "edit_rules"  # business hours, thresholds
    EDIT_WEBHOOKS = "edit_webhooks"
    SEE_INSIGHTS = "see_insights"
    EDIT_ACTIONS = "edit_actions"  # what is done about causes
    TRAIN = "train"  # review what was misheard, change examples and dialogues, try models out
    PROMOTE_MODELS = "promote_models"  # let another model answer customers
    ADMINISTER_STAFF = "administer_staff"


RIGHTS: dict[StaffRole, frozenset[Right]] = {
    StaffRole.AGENT: frozenset({Right.ANSWER_CHATS, Right.SEE_ALL_CASES, Right.EDIT_CASES}),
    StaffRole.SUPERVISOR: frozenset(
        {
            Right.ANSWER_CHATS,
            Right.LISTEN_IN,
            Right.TAKE_OVER,
            Right.APPROVE,
            Right.SEE_ALL_CASES,
            Right.EDIT_CASES,
            Right.EDIT_CANNED,
            Right.SEE_INSIGHTS,
            Right.EDIT_ACTIONS,
        }
    ),
    StaffRole.TRAINER: frozenset(
        {Right.SEE_ALL_CASES, Right.SEE_INSIGHTS, Right.TRAIN, Right.PROMOTE_MODELS}
    ),
    StaffRole.MANAGER: frozenset(
        {
            Right.APPROVE,
            Right.SEE_ALL_CASES,
            Right.EDIT_CASES,
            Right.EXPORT_CASES,
            Right.EDIT_RULES,
            Right.SEE_INSIGHTS,
            Right.EDIT_ACTIONS,
        }
    ),
    StaffRole.ADMIN: frozenset(
        {
            Right.ANSWER_CHATS,
            Right.SEE_ALL_CASES,
            Right.EDIT_CASES,
            Right.EDIT_CANNED,
            Right.EDIT_RULES,
            Right.EDIT_WEBHOOKS,
            Right.ADMINISTER_STAFF,
            Right.TRAIN,
            Right.PROMOTE_MODELS,
            Right.SEE_INSIGHTS,
            Right.EDIT_ACTIONS,
        }
    ),
}


def may(member: StaffMember, right: Right) -> bool:
    return right in RIGHTS[member.role]


def require(member: StaffMember, right: Right) -> None:
    """Refuse who has not the right.

    Raises:
        NotAllowed
    """
    if not may(member, right):
        raise NotAllowed(member.role.value, right.value)
