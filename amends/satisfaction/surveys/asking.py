"""Which questions a customer is asked, if any. Pure, over plain values.

Each survey is asked once per case, and again only after the case was opened again. Somebody in
distress is never asked, and nobody who took the complaint back.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from amends.satisfaction.surveys.model import Channel, Question, SurveyAsk

IN_DISTRESS = frozenset({"self_harm", "safety", "violence_threat", "vulnerable_customer"})
"""Flags of messages after which a survey would be an affront."""
CRITICAL = "critical"

ALWAYS = (Question.CSAT, Question.CES, Question.EXPECTATION, Question.NPS)
"""In the order in which they are shown; all but the first can be skipped."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a case, or of a chat without one, when somebody might be asked.

    Attributes:
        about: id of the case, or of the conversation where there is none; draws the sample.
        is_open: somebody still works on it.
        is_withdrawn: the customer took the complaint back.
        flags: of all messages and cases of the conversation.
        severities: the same.
        asks: what was asked about this case before, in any channel.
        rated: what the customer answered about this case so far, asked or not.
        rated_at: when they did so last.
        reopened_at: when the case was opened again, the last time.
    """

    about: str
    is_open: bool = False
    is_withdrawn: bool = False
    flags: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    asks: tuple[SurveyAsk, ...] = ()
    rated: frozenset[Question] = frozenset()
    rated_at: datetime | None = None
    reopened_at: datetime | None = None


def in_chat(situation: Situation, servqual_share: float) -> tuple[Question, ...]:
    """Return what is asked when the chat closes; nothing when nobody is to be asked.

    Args:
        situation: how it stands.
        servqual_share: which part of all cases is asked about the five dimensions, 0 to 1.
    """
    if not may_ask(situation) or _was_asked(situation, Channel.WIDGET):
        return ()
    if _is_since_opening(situation, situation.rated_at):
        return ()
    return survey_of(situation.about, servqual_share)


def by_mail(situation: Situation, servqual_share: float) -> tuple[Question, ...]:
    """Return what is asked some days after closing: whether it is solved, and what is still open
    of the survey."""
    if not may_ask(situation) or _was_asked(situation, Channel.MAIL):
        return ()
    known = _answered(situation)
    wanted = survey_of(situation.about, servqual_share)
    return (Question.SOLVED, *(one for one in wanted if one not in known))


def may_ask(situation: Situation) -> bool:
    """Whether this customer may be asked anything about this case now."""
    distressed = situation.flags & IN_DISTRESS or CRITICAL in situation.severities
    return not (distressed or situation.is_open or situation.is_withdrawn)


def survey_of(about: str, servqual_share: float) -> tuple[Question, ...]:
    """Return the whole survey of a case; a part of all cases has the long one."""
    return (*ALWAYS, Question.SERVQUAL) if in_sample(about, servqual_share) else ALWAYS


def in_sample(about: str, share: float) -> bool:
    """Draw a case for a sample; the same case, the same lot."""
    digest = hashlib.sha256(f"servqual {about}".encode()).digest()
    return int.from_bytes(digest[:8]) < share * 2**64


def _was_asked(situation: Situation, channel: Channel) -> bool:
    return any(one.channel is channel for one in _asks_since_opening(situation))


def _answered(situation: Situation) -> frozenset[Question]:
    asks = _asks_since_opening(situation)
    answered = frozenset(question for ask in asks for question in ask.answered)
    return answered if situation.reopened_at else answered | situation.rated


def _asks_since_opening(situation: Situation) -> Iterable[SurveyAsk]:
    return [one for one in situation.asks if _is_since_opening(situation, one.asked_at)]


def _is_since_opening(situation: Situation, at: datetime | None) -> bool:
    return at is not None and (situation.reopened_at is None or at > situation.reopened_at)
