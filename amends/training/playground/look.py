"""Read all that a transaction shows of one conversation."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from amends.cases.model import Case
from amends.handoff.check import assessed_now
from amends.handoff.ports import UnitOfWork
from amends.handoff.thresholds import Thresholds
from amends.training.playground.model import Seen


def look(
    uow: UnitOfWork, thresholds: Thresholds, conversation_id: str, now: datetime
) -> Seen | None:
    """Return what is known of a conversation now; None when there is none of this id."""
    conversation = uow.conversations.get(conversation_id)
    if conversation is None:
        return None
    cases = uow.cases.of_conversation(conversation_id)
    return Seen(
        conversation=conversation,
        messages=uow.conversations.after(conversation_id, 0),
        understood=dict(uow.understandings.of_conversation(conversation_id)),
        assessment=assessed_now(uow, thresholds, conversation, now),
        cases=cases,
        entries=_of_all(cases, uow.cases.entries),
        promises=_of_all(cases, uow.promises.of_case),
        decisions=_of_all(cases, uow.ledger.decisions_of_case),
        offers=_of_all(cases, uow.ledger.offers_of_case),
        steps=_of_all(cases, uow.ledger.steps_of_case),
        handoffs=uow.handoffs.of_conversation(conversation_id),
    )


def _of_all[T](cases: Iterable[Case], of_case: Callable[[str], Sequence[T]]) -> tuple[T, ...]:
    return tuple(one for case in cases for one in of_case(case.id))
