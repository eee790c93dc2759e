"""Where the case stands, as the slot `case_stage` that the rules turn on."""

from typing import Any

from amends.cases import use_cases as cases
from amends.cases.details import NO_ORDER, Detail, needed
from amends.cases.model import Case, CaseStatus
from amends.conversations.model import Mode
from amends.satisfaction.ports import UnitOfWork

NOT_NEEDED = "not_needed"
"""Value of a form slot whose question this case does not need."""


def stage_slots(uow: UnitOfWork, conversation_id: str) -> dict[str, Any]:
    """Return the slots that tell the rules where the conversation stands."""
    case = cases.current_case(uow, conversation_id)
    if case is None and is_waiting(uow, conversation_id):
        return {"case_stage": "with_staff", "case_number": None}
    if case is None:
        latest = cases.latest_case(uow, conversation_id)
        return {"case_stage": "closing" if latest else "idle", "case_number": None}
    return {"case_stage": _stage(uow, case), "case_number": case.number}


def _stage(uow: UnitOfWork, case: Case) -> str:
    if case.status is CaseStatus.WITH_STAFF:
        return "with_staff"
    if case.status is CaseStatus.OFFERED:
        return "offered"
    decisions = uow.ledger.decisions_of_case(case.id)
    if decisions and decisions[-1].outcome == "none":
        return "refused"
    return "gathering"


def detail_slots(uow: UnitOfWork, case: Case) -> dict[str, Any]:
    """Return the form's slots: what is known, NOT_NEEDED, or None for what must be asked."""
    missing = needed(case, cases.order_of(uow, case))
    known = {
        Detail.ORDER_NUMBER: case.order_number,
        Detail.ITEM: case.item,
        Detail.WHAT_HAPPENED: case.what_happened,
        Detail.WISH: case.wish_text or (case.wish.value if case.wish else None),
    }
    return {
        detail.value: None if detail in missing else (value or NOT_NEEDED)
        for detail, value in known.items()
    }


def has_order(case: Case) -> bool:
    return case.order_number not in (None, NO_ORDER)


def is_waiting(uow: UnitOfWork, conversation_id: str) -> bool:
    """Whether a person was asked for; the bot then collects and decides nothing."""
    conversation = uow.conversations.get(conversation_id)
    return conversation is not None and conversation.mode in {Mode.WAITING, Mode.STAFF}
