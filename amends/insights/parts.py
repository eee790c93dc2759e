"""A conversation parted by its cases: another complaint begins a new part."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.cases.model import Case, Order, Promise
from amends.conversations.model import Message
from amends.records.log.gathered import Gathered, GatheredCase
from amends.satisfaction.model import Survey
from amends.satisfaction.quality import Course


@dataclass(frozen=True, slots=True)
class Part:
    """What belongs to one case of a conversation, or a conversation without a case."""

    number: int
    started_at: datetime
    case: Case | None
    order: Order | None
    course: Course
    promises: Sequence[Promise]
    surveys: Sequence[Survey]
    asked: bool  # to rate it


def parts_of(gathered: Gathered) -> list[Part]:
    """Part a conversation by its cases: each ends where the next is opened."""
    course, conversation = gathered.course, gathered.conversation
    cases = sorted(gathered.cases, key=lambda one: one.case.opened_at)
    if not cases:
        told, asked = gathered.surveys, bool(gathered.survey_asks)
        return [Part(0, conversation.created_at, None, None, course, (), told, asked)]
    starts = [0, *(_first_seq(course, one.case) for one in cases[1:]), sys.maxsize]
    return [
        _part(gathered, one, number, starts[number], starts[number + 1])
        for number, one in enumerate(cases)
    ]


def _part(gathered: Gathered, one: GatheredCase, number: int, start: int, end: int) -> Part:
    whole, case = gathered.course, one.case
    messages = [message for message in whole.messages if start <= message.seq < end]
    others = {other.case.id for other in gathered.cases} - {case.id}
    course = Course(
        messages=messages,
        understood={seq: found for seq, found in whole.understood.items() if start <= seq < end},
        cases=[case],
        entries=one.entries,
        offers=one.offers,
        handoffs=[
            handoff
            for handoff in whole.handoffs
            if handoff.case_id == case.id
            or (handoff.case_id not in others and _is_within(handoff.requested_at, messages, end))
        ],
    )
    is_last = end == sys.maxsize
    return Part(
        number=number,
        started_at=case.opened_at if number else gathered.conversation.created_at,
        case=case,
        order=one.order,
        course=course,
        promises=one.promises,
        surveys=[
            survey
            for survey in gathered.surveys
            if survey.case_id == case.id or (survey.case_id is None and is_last)
        ],
        asked=any(ask.case_id == case.id for ask in gathered.survey_asks),
    )


def _first_seq(course: Course, case: Case) -> int:
    """Return the message of the customer upon which a later case was opened."""
    before = [one.seq for one in course.said() if one.at <= case.opened_at]
    return before[-1] if before else case.opened_by_seq


def _is_within(at: datetime, messages: Sequence[Message], end: int) -> bool:
    """Whether a moment lies in a part; what follows its last message belongs to the last part."""
    if not messages:
        return False
    return messages[0].at <= at and (end == sys.maxsize or at <= messages[-1].at)
