"""Explain one message of a customer: pure, over what was seen before and after it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from amends.cases.model import Case, CaseEntry, Promise
from amends.compensation.decision import decision_from_json
from amends.compensation.model import DecisionRecord
from amends.conversations.model import Message, Role, Understanding
from amends.handoff.thresholds import Thresholds
from amends.training.playground.model import (
    Decided,
    EngineTold,
    Explained,
    Fired,
    Read,
    Seen,
    Written,
)

MOST_GUESSES = 5
TOLD_OF_A_CASE = (
    "status", "category", "secondary", "severity", "flags", "order_number", "item", "wish",
    "next_step", "owner", "outcome",
)  # fmt: skip
"""What of a case is told when it changed; the words of the customer are in the chat anyway."""


def latest_message(before: Seen | None, after: Seen) -> Message | None:
    """Return the customer's message that was added; None when there is none."""
    last = before.conversation.last_seq if before else 0
    added = [one for one in after.messages if one.role is Role.CUSTOMER and one.seq > last]
    return added[-1] if added else None


def explain(
    before: Seen | None,
    after: Seen,
    told: EngineTold,
    thresholds: Thresholds,
    titles: Mapping[str, str],
) -> Explained | None:
    """Return what the latest message led to; None when no message was added.

    Args:
        before: the conversation before the message; None when it had not begun.
        after: the conversation once the message was answered.
        told: what the engine says of the message.
        thresholds: the table by which the conversation was judged.
        titles: of the policy's clauses, by id.
    """
    message = latest_message(before, after)
    if message is None:
        return None
    found = after.understood.get(message.seq)
    known = _reasons(before)
    return Explained(
        seq=message.seq,
        text=message.text,
        tapped=message.payload,
        read=_read(found, told) if found and not message.payload else None,
        assessment=after.assessment,
        fired=tuple(
            Fired(reason, thresholds.row(reason))
            for reason in _reasons(after)
            if reason not in known
        ),
        earlier_reasons=known,
        decided=tuple(_decided(one, titles) for one in _new(before, after, "decisions", _id)),
        told=told,
        written=_written(before, after),
        mode=after.conversation.mode.value,
        replies=tuple(
            one for one in after.messages if one.role is not Role.CUSTOMER and one.seq > message.seq
        ),
        at=message.at,
    )


def _reasons(seen: Seen | None) -> tuple[str, ...]:
    """Return why a person was asked for, in the order in which it came up."""
    handoffs = seen.handoffs if seen else ()
    return tuple(dict.fromkeys(reason for one in handoffs for reason in one.reasons))


def _read(found: Understanding, told: EngineTold) -> Read:
    return Read(
        intent=found.intent,
        confidence=found.confidence,
        ranking=_ranking(found),
        entities=tuple(
            (str(one.get("entity", "")), _value(one.get("value")))
            for one in found.parse.get("entities", [])
        ),
        complaint=found.complaint,
        category=found.category,
        secondary=found.secondary,
        sentiment=found.sentiment,
        sentiment_label=found.sentiment_label,
        severity=found.severity,
        waiting_hours=found.waiting_hours,
        language=found.language,
        flags=tuple((flag, _words_of(flag, told)) for flag in sorted(found.flags)),
    )


def _ranking(found: Understanding) -> tuple[tuple[str, float], ...]:
    guesses = [
        (str(one.get("name") or ""), float(one.get("confidence") or 0.0))
        for one in found.parse.get("intent_ranking", [])
    ]
    ranked = sorted(guesses, key=lambda guess: -guess[1])
    return tuple(ranked[:MOST_GUESSES]) or ((found.intent, found.confidence),)


def _words_of(flag: str, told: EngineTold) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.words for one in told.flag_words if one.flag == flag))


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return str(value)


def _decided(record: DecisionRecord, titles: Mapping[str, str]) -> Decided:
    decision = decision_from_json(record.decision)
    named = tuple((clause, titles.get(clause, "")) for clause in decision.clauses)
    return Decided(record, decision, named)


def _written(before: Seen | None, after: Seen) -> Written:
    known = {one.id: one for one in before.cases} if before else {}
    return Written(
        opened=tuple(one for one in after.cases if one.id not in known),
        changed=tuple(
            change
            for case in after.cases
            if case.id in known
            for change in _changes(known[case.id], case)
        ),
        entries=_new_entries(before, after),
        promises=_new_promises(before, after),
        offers=_new(before, after, "offers", _id),
        steps=_new(before, after, "steps", lambda one: (one.remedy_id, one.step)),
    )


def _new_promises(before: Seen | None, after: Seen) -> tuple[Promise, ...]:
    """Return promises that were made, or whose state changed."""
    return _new(before, after, "promises", lambda one: (one.id, one.state))


def _new_entries(before: Seen | None, after: Seen) -> tuple[CaseEntry, ...]:
    """Return the lines that each timeline grew by; a timeline only ever grows."""
    known = Counter(one.case_id for one in before.entries) if before else Counter[str]()
    new: list[CaseEntry] = []
    for entry in after.entries:
        if known[entry.case_id] > 0:
            known[entry.case_id] -= 1
        else:
            new.append(entry)
    return tuple(new)


def _id(one: Any) -> Any:
    return one.id


def _new[T](before: Seen | None, after: Seen, name: str, key: Callable[[T], Any]) -> tuple[T, ...]:
    known = {key(one) for one in getattr(before, name)} if before else set()
    rows: Sequence[T] = getattr(after, name)
    return tuple(one for one in rows if key(one) not in known)


def _changes(old: Case, new: Case) -> list[tuple[str, str, str]]:
    return [
        (name, _shown(getattr(old, name)), _shown(getattr(new, name)))
        for name in TOLD_OF_A_CASE
        if getattr(old, name) != getattr(new, name)
    ]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple | frozenset):
        return ", ".join(sorted(str(one) for one in value))
    return str(value)
