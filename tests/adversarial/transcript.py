"""What must come out the same whenever a dialogue is played: words and books, without accidents.

Accidents are what differs from chat to chat by nature: case and order numbers, ids, the date of
today, times of day, places in the queue. What the background jobs say is checked like anything
else, but when they say it is a matter of the clock, so it is no part of the record.
"""

from datetime import date
from typing import Any

from amends.conversations.model import Message, Role
from tests.adversarial.amounts import plain
from tests.adversarial.evidence import GIVEN, Evidence
from tests.adversarial.moments import find_times
from tests.adversarial.play import Played
from tests.adversarial.wording import PLACE_IN_QUEUE, recognise
from tests.support.books import Books

type Record = list[dict[str, Any]]
"""One entry per conversation of the dialogue."""

_OF_THE_CLOCK = frozenset({"say_next_remedy_is_issued", "say_next_nothing"})
"""What comes next: told as long as a remedy waits for the job that carries it out."""


def record_of(played: Played, chats: dict[int, Evidence]) -> Record:
    record = [_conversation(played, chats[number].books) for number in sorted(chats)]
    raced = any(turn.at_once for turn in played.dialogue.turns)
    # Of chats that race chance says which is first, and nothing else: the two may change places.
    return sorted(record, key=repr) if raced else record


def _conversation(played: Played, books: Books) -> dict[str, Any]:
    known = _names(played, books)
    return {
        "said": [_message(m, known, played.began_at.date()) for m in books.messages if _counts(m)],
        "books": _books(books, known),
    }


def _counts(message: Message) -> bool:
    by_a_job = message.role is Role.SYSTEM and message.in_reply_to is None and message.seq > 1
    return not by_a_job


def _names(played: Played, books: Books) -> dict[str, str]:
    """Map the names that chance has given to what they stand for."""
    known = {order.number: f"<{name}>" for name, order in played.orders.items()}
    return known | {case.number: f"<case {n}>" for n, case in enumerate(books.cases, 1)}


def _message(message: Message, known: dict[str, str], today: date) -> list[Any]:
    text = normal(message.text, known, today)
    names = {found.name for found in recognise(plain(message.text))[:1]}
    if names & _OF_THE_CLOCK:
        text = "<what comes next>"
    titles = [normal(choice.title, known, today) for choice in message.choices]
    return [message.role.value, text, titles, _card(message.card)]


def normal(text: str, known: dict[str, str], today: date) -> str:
    """Return a text without the accidents of this conversation."""
    text = plain(text)
    for name, meaning in known.items():
        text = text.replace(name, meaning)
    for said in reversed(find_times(text)):
        text = text[: said.start] + _meaning(said, today) + text[said.end :]
    return PLACE_IN_QUEUE.sub("<place>", text)


def _meaning(said: Any, today: date) -> str:
    if said.day is not None:
        _, month, day = said.day
        return f"<day {_days_from(today, month, day):+d}>"
    if said.at is not None or (said.span and said.span[1] in ("minute", "hour")):
        return "<time>"
    return str(said.words)


def _days_from(today: date, month: int, day: int) -> int:
    """Return how far the nearest such day is; the year is never said."""
    try:
        days = [date(today.year + years, month, day) for years in (-1, 0, 1)]
    except ValueError:  # 29 February, or no date at all
        return 999
    return min(((one - today).days for one in days), key=abs)


def _card(card: dict[str, Any] | None) -> Any:
    if card is None:
        return None
    lines = [[line["title"], line["amount"]] for line in card.get("lines", ())]
    return [card["kind"], lines, card.get("next_step")]


def _books(books: Books, known: dict[str, str]) -> dict[str, Any]:
    return {
        "cases": [
            [case.category, case.status, known.get(case.order_number or ""), case.wish,
             case.outcome, case.repeat_complaint, sorted(case.flags), case.severity]
            for case in books.cases
        ],
        "decisions": [[d.outcome, d.rung, d.decision["clauses"]] for d in books.decisions],
        "remedies": [
            [offer.rung, r.alternative, r.kind, r.amount, r.clauses, _state(r.state)]
            for offer in books.offers
            for r in offer.remedies
        ],
        "promises": sorted([p.what, (p.due_at - p.made_at).days] for p in books.promises),
        "handoffs": [[list(h.reasons), h.priority, h.state] for h in books.handoffs],
    }  # fmt: skip


def _state(state: Any) -> str:
    return "accepted" if state in GIVEN else str(state)


def first_difference(one: Any, other: Any, path: str = "") -> str:
    """Say where two records first part, and what stands there in each."""
    if type(one) is type(other) and isinstance(one, dict) and one.keys() == other.keys():
        parts = ((f"{path}.{key}", one[key], other[key]) for key in one)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        parts = ((f"{path}[{n}]", a, b) for n, (a, b) in enumerate(zip(one, other, strict=True)))
    else:
        return f"{path}: {one!r} / {other!r}"
    return next(first_difference(a, b, where) for where, a, b in parts if a != b)
