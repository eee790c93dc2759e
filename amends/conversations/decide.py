"""Decisions about a message's way: pure, over plain values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from amends.conversations.model import Delivery, Draft, Mode, Reply
from amends.values import LANGUAGES

RETRY_SECONDS = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Waits before the next try; the last one stays."""

REFUSALS_BEFORE_GIVING_UP = 5
FAILURES_BEFORE_GIVING_UP = 10


GOODBYES = frozenset({"survey", "farewell"})
"""Cards with which a visit ends; a farewell is drawn by no widget."""

WORDS_THAT_TELL = 4
"""Fewer words may be a name, a product or "ok" in any language's chat."""

_UNSPACED = {"zh": re.compile(r"[\u3400-\u9fff]")}
"""Characters of languages that write no spaces: one of them tells."""
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+(?:['’][^\W\d_\u3400-\u9fff]+)?")


def language_after(spoken: str, written: str, text: str) -> str:
    """Return the language in which a conversation goes on after a message.

    Args:
        spoken: The conversation's language so far.
        written: The message's language as the engine read it; for a text without any letters
            that is only a guess, which changes nothing.
        text: The message.
    """
    told = spoken if spoken in LANGUAGES else LANGUAGES[0]  # what was said in its place
    if written == told or written not in LANGUAGES:
        return spoken
    if written in _UNSPACED:
        return written if _UNSPACED[written].search(text) else spoken
    characters = sum(len(own.findall(text)) for own in _UNSPACED.values())
    words = sum(bool(_WORD.fullmatch(part.strip('.,:;!?¿¡"()“”'))) for part in text.split())
    return written if words >= WORDS_THAT_TELL and words > characters else spoken


def route(mode: Mode) -> Delivery:
    """Return where a new message goes; a closed conversation reopens with the bot."""
    return Delivery.TO_STAFF if mode is Mode.STAFF else Delivery.PENDING


def bot_may_speak(mode: Mode) -> bool:
    """Tell whether a reply of the bot may be delivered.

    A person who took over meanwhile, also one who has closed the conversation since, is not
    contradicted by a late bot.
    """
    return mode in (Mode.BOT, Mode.WAITING)


def ends_visit(replies: Iterable[Reply]) -> bool:
    """Tell whether the engine said goodbye, with or without asking for a rating."""
    return any((reply.card or {}).get("kind") in GOODBYES for reply in replies)


def tells_the_queue(replies: Iterable[Reply]) -> bool:
    """Tell whether the bot itself said that a person comes and how long it takes."""
    return any((reply.card or {}).get("kind") == "handoff" for reply in replies)


def beside(replies: Iterable[Reply], notices: Iterable[Draft]) -> list[Draft]:
    """Return the notices as they follow the replies: without choices where the replies offer some.

    Only the latest choices can be taken, and what the bot has just asked matters more.
    """
    if not any(reply.choices for reply in replies):
        return list(notices)
    return [replace(notice, choices=()) for notice in notices]


def retry_delay(attempts: int) -> timedelta:
    """Return the wait after this many failed attempts (1 or more)."""
    return timedelta(seconds=RETRY_SECONDS[min(attempts, len(RETRY_SECONDS)) - 1])


def next_try(
    attempts: int, sent_at: datetime, now: datetime, person_after_seconds: float
) -> datetime:
    """Return when to try again: after the usual wait, but not past the asking of a person."""
    usual = now + retry_delay(attempts)
    person_due = sent_at + timedelta(seconds=person_after_seconds)
    return min(usual, person_due) if person_due > now else usual


def person_is_due(mode: Mode, sent_at: datetime, now: datetime, limit_seconds: float) -> bool:
    """Tell whether an unanswered message has waited so long that a person must be asked."""
    return mode is Mode.BOT and now - sent_at >= timedelta(seconds=limit_seconds)


@dataclass(frozen=True, slots=True)
class Failures:
    """How often the engine failed at one message although it said it was ready."""

    refused: int = 0  # it answered, but with an error or with nothing
    unanswered: int = 0  # it did not answer in time

    def plus(self, refused: bool) -> "Failures":
        if refused:
            return Failures(self.refused + 1, self.unanswered)
        return Failures(self.refused, self.unanswered + 1)

    @property
    def hopeless(self) -> bool:
        total = self.refused + self.unanswered
        return self.refused >= REFUSALS_BEFORE_GIVING_UP or total >= FAILURES_BEFORE_GIVING_UP


def before_and_after(notices: Iterable[Draft]) -> tuple[list[Draft], list[Draft]]:
    """Part notices into those said before the engine's replies and those said after.

    Help in danger comes first; the place in the queue (a card of kind `handoff`) comes last.
    """
    before: list[Draft] = []
    after: list[Draft] = []
    for notice in notices:
        is_queue = (notice.card or {}).get("kind") == "handoff"
        (after if is_queue else before).append(notice)
    return before, after
