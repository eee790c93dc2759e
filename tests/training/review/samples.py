"""Conversations as the review queue reads them, each with only what a test cares about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from amends.conversations.model import Choice, ConversationId, Message, Role, Seq, Understanding
from amends.training.review.model import Found, Guess, Reason, Talk, Turn
from amends.training.review.reasons import found_in
from amends.training.review.wording import Vocabulary

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ASKED = "Could you put it in other words?"
STORY = "The courier left my parcel with a neighbour who has moved away"


def turn(
    seq: int = 1,
    text: str = STORY,
    intent: str = "report_not_received",
    sure: float = 0.9,
    **more: Any,
) -> Turn:
    plain: dict[str, Any] = {
        "seq": seq,
        "at": NOW + timedelta(minutes=seq),
        "text": text,
        "language": "en",
        "intent": intent,
        "guesses": (Guess(intent, sure),) if intent != "nlu_fallback" else (),
    }
    return Turn(**(plain | more))


def misheard(
    seq: int = 1, text: str = STORY, guess: str = "report_wrong_item", **more: Any
) -> Turn:
    """A message about which the assistant asked back."""
    plain: dict[str, Any] = {"guesses": (Guess(guess, 0.28),), "asked_back": True}
    return turn(seq, text, "nlu_fallback", **(plain | more))


def reasons(talk: Talk, vocabulary: Vocabulary | None = None) -> dict[int, set[Reason]]:
    found = found_in(talk, vocabulary or Vocabulary())
    return {one.seq: {*one.reasons} for one in found}


def found(text: str = STORY, seq: int = 1, *why: Reason, **more: Any) -> Found:
    plain: dict[str, Any] = {
        "seq": seq,
        "at": NOW,
        "text": text,
        "language": "en",
        "intent": "report_not_received",
        "confidence": 0.3,
        "reasons": why or (Reason.LOW_CONFIDENCE,),
    }
    return Found(**(plain | more))


def says(seq: int, text: str, role: Role = Role.CUSTOMER, **more: Any) -> Message:
    at = NOW + timedelta(minutes=seq)
    return Message(ConversationId("c1"), Seq(seq), role, text, at, **more)


def offers(*payloads: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"x{place}", payload, payload) for place, payload in enumerate(payloads))


def read(intent: str = "report_not_received", **more: Any) -> Understanding:
    plain: dict[str, Any] = {
        "intent": intent,
        "confidence": 0.9,
        "complaint": True,
        "category": None,
        "secondary": (),
        "sentiment": 0.0,
        "sentiment_label": "neu",
        "flags": frozenset(),
        "severity": "low",
        "waiting_hours": None,
        "language": "en",
    }
    return Understanding(**(plain | more))
