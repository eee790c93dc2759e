"""What the company's system says of a remedy reaches books, customer and staff, in one transaction.

The same for its answer when it was asked and for what it says later of its own accord.
"""

from datetime import datetime

import structlog

from amends.cases import use_cases as cases
from amends.compensation import issuing
from amends.compensation.issuing import Recorded
from amends.compensation.model import Report, Retry
from amends.compensation.ports import PaymentsUnavailable
from amends.conversations.model import Conversation
from amends.handoff import use_cases as handoff
from amends.handoff.ports import UnitOfWork
from amends.handoff.thresholds import Thresholds
from amends.wiring import notices

log = structlog.get_logger()

REFUSED, DIFFERS, DELAYED = "refused", "payment_answers_differ", "remedy_delayed"
"""Why staff are asked: a payment failed for good, contradicts the books, or fails for long."""


def hear(
    uow: UnitOfWork, thresholds: Thresholds, remedy_id: str, report: Report, now: datetime
) -> Recorded:
    """Record a report; tell the customer what it means for them, and ask a person if need be.

    The customer hears nothing of what is only under way: that was promised when they accepted.

    Raises:
        UnknownRemedy: there is none of this id.
    """
    conversation = _hold_conversation(uow, remedy_id)
    recorded = issuing.record(uow, remedy_id, report, now)
    if recorded.contradicts:
        _leave_to_staff(uow, thresholds, recorded, now)
    if recorded.is_failed:
        handoff.request(uow, thresholds, conversation.id, (REFUSED,), now)
    if recorded.is_settled or recorded.is_failed:
        uow.conversations.append(conversation.id, notices.carried_out(recorded, conversation), now)
    return recorded


def _leave_to_staff(
    uow: UnitOfWork, thresholds: Thresholds, recorded: Recorded, now: datetime
) -> None:
    """Money may have moved that the books know nothing of: a person looks, once."""
    log.error(
        "payments.report.contradicts",
        remedy_id=recorded.remedy.id,
        case_id=recorded.case.id,
        stands=recorded.remedy.state.value,
        said=recorded.report.step.value,
    )
    if recorded.is_new:
        handoff.request(uow, thresholds, recorded.case.conversation_id, (DIFFERS,), now)


def postpone(
    uow: UnitOfWork, remedy_id: str, failure: PaymentsUnavailable, chance: float, now: datetime
) -> Retry | None:
    """Let an accepted remedy wait for its next try; None when it was carried out meanwhile.

    Args:
        chance: Between 0 and 1, drawn anew for each failure.

    Raises:
        UnknownRemedy: there is none of this id.
    """
    _hold_conversation(uow, remedy_id)
    return issuing.postpone(uow, remedy_id, failure, chance, now)


def ask_about_delay(uow: UnitOfWork, thresholds: Thresholds, remedy_id: str, now: datetime) -> bool:
    """Ask a person, once, about a remedy that fails for long; returns whether it was now."""
    conversation = _hold_conversation(uow, remedy_id)
    delayed = issuing.note_delay(uow, remedy_id, now)
    if delayed is None:
        return False
    log.error("payments.remedy.delayed", remedy_id=remedy_id, case_id=delayed.case.id)
    handoff.request(uow, thresholds, conversation.id, (DELAYED,), now)
    uow.conversations.append(conversation.id, notices.delayed(delayed, conversation), now)
    return True


def _hold_conversation(uow: UnitOfWork, remedy_id: str) -> Conversation:
    """Return a remedy's conversation; until the transaction ends nobody else settles it."""
    remedy = issuing.remedy_of(uow, remedy_id)
    return uow.conversations.lock(cases.case_of(uow, remedy.case_id).conversation_id)
