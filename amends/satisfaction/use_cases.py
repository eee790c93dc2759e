"""Record what customers say of us, and score every conversation, asked or not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from amends.cases import use_cases as cases
from amends.cases.model import CaseStatus, PromiseState
from amends.conversations.model import Message, Role, Understanding
from amends.satisfaction.model import Journey, Score, Survey, Turn, Weights
from amends.satisfaction.ports import UnitOfWork
from amends.satisfaction.scoring import score

COMMENT_LIMIT = 2000


def record_survey(
    uow: UnitOfWork,
    weights: Weights,
    conversation_id: str,
    csat: int,
    comment: str,
    at: datetime,
) -> Survey:
    """Store the customer's rating (CSAT 1 to 5); a later answer replaces an earlier one."""
    case = cases.latest_case(uow, conversation_id)
    survey = Survey(conversation_id, case.id if case else None, csat, comment[:COMMENT_LIMIT], at)
    uow.surveys.add(survey)
    payload = {
        "conversation_id": conversation_id,
        "case_id": case.id if case else None,
        "case_number": case.number if case else None,
        "csat": csat,
    }
    uow.outbox.add("survey.received", f"{conversation_id}:{at.isoformat()}", payload, at)
    score_conversation(uow, weights, conversation_id, at)
    return survey


def score_conversation(
    uow: UnitOfWork, weights: Weights, conversation_id: str, at: datetime
) -> Score:
    """Score a conversation from its log and store the score."""
    result = score(*told(uow, conversation_id), weights)
    uow.scores.save(conversation_id, result, at)
    return result


def told(uow: UnitOfWork, conversation_id: str) -> tuple[list[Turn], Journey]:
    """Return what the log tells of a conversation."""
    messages = uow.conversations.after(conversation_id, 0)
    understood: dict[int, Understanding] = dict(uow.understandings.of_conversation(conversation_id))
    turns = [_turn(message, understood) for message in messages if message.role is not Role.SYSTEM]
    return turns, _journey(uow, conversation_id, messages)


def _turn(message: Message, understood: Mapping[int, Understanding]) -> Turn:
    if message.role is not Role.CUSTOMER:
        return Turn("system", message.text, at=message.at)
    read = understood.get(message.seq)
    if read is None:
        return Turn("user", message.text, at=message.at)
    categories = frozenset(filter(None, (read.category, *read.secondary)))
    return Turn("user", message.text, read.sentiment, message.at, read.severity, categories)


def _journey(uow: UnitOfWork, conversation_id: str, messages: Sequence[Message]) -> Journey:
    known = uow.cases.of_conversation(conversation_id)
    handoffs = uow.handoffs.of_conversation(conversation_id)
    promises = [promise for case in known for promise in uow.promises.of_case(case.id)]
    waits = [
        (handoff.first_answer_at - handoff.requested_at).total_seconds()
        for handoff in handoffs
        if handoff.first_answer_at
    ]
    survey = uow.surveys.of_conversation(conversation_id)
    return Journey(
        first_answer_seconds=_first_answer(messages),
        waited_for_staff_seconds=max(waits, default=None),
        handed_off=bool(handoffs),
        acknowledged=bool(known) or None,
        remedy_accepted=any(case.outcome == "remedy_accepted" for case in known),
        remedy_refused=any(case.outcome == "refusal_accepted" for case in known),
        questions_repeated=_repeated_questions(messages),
        promises_broken=sum(promise.state is PromiseState.BROKEN for promise in promises),
        promises_kept=sum(promise.state is PromiseState.KEPT for promise in promises),
        withdrawn=any(case.status is CaseStatus.WITHDRAWN for case in known),
        csat=survey.csat if survey else None,
    )


def _first_answer(messages: Sequence[Message]) -> float | None:
    asked = next((m for m in messages if m.role is Role.CUSTOMER), None)
    if asked is None:
        return None
    later = (m for m in messages if m.seq > asked.seq and m.role in {Role.BOT, Role.STAFF})
    answer = next(later, None)
    return (answer.at - asked.at).total_seconds() if answer else None


def _repeated_questions(messages: Sequence[Message]) -> int:
    asked = Counter(m.text for m in messages if m.role is Role.BOT and m.text.endswith("?"))
    return sum(count - 1 for count in asked.values())
