"""What templates show, computed from what the rooms return. Pure: tested without a browser."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import add

from amends.compensation.decision import RemedyGrant
from amends.compensation.grants import Preview
from amends.compensation.ground import GrantOption
from amends.compensation.model import Offer, Remedy, Step
from amends.conversations.model import Message, Role
from amends.desk import survey_words, words
from amends.desk.speech import mark, spoken, tr
from amends.handoff.model import Note
from amends.handoff.queue import Summary
from amends.satisfaction.model import Survey

_ROLES = {
    "customer": mark("Customer"),
    "bot": mark("Bot"),
    "staff": mark("Staff"),
    "system": mark("System"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the transcript."""

    seq: int
    role: str
    role_word: str
    who: str
    mine: bool
    text: str
    at: datetime
    card: tuple[tuple[str, str], ...]
    card_title: str
    choices: tuple[str, ...]
    note_id: int = 0  # not a message but an internal note, after the message `seq`


def note_line(note: Note, names: Mapping[str, str], me: str) -> Line:
    """Return an internal note as the transcript shows it."""
    return Line(
        seq=note.after_seq,
        role="note",
        role_word=tr("Internal note"),
        who=names.get(note.author_id, tr("A colleague")),
        mine=note.author_id == me,
        text=note.text,
        at=note.at,
        card=(),
        card_title="",
        choices=(),
        note_id=note.id,
    )


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Return messages and notes as they were written."""
    return sorted(lines, key=lambda one: (one.seq, one.note_id))


def ratings(messages: Iterable[Message], survey: Survey | None) -> dict[int, str]:
    """Return, by the message that asked for it, how the customer rated: the latest one before."""
    asked = [one for one in messages if (one.card or {}).get("kind") == "survey"]
    if survey is None:
        return {}
    before = [one.seq for one in asked if one.at <= survey.at]
    return {before[-1]: survey_words.rated({"csat": survey.csat})} if before else {}


def line(message: Message, customer: str, me: str, rated: str = "") -> Line:
    title, rows = _card(message.card or {}, rated)
    return Line(
        seq=message.seq,
        role=message.role.value,
        role_word=words.word(_ROLES, message.role.value),
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
        Role.BOT: tr("Assistant"),
        Role.SYSTEM: tr("Notice"),
        Role.STAFF: message.author or tr("Staff"),
    }
    return names[message.role]


def _card(card: dict[str, object], rated: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    kind = str(card.get("kind", ""))
    if kind == "case":
        return tr("Case opened"), ((tr("Number"), str(card.get("case_number", ""))),)
    if kind in ("offer", "promise"):
        lines = card.get("lines")
        rows = [_card_line(one) for one in lines] if isinstance(lines, list) else []
        return (tr("Offer") if kind == "offer" else tr("Promised")), tuple(rows)
    if kind == "handoff":
        place, expected = card.get("position"), card.get("expected_minutes")
        wait = tr("{count} min", count=expected) if expected else tr("overdue")
        return tr("Asked for a person"), ((tr("Place"), str(place)), (tr("Expected"), wait))
    return (rated or tr("Rating asked"), ()) if kind == "survey" else ("", ())


def _card_line(one: dict[str, object]) -> tuple[str, str]:
    due = one.get("due_at")
    when = tr("by {day}", day=words.day(datetime.fromisoformat(str(due)))) if due else ""
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
        by=tr("Assistant") if offer.made_by == "bot" else names.get(offer.made_by, tr("Staff")),
        when=words.day(offer.made_at),
        state=state.value,
        state_word=_state_word(offer, state),
        bundles=tuple(tuple(remedy_line(one) for one in bundle) for bundle in shown),
    )


def _state_word(offer: Offer, state: Step) -> str:
    """Say what became of it; what staff grant is not accepted by anybody."""
    if offer.made_by != "bot" and state is Step.ACCEPTED:
        return tr("Granted, being carried out")
    return words.word(words.STEPS, state.value)


def _chosen(taken: list[Remedy]) -> bool:
    return bool(taken) and taken[0].state is not Step.OFFERED


def remedy_line(one: Remedy | RemedyGrant) -> tuple[str, str, str]:
    title = one.title.get(spoken()) or one.title.get("en", one.kind)
    return title, words.amount(one.amount), words.clauses(one.clauses)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option in the dialog for granting."""

    key: str
    label: str
    total: str  # what all of it comes to; empty where there is only one amount
    remedies: tuple[tuple[str, str, str], ...]
    parts: str
    caps: tuple[str, ...]
    why: tuple[str, ...] = ()  # the titles of the clauses it rests on
    message: str = ""  # what the customer would read


def grant_choices(preview: Preview) -> list[Choice]:
    """Return what may be granted, each with its reasons and the message to the customer."""
    return [
        replace(
            choice(option),
            why=_why(option, preview.titles),
            message=preview.messages.get(option.key, ""),
        )
        for option in preview.options
    ]


def _why(option: GrantOption, titles: Mapping[str, str]) -> tuple[str, ...]:
    clauses = dict.fromkeys(clause for one in option.grants for clause in one.clauses)
    return tuple(titles.get(clause, clause) for clause in clauses)


def _total(option: GrantOption) -> str:
    amounts = [one.amount for one in option.grants if one.amount is not None]
    if len(amounts) < 2 or len({amount.currency for amount in amounts}) > 1:
        return ""
    return words.amount(reduce(add, amounts))


def choice(option: GrantOption) -> Choice:
    remedies = tuple(remedy_line(one) for one in option.grants)
    label = words.both([f"{title} {sum_}".strip() for title, sum_, _ in remedies])
    keys = sorted({one.part.value for one in option.grants})
    parts = words.both([words.word(words.PARTS, key) for key in keys])
    caps = {words.cap(hit.cap, hit.limit) for hit in option.decision.caps}
    return Choice(option.key, label, _total(option), remedies, parts, tuple(sorted(caps)))
