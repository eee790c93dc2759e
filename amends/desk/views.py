"""What templates show, computed from what the rooms return. Pure: tested without a browser."""

from dataclasses import dataclass
from datetime import datetime

from amends.cases.model import Promise, PromiseState
from amends.compensation.decision import RemedyGrant
from amends.compensation.grants import GrantOption
from amends.compensation.model import Offer, Remedy, Step
from amends.conversations.model import Message, Role
from amends.desk import words
from amends.handoff.queue import QueueItem, Summary
from amends.handoff.thresholds import Thresholds

SOON_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of chats."""

    handoff_id: str
    name: str
    priority: int
    priority_word: str
    reasons: str
    last_words: str
    case_number: str
    waited: str
    due: str
    due_state: str  # calm, soon, overdue, answered
    unread: bool


def row(item: QueueItem, thresholds: Thresholds, unread: bool = False) -> Row:
    handoff = item.handoff
    answered = handoff.first_answer_at is not None and handoff.claimed_by is not None
    return Row(
        handoff_id=handoff.id,
        name=item.customer.name if item.customer else "Guest",
        priority=handoff.priority,
        priority_word=words.PRIORITIES.get(handoff.priority, "Low"),
        reasons=", ".join(words.reason(key, thresholds) for key in handoff.reasons),
        last_words=item.last_words,
        case_number=item.case.number if item.case else "",
        waited=words.minutes(item.minutes_waited),
        due="" if answered else words.due(item.minutes_left),
        due_state="answered" if answered else _due_state(item.minutes_left),
        unread=unread,
    )


def _due_state(minutes_left: int) -> str:
    if minutes_left < 0:
        return "overdue"
    return "soon" if minutes_left < SOON_MINUTES else "calm"


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the transcript."""

    seq: int
    role: str
    who: str
    mine: bool
    text: str
    at: datetime
    card: tuple[tuple[str, str], ...]
    card_title: str
    choices: tuple[str, ...]


def line(message: Message, customer: str, me: str) -> Line:
    title, rows = _card(message.card or {})
    return Line(
        seq=message.seq,
        role=message.role.value,
        who=_who(message, customer),
        mine=message.role is Role.STAFF and message.author == me,
        text=message.text,
        at=message.at,
        card=rows,
        card_title=title,
        choices=tuple(choice.title for choice in message.choices),
    )


def _who(message: Message, customer: str) -> str:
    names = {
        Role.CUSTOMER: customer,
        Role.BOT: "Assistant",
        Role.SYSTEM: "Notice",
        Role.STAFF: message.author or "Staff",
    }
    return names[message.role]


def _card(card: dict[str, object]) -> tuple[str, tuple[tuple[str, str], ...]]:
    kind = str(card.get("kind", ""))
    if kind == "case":
        return "Case opened", (("Number", str(card.get("case_number", ""))),)
    if kind in ("offer", "promise"):
        lines = card.get("lines")
        rows = [_card_line(one) for one in lines] if isinstance(lines, list) else []
        return ("Offer" if kind == "offer" else "Promised"), tuple(rows)
    if kind == "handoff":
        place, expected = card.get("position"), card.get("expected_minutes")
        wait = f"{expected} min" if expected else "overdue"
        return "Asked for a person", (("Place", str(place)), ("Expected", wait))
    return ("Rating asked", ()) if kind == "survey" else ("", ())


def _card_line(one: dict[str, object]) -> tuple[str, str]:
    due = one.get("due_at")
    when = f"by {words.day(datetime.fromisoformat(str(due)))}" if due else ""
    return str(one.get("title", "")), " ".join(filter(None, (str(one.get("amount") or ""), when)))


@dataclass(frozen=True, slots=True)
class Given:
    """One offer and what became of it."""

    by: str
    when: str
    state: str
    state_word: str
    bundles: tuple[tuple[tuple[str, str, str], ...], ...]  # title, amount, clauses


def offers(summary: Summary, names: dict[str, str]) -> list[Given]:
    found = sorted(summary.offers, key=lambda offer: offer.made_at, reverse=True)
    return [_given(offer, names) for offer in found]


def _given(offer: Offer, names: dict[str, str]) -> Given:
    taken = [one for one in offer.remedies if one.state not in (Step.DECLINED, Step.EXPIRED)]
    state = taken[0].state if taken else offer.remedies[0].state
    shown = [offer.alternative(taken[0].alternative)] if _chosen(taken) else offer.alternatives
    return Given(
        by="Assistant" if offer.made_by == "bot" else names.get(offer.made_by, "Staff"),
        when=words.day(offer.made_at),
        state=state.value,
        state_word=words.word(words.STEPS, state.value),
        bundles=tuple(tuple(_remedy(one) for one in bundle) for bundle in shown),
    )


def _chosen(taken: list[Remedy]) -> bool:
    return bool(taken) and taken[0].state is not Step.OFFERED


def _remedy(one: Remedy | RemedyGrant) -> tuple[str, str, str]:
    return one.title.get("en", one.kind), words.amount(one.amount), ", ".join(one.clauses)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option in the dialog for granting."""

    key: str
    label: str
    remedies: tuple[tuple[str, str, str], ...]
    parts: str
    caps: tuple[str, ...]


def choice(option: GrantOption) -> Choice:
    remedies = tuple(_remedy(one) for one in option.grants)
    label = " and ".join(f"{title} {sum_}".strip() for title, sum_, _ in remedies)
    parts = sorted({words.PARTS[one.part.value] for one in option.grants}, reverse=True)
    caps = {f"Bound by {cap.cap} {words.amount(cap.limit)}".strip() for cap in option.decision.caps}
    return Choice(option.key, label, remedies, " and ".join(parts), tuple(sorted(caps)))


@dataclass(frozen=True, slots=True)
class Pledge:
    title: str
    due: str
    state: str
    state_word: str


def pledges(summary: Summary, now: datetime) -> list[Pledge]:
    titles = {one.id: _remedy(one) for offer in summary.offers for one in offer.remedies}
    return [_pledge(promise, titles, now) for promise in summary.promises]


def _pledge(promise: Promise, titles: dict[str, tuple[str, str, str]], now: datetime) -> Pledge:
    title, sum_, _ = titles.get(promise.remedy_id or "", ("", "", ""))
    still_open = promise.state is PromiseState.OPEN
    late = still_open and promise.due_at < now
    return Pledge(
        title=f"{title} {sum_}".strip() or words.word(words.PROMISES, promise.what),
        due=words.due_at(promise.due_at, now) if still_open else words.day(promise.due_at),
        state="overdue" if late else promise.state.value,
        state_word=words.PROMISE_STATES[promise.state.value],
    )
