"""Record what customers say of us, and score every conversation, asked or not."""

from datetime import datetime

from amends.cases import use_cases as cases
from amends.cases.model import Case
from amends.conversations.model import Understanding
from amends.satisfaction.model import Journey, Score, Survey, Turn, Weights
from amends.satisfaction.ports import UnitOfWork
from amends.satisfaction.scoring import score
from amends.satisfaction.surveys.announcements import of_survey
from amends.satisfaction.surveys.model import Answers, Channel, SurveyAsk, with_answers
from amends.satisfaction.telling import journey_of, turns_of

COMMENT_LIMIT = 2000


def record_survey(
    uow: UnitOfWork,
    weights: Weights,
    conversation_id: str,
    answers: Answers,
    at: datetime,
    ask_id: str | None = None,
) -> Survey:
    """Store what a customer answers, all at once or in parts, and score the conversation anew.

    Args:
        uow: the open transaction.
        weights: of the scoring.
        conversation_id: the chat.
        answers: at least one.
        at: the present moment.
        ask_id: which asking is answered; the latest one in the chat when it is not said.

    Returns:
        All answers about this case.
    """
    uow.conversations.lock(conversation_id)
    ask = uow.survey_asks.get(ask_id) if ask_id else _asked_in_chat(uow, conversation_id)
    case = _rated_case(uow, conversation_id, ask)
    survey = uow.surveys.add(_survey(conversation_id, case, answers, at))
    if ask is not None:
        uow.survey_asks.save(with_answers(ask, answers.questions, at))
    parts = ",".join(sorted(answers.questions))
    key = f"{conversation_id}:{at.isoformat()}:{parts}"
    uow.outbox.add("survey.received", key, of_survey(survey, case), at)
    score_conversation(uow, weights, conversation_id, at)
    uow.scores.outdate(conversation_id, at)  # the figures are still without these answers
    return survey


def _asked_in_chat(uow: UnitOfWork, conversation_id: str) -> SurveyAsk | None:
    asks = uow.survey_asks.of_conversation(conversation_id)
    return next((one for one in reversed(asks) if one.channel is Channel.WIDGET), None)


def _rated_case(uow: UnitOfWork, conversation_id: str, ask: SurveyAsk | None) -> Case | None:
    """Return the case that was asked about; unasked, a customer speaks of the latest."""
    if ask is None:
        return cases.latest_case(uow, conversation_id)
    return uow.cases.get(ask.case_id) if ask.case_id else None


def _survey(conversation_id: str, case: Case | None, answers: Answers, at: datetime) -> Survey:
    return Survey(
        conversation_id=conversation_id,
        case_id=case.id if case else None,
        csat=answers.csat,
        comment=answers.comment[:COMMENT_LIMIT],
        at=at,
        reason=answers.reason,
        ces=answers.ces,
        nps=answers.nps,
        expectation=answers.expectation,
        servqual=answers.servqual,
    )


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
    known = uow.cases.of_conversation(conversation_id)
    promises = [promise for case in known for promise in uow.promises.of_case(case.id)]
    survey = uow.surveys.of_conversation(conversation_id)
    handoffs = uow.handoffs.of_conversation(conversation_id)
    csat = survey.csat if survey else None
    return turns_of(messages, understood), journey_of(messages, known, handoffs, promises, csat)
