"""From what the log holds of a conversation to its row of facts; pure."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from amends.cases.model import Case, CaseStatus, Order, Promise, PromiseState
from amends.compensation.model import Remedy, Step
from amends.conversations.model import Role, Understanding
from amends.handoff.model import Handoff, HandoffState
from amends.insights.facts import (
    DOES_NOT_APPLY,
    JUSTICE,
    MET,
    SERVQUAL,
    UNMET,
    AnswerMark,
    ConversationFacts,
    Result,
    day_of,
)
from amends.records.log.gathered import Gathered
from amends.satisfaction.model import Score, Survey, Weights
from amends.satisfaction.quality import Criterion, Review, review
from amends.satisfaction.scoring import score
from amends.satisfaction.surveys.model import merged
from amends.satisfaction.telling import first_answer, journey_of, turns_of, waits_of

GIVEN = frozenset({Step.ACCEPTED, Step.ISSUED, Step.SETTLED})
"""What of the ledger costs money, or will."""

BY_CUSTOMER = {
    "remedy_accepted": Result.REMEDY_ACCEPTED,
    "refusal_accepted": Result.REFUSAL_ACCEPTED,
}


def scored(gathered: Gathered, weights: Weights, csat: int | None) -> Score:
    """Return how satisfied the customer is taken to be; a stated CSAT overrides the prediction."""
    course = gathered.course
    promises = [promise for one in gathered.cases for promise in one.promises]
    journey = journey_of(course.messages, course.cases, course.handoffs, promises, csat)
    return score(turns_of(course.messages, course.understood), journey, weights)


def stated(gathered: Gathered) -> Survey | None:
    """Return all that the customer answered, about whichever case, the later answer first."""
    return reduce(merged, gathered.surveys) if gathered.surveys else None


def facts_of(gathered: Gathered, weights: Weights) -> ConversationFacts:
    """Return the row of facts; the prediction in it leaves out what was stated."""
    predicted = scored(gathered, weights, None)
    course, reviewed = gathered.course, review(gathered.course)
    conversation, survey = gathered.conversation, stated(gathered)
    return ConversationFacts(
        conversation_id=conversation.id,
        started_at=conversation.created_at,
        day=day_of(conversation.created_at),
        language=conversation.language,
        messages=sum(message.role is not Role.SYSTEM for message in course.messages),
        **_case_facts(course.cases[0] if course.cases else None),
        result=result_of(course.cases).value,
        **_order_facts(next((one.order for one in gathered.cases if one.order), None)),
        **_handoff_facts(course.handoffs),
        first_answer_seconds=first_answer(course.messages),
        **_promise_facts([promise for one in gathered.cases for promise in one.promises]),
        **_money_facts([remedy for offer in course.offers for remedy in offer.remedies]),
        survey_asked=bool(gathered.survey_asks or survey),
        **_stated_facts(survey),
        predicted=predicted.satisfaction,
        confidence=predicted.confidence,
        **_dimension_facts(predicted),
        **_mood_facts([course.understood[seq] for seq in sorted(course.understood)]),
        review=letters_of(reviewed),
        review_share=reviewed.share,
    )


def result_of(cases: Sequence[Case]) -> Result:
    """Return how it ended: while one case is open, it has not."""
    if not cases:
        return Result.NO_CASE
    if any(case.closed_at is None for case in cases):
        return Result.OPEN
    case = cases[0]
    if case.status is CaseStatus.WITHDRAWN:
        return Result.WITHDRAWN
    return BY_CUSTOMER.get(case.outcome or "", Result.RESOLVED_BY_STAFF)


def letters_of(reviewed: Review) -> str:
    """Return one letter per criterion, in their order."""
    met = reviewed.met
    words = {True: MET, False: UNMET, None: DOES_NOT_APPLY}
    return "".join(words[met[criterion.value]] for criterion in Criterion)


def mark_of(handoffs: Sequence[Handoff]) -> AnswerMark | None:
    """Return how the first handoff was answered, by the deadlines it was given."""
    first = handoffs[0] if handoffs else None
    if first is None:
        return None
    if first.first_answer_at is None:
        return AnswerMark.NEVER if first.state is HandoffState.ENDED else AnswerMark.NOT_YET
    if first.first_answer_at <= first.answer_due_at:
        return AnswerMark.IN_TIME
    return AnswerMark.LATE if first.first_answer_at <= first.limit_due_at else AnswerMark.TOO_LATE


def _case_facts(case: Case | None) -> dict[str, Any]:
    return {
        "case_id": case.id if case else None,
        "case_number": case.number if case else None,
        "category": case.category.value if case else None,
        "root_cause": case.root_cause.value if case and case.root_cause else None,
        "severity": str(case.severity) if case else None,
        "repeat": bool(case and case.repeat_complaint),
        "resolution_seconds": _seconds(case.opened_at, case.closed_at) if case else None,
    }


def _order_facts(order: Order | None) -> dict[str, Any]:
    return {
        "warehouse": order.warehouse if order else None,
        "carrier": order.carrier if order else None,
        "product": order.lines[0].sku if order and len(order.lines) == 1 else None,
    }


def _handoff_facts(handoffs: Sequence[Handoff]) -> dict[str, Any]:
    first, mark = (handoffs[0] if handoffs else None), mark_of(handoffs)
    marked = [one.was_needed for one in handoffs if one.was_needed is not None]
    return {
        "handed_off": first is not None,
        "handoff_reason": first.reasons[0] if first and first.reasons else None,
        "handoff_right": marked[-1] if marked else None,
        "answer_mark": mark.value if mark else None,
        "person_answer_seconds": max(waits_of(handoffs), default=None),
    }


def _promise_facts(promises: Sequence[Promise]) -> dict[str, Any]:
    return {
        "promises_kept": sum(promise.state is PromiseState.KEPT for promise in promises),
        "promises_broken": sum(promise.state is PromiseState.BROKEN for promise in promises),
    }


def _money_facts(remedies: Sequence[Remedy]) -> dict[str, Any]:
    given = [remedy for remedy in remedies if remedy.state in GIVEN]
    paid = [(one, one.amount) for one in given if one.amount is not None]
    currency = paid[0][1].currency if paid else None
    own = [(one, money) for one, money in paid if money.currency == currency]
    dearest = max(own, key=lambda pair: pair[1].amount_minor)[0] if own else _any(given)
    return {
        "remedy_kind": dearest.kind if dearest else None,
        "currency": currency,
        "remedy_minor": sum(money.amount_minor for _, money in own),
    }


def _any(given: Sequence[Remedy]) -> Remedy | None:
    return given[0] if given else None


def _stated_facts(survey: Survey | None) -> dict[str, Any]:
    felt = survey.servqual if survey else {}
    return {
        "csat": survey.csat if survey else None,
        "csat_reason": survey.reason if survey else None,
        "ces": survey.ces if survey else None,
        "nps": survey.nps if survey else None,
        "expectation": survey.expectation if survey else None,
        **{f"felt_{name}": felt.get(name) for name in SERVQUAL},
    }


def _dimension_facts(predicted: Score) -> dict[str, Any]:
    return {name: predicted.dimensions[name] for name in (*JUSTICE, *SERVQUAL)}


def _mood_facts(read: Sequence[Understanding]) -> dict[str, Any]:
    """Return the mood of the first and of the last message, where there are two."""
    return {
        "mood_start": read[0].sentiment if len(read) > 1 else None,
        "mood_end": read[-1].sentiment if len(read) > 1 else None,
    }


def _seconds(start: datetime, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if end else None
