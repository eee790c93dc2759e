"""What happened in a case, in order: a pure function over the rows of all rooms.

Each source yields the items of one kind of row; a new kind is one more source in `SOURCES`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from amends.cases.model import PromiseState
from amends.cases.promising import MOVED_ENTRY
from amends.compensation.model import Remedy, Step
from amends.conversations.model import Role
from amends.handoff.model import HandoffState
from amends.handoff.notes import ENTRY as NOTE_ENTRY
from amends.records.record import Record
from amends.values import Json


class Kind(StrEnum):
    """By which a timeline is filtered."""

    MESSAGE = "message"
    CASE = "case"
    DECISION = "decision"
    OFFER = "offer"
    REMEDY = "remedy"
    PROMISE = "promise"
    HANDOFF = "handoff"
    NOTE = "note"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened."""

    at: datetime
    kind: Kind
    event: str  # what of this kind, such as `promised` or `promise_broken`
    actor: str  # customer, bot, system or a staff id
    data: dict[str, Any]


Source = Callable[[Record], Iterable[Item]]

_TOLD_BY_THE_LEDGER = frozenset(
    {"decided", "offered", "declined", "granted", "promised", "promise_broken", NOTE_ENTRY}
)
"""Entries of a case that stand beside rows of their own, which say more."""

_ACTORS = {Role.CUSTOMER: "customer", Role.BOT: "bot", Role.SYSTEM: "system", Role.STAFF: "staff"}


def timeline(record: Record) -> tuple[Item, ...]:
    """Return all items, earliest first; at one moment what caused comes before what followed."""
    items = [
        (item.at, rank, number, item)
        for rank, source in enumerate(SOURCES)
        for number, item in enumerate(source(record))
    ]
    return tuple(item for *_, item in sorted(items, key=lambda one: one[:3]))


def messages(record: Record) -> Iterator[Item]:
    for message in record.messages:
        data: Json = {"seq": message.seq, "text": message.text, "author": message.author}
        data["tapped"] = message.payload is not None
        yield Item(message.at, Kind.MESSAGE, message.role.value, _ACTORS[message.role], data)


def entries(record: Record) -> Iterator[Item]:
    for entry in record.entries:
        if entry.kind not in _TOLD_BY_THE_LEDGER:
            kind = Kind.PROMISE if entry.kind == MOVED_ENTRY else Kind.CASE
            yield Item(entry.at, kind, entry.kind, entry.actor, entry.data)


def decisions(record: Record) -> Iterator[Item]:
    for one in record.decisions:
        data: Json = {
            "outcome": one.outcome,
            "clauses": one.decision.get("clauses", []),
            "explanation": one.decision.get("explanation", []),
            "policy": one.policy,
            "version": one.version,
            "role": one.role,
            "rung": one.rung,
        }
        yield Item(one.at, Kind.DECISION, "decided", "bot" if one.role == "bot" else "staff", data)


def offers(record: Record) -> Iterator[Item]:
    for offer in record.offers:
        bundles = [[_remedy(one) for one in bundle] for bundle in offer.alternatives]
        data: Json = {"alternatives": bundles, "expires_at": offer.expires_at.isoformat()}
        yield Item(offer.made_at, Kind.OFFER, "offered", offer.made_by, data)


def remedy_steps(record: Record) -> Iterator[Item]:
    """Yield what became of what was offered; the offer itself is told by `offers`."""
    known = record.remedies
    for taken in record.steps:
        if taken.step is not Step.OFFERED:
            data = _remedy(known[taken.remedy_id])
            yield Item(taken.at, Kind.REMEDY, taken.step.value, taken.actor, data)


def promises(record: Record) -> Iterator[Item]:
    known = record.remedies
    for promise in record.promises:
        remedy = known.get(promise.remedy_id or "")
        data: Json = {
            "what": promise.what,
            "due_at": promise.due_at.isoformat(),
            "remedy": _remedy(remedy) if remedy else None,
        }
        if promise.replaces is None:  # of a new date the case's own entry says more
            yield Item(promise.made_at, Kind.PROMISE, "promised", promise.made_by, data)
        if promise.state is not PromiseState.OPEN and promise.ended_at is not None:
            ended = f"promise_{promise.state.value}"
            yield Item(promise.ended_at, Kind.PROMISE, ended, "system", data)


def handoffs(record: Record) -> Iterator[Item]:
    for one in record.handoffs:
        who = one.claimed_by or "staff"
        asked: Json = {
            "reasons": list(one.reasons),
            "priority": one.priority,
            "answer_due_at": one.answer_due_at.isoformat(),
        }
        yield Item(one.requested_at, Kind.HANDOFF, "requested", "system", asked)
        if one.claimed_at is not None and one.claimed_by is not None:
            yield Item(one.claimed_at, Kind.HANDOFF, "claimed", who, {})
        if one.first_answer_at is not None:
            yield Item(one.first_answer_at, Kind.HANDOFF, "answered", who, {})
        if one.ended_at is not None and one.state is HandoffState.ENDED:
            yield Item(one.ended_at, Kind.HANDOFF, "ended", who, {"outcome": one.outcome})


def notes(record: Record) -> Iterator[Item]:
    for note in record.notes:
        yield Item(note.at, Kind.NOTE, "note", note.author_id, {"text": note.text})


def ratings(record: Record) -> Iterator[Item]:
    survey, score = record.survey, record.score
    if survey is not None:
        data: Json = {
            "csat": survey.csat,
            "comment": survey.comment,
            "reason": survey.reason.value if survey.reason else None,
            "ces": survey.ces,
            "nps": survey.nps,
            "expectation": survey.expectation,
            "servqual": dict(survey.servqual),
        }
        yield Item(survey.at, Kind.RATING, "survey", "customer", data)
    if score is not None and record.scored_at is not None:
        data = {
            "satisfaction": score.satisfaction,
            "confidence": score.confidence,
            "dimensions": score.dimensions,
            "drivers": list(score.drivers),
        }
        yield Item(record.scored_at, Kind.RATING, "score", "system", data)


SOURCES: tuple[Source, ...] = (
    messages,
    entries,
    handoffs,
    decisions,
    offers,
    remedy_steps,
    promises,
    notes,
    ratings,
)


def _remedy(remedy: Remedy) -> Json:
    amount = remedy.amount
    return {
        "remedy_id": remedy.id,
        "kind": remedy.kind,
        "part": remedy.part,
        "title": remedy.title,
        "amount_minor": amount.amount_minor if amount else None,
        "currency": amount.currency if amount else None,
        "clauses": list(remedy.clauses),
    }
