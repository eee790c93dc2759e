"""A conversation as figures see it: a flat row of facts, written when it is scored.

Whoever comes back to a chat with another complaint begins another part of it: each case has a row
of its own, with what was said, promised and paid from its opening to that of the next.

Whatever is added up, averaged or drawn comes from these rows, so every figure can be traced to the
conversations behind it. `FACT_NAMES` are the columns of the table `conversation_facts`.
"""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum


class Result(StrEnum):
    """How a conversation ended for its customer, as far as it has."""

    NO_CASE = "no_case"  # nothing was complained about
    OPEN = "open"
    REMEDY_ACCEPTED = "remedy_accepted"
    REFUSAL_ACCEPTED = "refusal_accepted"
    RESOLVED_BY_STAFF = "resolved_by_staff"
    WITHDRAWN = "withdrawn"


class AnswerMark(StrEnum):
    """When a person answered, by the marks of 30 minutes and 3 hours of working time."""

    IN_TIME = "in_time"  # within 30 minutes
    LATE = "late"  # within 3 hours
    TOO_LATE = "too_late"  # after 3 hours, or not at all although nobody left before 30 minutes
    NOT_YET = "not_yet"
    NEVER = "never"  # the customer left, or was helped otherwise, within 30 minutes


MET, UNMET, DOES_NOT_APPLY = "y", "n", "-"


@dataclass(frozen=True, slots=True)
class ConversationFacts:
    """Times in seconds, money in minor units, moods -1 to 1, scores 1 to 5; None: not known.

    Money is what was accepted or issued, in the currency of the first such remedy.
    """

    conversation_id: str
    started_at: datetime  # of a later part: when its case was opened
    day: int  # whole days since 1970-01-01, UTC
    language: str
    messages: int
    case_id: str | None
    case_number: str | None
    category: str | None
    root_cause: str | None
    severity: str | None
    result: str  # a word of Result
    repeat: bool  # complained before within 30 days
    warehouse: str | None
    carrier: str | None
    product: str | None  # the article's number
    handed_off: bool
    handoff_reason: str | None  # the first reason of the first handoff
    handoff_right: bool | None  # as staff marked the first one
    answer_mark: str | None  # a word of AnswerMark; None without a handoff
    first_answer_seconds: float | None
    person_answer_seconds: float | None
    resolution_seconds: float | None
    promises_kept: int
    promises_broken: int
    remedy_kind: str | None  # the kind that costs most
    currency: str | None
    remedy_minor: int
    survey_asked: bool
    csat: int | None
    csat_reason: str | None
    ces: int | None
    nps: int | None
    expectation: int | None  # 1 much worse than expected … 5 much better
    felt_reliability: int | None  # the five of SERVQUAL against expectation, 1 to 5
    felt_responsiveness: int | None
    felt_assurance: int | None
    felt_empathy: int | None
    felt_tangibles: int | None
    predicted: float  # without what the customer stated
    confidence: float
    outcome: float  # predicted dimensions, 1 to 5
    process: float
    treatment: float
    reliability: float
    responsiveness: float
    assurance: float
    empathy: float
    tangibles: float
    mood_start: float | None
    mood_end: float | None
    review: str  # one letter per criterion of quality.Criterion, in its order: y, n or -
    review_share: float | None  # of the criteria that apply, how many are met
    part: int = 0  # of a conversation with several cases
    without_remedy: float = 3.0  # predicted as if nothing had been offered
    exception_minor: int = 0  # of remedy_minor, what no clause of the policy gives


FACT_NAMES = tuple(field.name for field in fields(ConversationFacts))

SERVQUAL = ("reliability", "responsiveness", "assurance", "empathy", "tangibles")
JUSTICE = ("outcome", "process", "treatment")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_of(at: datetime) -> int:
    """Return the whole days since 1970-01-01, UTC."""
    return (at - EPOCH).days
