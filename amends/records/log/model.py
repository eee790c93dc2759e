"""One conversation as it is logged for analysis.

Moments are UTC; money is in the currency's minor unit; spans are seconds.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from amends.conversations.model import Mode, Role
from amends.records.log.cases import LoggedCase, LoggedGiven
from amends.records.log.columns import Personal, hidden, ident, plain, words
from amends.records.log.waits import LoggedWaits
from amends.satisfaction.quality import Criterion
from amends.satisfaction.surveys.model import Channel as SurveyChannel
from amends.satisfaction.surveys.model import CsatReason, Question

VERSION = 1
"""Within a version fields are added, never changed or taken away."""


class AuthorKind(StrEnum):
    """Who stands behind a message."""

    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    PERSON = "person"  # at the desk
    HELP_DESK = "help_desk"  # a person in a help desk that the company keeps
    SYSTEM = "system"  # a notice: joined, late, help in danger


@dataclass(frozen=True, slots=True)
class LoggedCustomer:
    id: Annotated[str, ident("who complained or, of a guest, whose order it is", Personal.CUSTOMER)]
    signed_in: Annotated[bool, plain("whether the site said who writes; else the order tells")]
    name: Annotated[str | None, hidden("as the order system has it")]
    email: Annotated[str | None, hidden("as the order system has it")]
    tier: Annotated[str | None, plain("membership, such as `regular`")]
    country: Annotated[str | None, plain("ISO 3166 code of two letters")]
    language: Annotated[str | None, plain("language in the order system")]


@dataclass(frozen=True, slots=True)
class LoggedMessage:
    seq: Annotated[int, plain("place in the conversation: 1, 2, 3 … without gaps")]
    role: Annotated[Role, plain("who wrote it, as the log has it")]
    author_kind: Annotated[AuthorKind, plain("who stands behind it")]
    author: Annotated[str | None, ident("id of the person who wrote it", Personal.STAFF)]
    at: Annotated[datetime, plain("when it entered the log")]
    text: Annotated[str, words("what was said")]
    in_reply_to: Annotated[int | None, plain("`seq` of the customer's message that it answers")]
    card_kind: Annotated[str | None, plain("`case`, `offer`, `promise`, `handoff` or `survey`")]
    choices: Annotated[
        tuple[str, ...], words("titles of the quick replies that were offered with it")
    ]
    tapped: Annotated[bool, plain("whether the customer tapped a choice instead of typing")]
    delivery: Annotated[
        str | None, plain("customers' messages: `pending`, `answered` or `to_staff`")
    ]


@dataclass(frozen=True, slots=True)
class LoggedAssessment:
    seq: Annotated[int, plain("the customer's message that was read")]
    at: Annotated[datetime, plain("when")]
    intent: Annotated[str, plain("what the engine took it for")]
    confidence: Annotated[float, plain("0 to 1")]
    complaint: Annotated[bool, plain("whether it complains")]
    category: Annotated[str | None, plain("what about; null when it is no complaint")]
    secondary: Annotated[tuple[str, ...], plain("further problems, the likeliest first")]
    sentiment: Annotated[float, plain("-1 (very negative) to 1")]
    sentiment_label: Annotated[str, plain("`neg`, `neu` or `pos`")]
    flags: Annotated[tuple[str, ...], plain("such as `safety` or `legal`, in alphabetical order")]
    severity: Annotated[str, plain("`low`, `medium`, `high` or `critical`")]
    waiting_hours: Annotated[
        float | None, plain("hours for which the customer says to have waited")
    ]
    language: Annotated[str, plain("language it is written in")]


@dataclass(frozen=True, slots=True)
class LoggedNote:
    after_seq: Annotated[int, plain("the message behind which it stands")]
    at: Annotated[datetime, plain("when it was written")]
    author: Annotated[str, ident("id of the person", Personal.STAFF)]
    text: Annotated[str, words("what staff wrote to each other")]


@dataclass(frozen=True, slots=True)
class LoggedValue:
    name: Annotated[str, plain("of a dimension")]
    value: Annotated[float, plain("its score, 1 to 5")]


@dataclass(frozen=True, slots=True)
class LoggedSurvey:
    at: Annotated[datetime, plain("when it was answered last")]
    case_id: Annotated[str | None, plain("the case it is about")]
    csat: Annotated[int | None, plain("satisfaction, 1 (very dissatisfied) to 5 (very satisfied)")]
    reason: Annotated[CsatReason | None, plain("the main reason of the CSAT")]
    comment: Annotated[str, words("what the customer added")]
    ces: Annotated[int | None, plain("made it easy, 1 (not at all) to 7")]
    nps: Annotated[int | None, plain("would recommend, 0 to 10")]
    expectation: Annotated[int | None, plain("1 (much worse than expected) to 5 (much better)")]
    servqual: Annotated[tuple[LoggedValue, ...], plain("the same for each dimension of SERVQUAL")]


@dataclass(frozen=True, slots=True)
class LoggedSurveyAsk:
    case_id: Annotated[str | None, plain("the case it was about")]
    channel: Annotated[SurveyChannel, plain("where the customer was asked")]
    asked_at: Annotated[datetime, plain("when")]
    questions: Annotated[tuple[Question, ...], plain("what was asked")]
    answered: Annotated[tuple[Question, ...], plain("what was answered of it")]
    answered_at: Annotated[datetime | None, plain("when the first answer came")]


@dataclass(frozen=True, slots=True)
class LoggedScore:
    at: Annotated[datetime | None, plain("when it was predicted")]
    satisfaction: Annotated[
        float, plain("1 to 5; a stated rating stands in place of the prediction")
    ]
    confidence: Annotated[
        float, plain("0 to 1: how often such a prediction is right within half a point")
    ]
    dimensions: Annotated[tuple[LoggedValue, ...], plain("justice and SERVQUAL, 1 to 5 each")]
    drivers: Annotated[tuple[str, ...], plain("what moved it, the strongest first")]
    model: Annotated[str, plain("by which weights")]


@dataclass(frozen=True, slots=True)
class LoggedCriterion:
    criterion: Annotated[Criterion, plain("of the rubric")]
    met: Annotated[bool | None, plain("null: it does not apply")]
    seq: Annotated[int | None, plain("the message that shows it")]


@dataclass(frozen=True, slots=True)
class LoggedQuality:
    share: Annotated[float | None, plain("of the criteria that apply, how many are met, 0 to 1")]
    criteria: Annotated[tuple[LoggedCriterion, ...], plain("all of them, in a fixed order")]


@dataclass(frozen=True, slots=True)
class LoggedConversation:
    version: Annotated[int, plain("of this form, 1")]
    personal_data: Annotated[bool, plain("whether the record holds personal data in clear")]
    id: Annotated[str, plain("the conversation")]
    started_at: Annotated[datetime, plain("when the first message of it was stored")]
    changed_at: Annotated[datetime, plain("the last change of its messages or its mode")]
    closed_at: Annotated[datetime | None, plain("when it was closed; null while it is open")]
    language: Annotated[str, plain("in which it is led now, `en` or `zh`")]
    mode: Annotated[Mode, plain("who answers now")]
    visits: Annotated[
        int, plain("how often the customer began: writing to a closed chat is a new visit")
    ]
    page: Annotated[str | None, ident("address of the page it was started on", Personal.PAGE)]
    customer: Annotated[LoggedCustomer | None, plain("null for a guest of whom no order is known")]
    outcome: Annotated[str, plain("`no_case`, `open`, or the outcome of the latest case")]
    messages: Annotated[tuple[LoggedMessage, ...], plain("all, in order")]
    assessments: Annotated[
        tuple[LoggedAssessment, ...], plain("what was read in customers' messages")
    ]
    notes: Annotated[tuple[LoggedNote, ...], plain("internal notes")]
    cases: Annotated[tuple[LoggedCase, ...], plain("in the order in which they were opened")]
    given: Annotated[tuple[LoggedGiven, ...], plain("what was given in all cases together")]
    waits: Annotated[LoggedWaits, plain("how long the customer waited")]
    surveys: Annotated[
        tuple[LoggedSurvey, ...], plain("what the customer said of us, one per case")
    ]
    survey_asks: Annotated[
        tuple[LoggedSurveyAsk, ...], plain("what the customer was asked, in order")
    ]
    score: Annotated[LoggedScore | None, plain("predicted satisfaction")]
    quality: Annotated[LoggedQuality, plain("review by the rubric, as the conversation stands")]
