"""Puts together what `review.html` shows."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from amends.desk import intent_words, review_views, review_words, words
from amends.desk.review_query import SHOWN, place_text
from amends.desk.review_reading import Opened, Shown, next_in
from amends.desk.speech import tr, trn
from amends.training.review.model import State
from amends.training.review.talks import guesses_of


def lead(found: Shown) -> str:
    groups = trn("{number} row", "{number} rows", found.counts.groups,
                 number=f"{found.counts.groups:,}")  # fmt: skip
    messages = trn("{number} message", "{number} messages", found.counts.messages,
                   number=f"{found.counts.messages:,}")  # fmt: skip
    decided = trn("{number} decision", "{number} decisions", found.decided,
                  number=f"{found.decided:,}")  # fmt: skip
    return tr(
        "{groups} open, with {messages}; {decided} made.",
        groups=groups, messages=messages, decided=decided,
    )  # fmt: skip


def further_place(found: Shown) -> str:
    place = found.listed.next
    return place_text(place) if place else ""


def rows(found: Shown, zone: ZoneInfo) -> list[review_views.Row]:
    listed = found.listed
    return [review_views.group_row(one, zone) for one in listed.groups] + [
        review_views.decision_row(*one, found.names, zone) for one in listed.decisions
    ]


def choices(found: Shown, intents: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    counted = found.counts
    return {
        "state": [("", tr("Open")), (State.DECIDED.value, tr("Decided"))],
        "reason": [
            (one.value, f"{review_words.reason(one)} ({counted.by_reason.get(one, 0):,})")
            for one in SHOWN
        ],
        "language": [(code, words.language(code)) for code in words.LANGUAGES],
        "intent": [
            (one.value, f"{one.words} ({counted.by_intent.get(one.value, 0):,})")
            for one in review_views.intents([*intents], ())
        ],
    }


def opened_values(found: Shown, intents: Sequence[str], zone: ZoneInfo) -> dict[str, Any] | None:
    """Return what the page shows of the message that is open."""
    opened = found.opened
    if opened is None:
        return None
    context, item = opened.context, opened.context.item
    read = context.understood
    after = next_in(found.listed, opened.id)
    return {
        "id": opened.id,
        "item": item,
        "labels": review_views.labels(item.reasons if opened.decision is None
                                      else opened.decision.reasons),
        "guesses": review_views.guesses(read, item),
        "reading": review_views.reading(read),
        "hint": item.hint,
        "hint_words": intent_words.intent(item.hint) if item.hint else "",
        "said": review_views.surrounding(
            context.said, {item.seq: read} if read else {}, zone
        ),
        "case_number": context.case_number,
        "members": review_views.members(opened.members, zone),
        "size": opened.size,
        "unlisted": max(0, opened.size - len(opened.members)),
        "last": opened.newest,
        "next": "" if after is None else str(after),
        "intents": review_views.intents([*intents], _likely(opened)),
        "likely": len(set(_likely(opened)) & {*intents}),
        "categories": review_views.categories(read.secondary if read else ()),
        "flags": review_views.flags(sorted(read.flags) if read else ()),
        "read_secondary": " ".join(read.secondary) if read else "",
        "read_flags": " ".join(sorted(read.flags)) if read else "",
        "decision": opened.decision,
        "decided": (
            review_views.decided_words(opened.decision, found.names) if opened.decision else ""
        ),
        "details": review_views.details_of(opened.decision) if opened.decision else [],
        "is_mine": bool(opened.decision and found.last and opened.decision.id == found.last.id),
        "can_teach": bool(opened.decision and opened.decision.can_teach),
    }  # fmt: skip


def _likely(opened: Opened) -> list[str]:
    """Return the intents that are offered first: what it turned out to be, then the guesses."""
    context = opened.context
    guesses = guesses_of(context.understood.parse) if context.understood else ()
    return [*dict.fromkeys([context.item.hint, *(one.intent for one in guesses[:4])])]
