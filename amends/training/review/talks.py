"""From what is stored to what can be judged: the customer's turns and what followed each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from amends.conversations.model import Message, Role, Seq, Understanding
from amends.training.labels import COMPLAINT_PREFIX, FALLBACK_INTENT
from amends.training.review.model import Gathered, Guess, Talk, Turn

NOT_UNDERSTOOD: Final = "not_understood"
"""Why a person was asked for when the assistant had asked back in vain."""

_FEWEST_OFFERED: Final = 2  # "is it one of these?"; one button alone offers something else


def talk_of(gathered: Gathered, asking_back: frozenset[str]) -> Talk:
    """Return the turns of a conversation.

    Args:
        gathered: what is stored of it.
        asking_back: the sentences by which the assistant says that it did not understand.
    """
    answers = _answers(gathered.messages)
    said = [one for one in gathered.messages if one.role is Role.CUSTOMER]
    gave_up = _given_up(gathered, said)
    turns = []
    for place, message in enumerate(said):
        found = gathered.understood.get(message.seq)
        if found is None or message.payload is not None:
            continue
        following = said[place + 1] if place + 1 < len(said) else None
        asked = _asks_back(answers[message.seq], asking_back)
        asked = asked or message.seq in gave_up
        turns.append(_turn(message, found, asked, following, is_first=message.seq <= 2))
    rating = min(gathered.ratings, default=None)
    return Talk(tuple(turns), tuple(gathered.handoffs), rating)


def guesses_of(parse: Mapping[str, Any]) -> tuple[Guess, ...]:
    """Return the guesses of a stored parse, best first, without the fallback."""
    ranking = parse.get("intent_ranking")
    found = [
        Guess(str(one["name"]), float(one["confidence"]))
        for one in (ranking if isinstance(ranking, list) else ())
        if isinstance(one, dict) and one.get("name") and _is_number(one.get("confidence"))
    ]
    named = [one for one in found if one.intent != FALLBACK_INTENT]
    return tuple(sorted(named, key=lambda one: -one.confidence))


def _given_up(gathered: Gathered, said: Sequence[Message]) -> frozenset[int]:
    """Return the messages at which a person was asked for because asking back had not helped."""
    found = set()
    for handoff in gathered.handoffs:
        if NOT_UNDERSTOOD in handoff.reasons:
            before = [one.seq for one in said if one.at <= handoff.at]
            found |= {*before[-1:]}
    return frozenset(found)


def _turn(
    message: Message, found: Understanding, asked: bool, following: Message | None, is_first: bool
) -> Turn:
    guesses = guesses_of(found.parse)
    if not guesses and found.intent != FALLBACK_INTENT:
        guesses = (Guess(found.intent, found.confidence),)
    return Turn(
        seq=message.seq,
        at=message.at,
        text=message.text,
        language=found.language,
        intent=found.intent,
        guesses=guesses,
        asked_back=asked or (is_first and found.intent == FALLBACK_INTENT),
        chose=_intent_of(following.payload) if asked and following else "",
        is_first=is_first,
    )


def _answers(messages: Sequence[Message]) -> Mapping[int, list[Message]]:
    answers: defaultdict[int, list[Message]] = defaultdict(list)
    for one in messages:
        if one.role is Role.BOT:
            answers[one.in_reply_to or Seq(0)].append(one)
    return answers


def _asks_back(answers: Sequence[Message], asking_back: frozenset[str]) -> bool:
    return any(one.text in asking_back or _offers_readings(one) for one in answers)


def _offers_readings(message: Message) -> bool:
    offered = [one for one in message.choices if _is_reading(one.payload)]
    return len(offered) >= _FEWEST_OFFERED


def _is_reading(payload: str) -> bool:
    return _intent_of(payload).startswith(COMPLAINT_PREFIX)


def _intent_of(payload: str | None) -> str:
    """Return the intent of a button's payload, `/intent{…}`."""
    return (payload or "").partition("{")[0].strip().removeprefix("/")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
