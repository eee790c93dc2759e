"""Ask when a chat closes: look whether anybody is to be asked, and write down that they were."""

from datetime import datetime
from itertools import chain

from amends.cases import use_cases as cases
from amends.cases.model import OPEN_STATUSES, Case, CaseStatus
from amends.satisfaction.ports import UnitOfWork
from amends.satisfaction.surveys import asking
from amends.satisfaction.surveys.asking import Situation
from amends.satisfaction.surveys.model import Channel, Question, Survey, SurveyAsk
from amends.values import Json, new_id

REOPENED = "reopened"
"""Kind of the entry of a case that says it was opened again."""


def ask_in_chat(
    uow: UnitOfWork, conversation_id: str, servqual_share: float, now: datetime
) -> Json | None:
    """Return the card that asks, and write down that it did; None when nobody is to be asked.

    Args:
        uow: the open transaction.
        conversation_id: the chat that closes; its latest case is asked about.
        servqual_share: which part of all cases is asked about the five dimensions, 0 to 1.
        now: the present moment.
    """
    case = cases.latest_case(uow, conversation_id)
    situation = situation_of(uow, conversation_id, case)
    questions = asking.in_chat(situation, servqual_share)
    if not questions:
        return None
    note_ask(uow, conversation_id, case, Channel.WIDGET, questions, now)
    return {"kind": "survey", "questions": [one.value for one in questions]}


def note_ask(
    uow: UnitOfWork,
    conversation_id: str,
    case: Case | None,
    channel: Channel,
    questions: tuple[Question, ...],
    now: datetime,
) -> SurveyAsk:
    """Write down that somebody is asked."""
    case_id = case.id if case else None
    ask = SurveyAsk(new_id(), conversation_id, case_id, channel, now, questions)
    uow.survey_asks.add(ask)
    uow.scores.outdate(conversation_id, now)
    return ask


def situation_of(uow: UnitOfWork, conversation_id: str, case: Case | None) -> Situation:
    """Gather what is known of a case, or of a chat without one."""
    known = uow.cases.of_conversation(conversation_id)
    read = [found for _, found in uow.understandings.of_conversation(conversation_id)]
    asks = uow.survey_asks.of_conversation(conversation_id)
    case_id = case.id if case else None
    survey = _survey_of(uow, conversation_id, case_id)
    return Situation(
        about=case_id or conversation_id,
        is_open=case is not None and case.status in OPEN_STATUSES,
        is_withdrawn=case is not None and case.status is CaseStatus.WITHDRAWN,
        flags=frozenset(chain(*(one.flags for one in known), *(one.flags for one in read))),
        severities=frozenset([*(one.severity for one in known), *(one.severity for one in read)]),
        asks=tuple(one for one in asks if one.case_id == case_id),
        rated=survey.questions if survey else frozenset(),
        rated_at=survey.at if survey else None,
        reopened_at=_reopened_at(uow, case),
    )


def _survey_of(uow: UnitOfWork, conversation_id: str, case_id: str | None) -> Survey | None:
    if case_id is not None:
        return uow.surveys.of_case(case_id)
    survey = uow.surveys.of_conversation(conversation_id)
    return survey if survey and survey.case_id is None else None


def _reopened_at(uow: UnitOfWork, case: Case | None) -> datetime | None:
    entries = uow.cases.entries(case.id) if case else ()
    return max((entry.at for entry in entries if entry.kind == REOPENED), default=None)
