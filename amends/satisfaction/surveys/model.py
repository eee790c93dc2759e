"""Questions, answers, and what was asked of whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Question(StrEnum):
    """What a customer may be asked. `SOLVED` is the check-in; the others are the survey."""

    CSAT = "csat"  # with a reason and a comment
    CES = "ces"
    EXPECTATION = "expectation"
    NPS = "nps"
    SERVQUAL = "servqual"
    SOLVED = "solved"


class CsatReason(StrEnum):
    """The main reason of a CSAT: which side of the handling; the score says if good or bad."""

    OUTCOME = "outcome"
    SPEED = "speed"
    UNDERSTOOD = "understood"
    FRIENDLINESS = "friendliness"
    PROMISE_KEPT = "promise_kept"
    HAD_TO_REPEAT = "had_to_repeat"
    REACHED_A_PERSON = "reached_a_person"
    OTHER = "other"


class Dimension(StrEnum):
    """The five of SERVQUAL (Parasuraman, Zeithaml, Berry 1988)."""

    RELIABILITY = "reliability"
    RESPONSIVENESS = "responsiveness"
    ASSURANCE = "assurance"
    EMPATHY = "empathy"
    TANGIBLES = "tangibles"


SCALES: Mapping[Question, tuple[int, int]] = {
    Question.CSAT: (1, 5),
    Question.CES: (1, 7),
    Question.EXPECTATION: (1, 5),
    Question.NPS: (0, 10),
    Question.SERVQUAL: (1, 5),
}
"""Lowest and highest answer."""


class Channel(StrEnum):
    """Where the customer was asked."""

    WIDGET = "widget"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Answers:
    """What is answered at once; None and empty where a question was left out.

    Attributes:
        csat: 1 (very dissatisfied) to 5 (very satisfied).
        reason: of the CSAT.
        ces: 1 to 7, agreement with "the company made it easy to have my problem solved" (CES 2.0;
            Dixon, Freeman, Toman 2010 and later).
        nps: 0 (not at all likely to recommend) to 10 (Reichheld 2003).
        expectation: 1 (much worse than expected) to 5 (much better); perception minus expectation
            is this minus 3.
        servqual: the same scale for each dimension, a direct measure of the gap.
    """

    csat: int | None = None
    comment: str = ""
    reason: CsatReason | None = None
    ces: int | None = None
    nps: int | None = None
    expectation: int | None = None
    servqual: Mapping[str, int] = field(default_factory=dict)

    @property
    def questions(self) -> frozenset[Question]:
        """The questions that these answer; reason or comment alone answer none."""
        return _answered(self)

    @property
    def says_something(self) -> bool:
        return bool(self.questions or self.reason or self.comment)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a customer said of one case so far; the scales are those of `Answers`."""

    conversation_id: str
    case_id: str | None
    csat: int | None
    comment: str
    at: datetime  # of the latest answer
    reason: CsatReason | None = None
    ces: int | None = None
    nps: int | None = None
    expectation: int | None = None
    servqual: Mapping[str, int] = field(default_factory=dict)

    @property
    def questions(self) -> frozenset[Question]:
        """The questions that were answered so far."""
        return _answered(self)


def _answered(said: Answers | Survey) -> frozenset[Question]:
    given = {
        Question.CSAT: said.csat is not None,
        Question.CES: said.ces is not None,
        Question.EXPECTATION: said.expectation is not None,
        Question.NPS: said.nps is not None,
        Question.SERVQUAL: bool(said.servqual),
    }
    return frozenset(question for question, is_given in given.items() if is_given)


def merged(before: Survey, later: Survey) -> Survey:
    """Return all answers of a case: a later one to the same question replaces.

    Reason and comment explain a score, so they do not outlive another one.
    """
    rated_anew = later.csat is not None and later.csat != before.csat
    return replace(
        later,
        csat=_latest(later.csat, before.csat),
        comment=later.comment if later.comment or rated_anew else before.comment,
        reason=later.reason if later.reason or rated_anew else before.reason,
        ces=_latest(later.ces, before.ces),
        nps=_latest(later.nps, before.nps),
        expectation=_latest(later.expectation, before.expectation),
        servqual={**before.servqual, **later.servqual},
    )


def _latest(later: int | None, before: int | None) -> int | None:
    return before if later is None else later


@dataclass(frozen=True, slots=True)
class SurveyAsk:
    """That somebody was asked, and which of the questions were answered: for response rates."""

    id: str
    conversation_id: str
    case_id: str | None
    channel: Channel
    asked_at: datetime
    questions: tuple[Question, ...]
    answered: tuple[Question, ...] = ()
    answered_at: datetime | None = None  # of the first answer

    @property
    def left(self) -> tuple[Question, ...]:
        """What was asked and not answered."""
        return tuple(one for one in self.questions if one not in self.answered)


def with_answers(ask: SurveyAsk, given: frozenset[Question], at: datetime) -> SurveyAsk:
    """Return the ask with what was answered of it; what was not asked does not count."""
    new = tuple(one for one in ask.left if one in given)
    if not new:
        return ask
    return replace(ask, answered=ask.answered + new, answered_at=ask.answered_at or at)
