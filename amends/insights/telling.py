"""From what the log holds of a conversation to its rows of facts; pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Any

from amends.cases.model import Case, CaseStatus, Order, Promise, PromiseState
from amends.compensation.clauses import EXCEPTION
from amends.compensation.model import Remedy, Step
from amends.conversations.model import Role, Understanding
from amends.handoff.model import Handoff
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
from amends.insights.parts import Part, parts_of
from amends.records.log.gathered import Gathered
from amends.satisfaction.model import Score, Survey, Weights
from amends.satisfaction.quality import Course, Criterion, Review, review
from amends.satisfaction.scoring import score
from amends.satisfaction.surveys.model import merged
from amends.satisfaction.telling import first_answer, journey_of, turns_of, waits_of

GIVEN = frozenset({Step.ACCEPTED, Step.ISSUED, Step.SETTLED})
"""What of the ledger costs money, or will."""

BY_CUSTOMER = {
    "remedy_accepted": Result.REMEDY_ACCEPTED,
    "refusal_accepted": Result.REFUSAL_ACCEPTED,
}


type Marks = Callable[[datetime], tuple[datetime, datetime]]
"""Returns when 30 minutes and 3 hours of working time have passed since a moment."""


def scored(gathered: Gathered, weights: Weights, csat: int | None) -> Score:
    """Return how satisfied the customer is taken to be with the whole conversation; a stated CSAT
    overrides the prediction."""
    promises = [promise for one in gathered.cases for promise in one.promises]
    return _score(gathered.course, promises, weights, csat)


def stated(surveys: Sequence[Survey]) -> Survey | None:
    """Return all that the customer answered, the later answer first."""
    return reduce(merged, surveys) if surveys else None


def facts_of(
    gathered: Gathered, weights: Weights, marks: Marks, at: datetime
) -> list[ConversationFacts]:
    """Return a row of facts for each part; the predictions in it leave out what was stated.

    Args:
        gathered: all that the log holds of a conversation.
        weights: of the scoring.
        marks: when the first answer of a person was due.
        at: the moment at which it is looked at.
    """
    return [_facts(gathered, part, weights, marks, at) for part in parts_of(gathered)]


def _facts(
    gathered: Gathered, part: Part, weights: Weights, marks: Marks, at: datetime
) -> ConversationFacts:
    course, conversation = part.course, gathered.conversation
    predicted = _score(course, part.promises, weights, None)
    reviewed, survey = review(course), stated(part.surveys)
    return ConversationFacts(
        conversation_id=conversation.id,
        part=part.number,
        started_at=part.started_at,
        day=day_of(part.started_at),
        language=conversation.language,
        messages=sum(message.role is not Role.SYSTEM for message in course.messages),
        **_case_facts(part.case),
        result=result_of(part.case).value,
        **_order_facts(part.order),
        **_handoff_facts(course.handoffs, marks, at),
        first_answer_seconds=first_answer(course.messages),
        **_promise_facts(part.promises),
        **_money_facts([remedy for offer in course.offers for remedy in offer.remedies]),
        survey_asked=part.asked or survey is not None,
        **_stated_facts(survey),
        predicted=predicted.satisfaction,
        without_remedy=_score(course, part.promises, weights, None, with_remedy=False).satisfaction,
        confidence=predicted.confidence,
        **_dimension_facts(predicted),
        **_mood_facts([course.understood[seq] for seq in sorted(course.understood)]),
        review=letters_of(reviewed),
        review_share=reviewed.share,
    )


def _score(
    course: Course,
    promises: Sequence[Promise],
    weights: Weights,
    csat: int | None,
    *,
    with_remedy: bool = True,
) -> Score:
    journey = journey_of(course.messages, course.cases, course.handoffs, promises, csat)
    if not with_remedy:
        journey = replace(journey, remedy_accepted=False, remedy_refused=False)
    return score(turns_of(course.messages, course.understood), journey, weights)


def result_of(case: Case | None) -> Result:
    """Return how it ended, if it has."""
    if case is None:
        return Result.NO_CASE
    if case.closed_at is None:
        return Result.OPEN
    if case.status is CaseStatus.WITHDRAWN:
        return Result.WITHDRAWN
    return BY_CUSTOMER.get(case.outcome or "", Result.RESOLVED_BY_STAFF)


def letters_of(reviewed: Review) -> str:
    """Return one letter per criterion, in their order."""
    met = reviewed.met
    words = {True: MET, False: UNMET, None: DOES_NOT_APPLY}
    return "".join(words[met[criterion.value]] for criterion in Criterion)


def mark_of(handoff: Handoff, marks: Marks, at: datetime) -> AnswerMark:
    """Return when a person answered, by 30 minutes and 3 hours since the customer waits.

    Not by the deadlines of the handoff, which move when a chat goes back to the queue.
    """
    soon, limit = marks(handoff.requested_at)
    answered, ended = handoff.first_answer_at, handoff.ended_at
    if answered is None:
        if ended is not None:
            return AnswerMark.NEVER if ended <= soon else AnswerMark.TOO_LATE
        return AnswerMark.NOT_YET if at <= limit else AnswerMark.TOO_LATE
    if answered <= soon:
        return AnswerMark.IN_TIME
    return AnswerMark.LATE if answered <= limit else AnswerMark.TOO_LATE


def _case_facts(case: Case | None) -> dict[str, Any]:
    return {
        "case_id": case.id if case else None,
        "case_number": case.number if case else None,
        "category": case.category.value if case else None,
        "root_cause": case.root_cause.value if case and case.root_cause else None,
        "severity": str(case.severity) if case else None,
        "repeat": bool(case and case.repeat_complaint),
        "resolution_seconds": _resolution(case) if case else None,
    }


def _order_facts(order: Order | None) -> dict[str, Any]:
    return {
        "warehouse": order.warehouse if order else None,
        "carrier": order.carrier if order else None,
        "product": order.lines[0].sku if order and len(order.lines) == 1 else None,
    }


def _handoff_facts(handoffs: Sequence[Handoff], marks: Marks, at: datetime) -> dict[str, Any]:
    """Tell of the first handoff: why, whether that was right, and when a person answered."""
    first = handoffs[0] if handoffs else None
    answered = waits_of(handoffs[:1])
    return {
        "handed_off": first is not None,
        "handoff_reason": first.reasons[0] if first and first.reasons else None,
        "handoff_right": first.was_needed if first else None,
        "answer_mark": mark_of(first, marks, at).value if first else None,
        "person_answer_seconds": answered[0] if answered else None,
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
        "exception_minor": sum(
            money.amount_minor for one, money in own if EXCEPTION in one.clauses
        ),
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


def _resolution(case: Case) -> float | None:
    """Return the seconds until a case was resolved; one that was withdrawn never was."""
    if case.closed_at is None or case.status is CaseStatus.WITHDRAWN:
        return None
    return (case.closed_at - case.opened_at).total_seconds()
