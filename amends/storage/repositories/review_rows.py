"""From the rows of the review queue to plain values, and back."""

from collections.abc import Iterable
from typing import Any

from amends.storage.tables.reviews import ReviewDecisionRow, ReviewGroupRow, ReviewRow
from amends.training.review.model import (
    Decision,
    Found,
    Group,
    Item,
    Member,
    Reason,
    Verdict,
    in_order,
)


def reasons_text(reasons: Iterable[Reason]) -> str:
    """Return reasons as they are kept, so that one of them is found by ` name `."""
    names = " ".join(one.value for one in in_order({*reasons}))
    return f" {names} "


def read_reasons(text: str) -> tuple[Reason, ...]:
    """Return kept reasons; one that a later version wrote is left out."""
    known = {one.value for one in Reason}
    return in_order({Reason(name) for name in text.split() if name in known})


def found_values(found: Found) -> dict[str, Any]:
    return {
        "at": found.at,
        "language": found.language,
        "intent": found.intent,
        "confidence": found.confidence,
        "reasons": reasons_text(found.reasons),
        "rank": found.rank,
        "hint": found.hint,
    }


def to_member(row: ReviewRow) -> Member:
    return Member(row.id, row.conversation_id, row.at, row.intent, read_reasons(row.reasons))


def to_item(row: ReviewRow, text: str) -> Item:
    return Item(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        at=row.at,
        language=row.language,
        intent=row.intent,
        confidence=row.confidence,
        reasons=read_reasons(row.reasons),
        hint=row.hint,
        group_id=row.group_id,
        decision_id=row.decision_id,
        text=text,
    )


def to_group(row: ReviewGroupRow, leader: Item) -> Group:
    return Group(row.id, row.rank, row.size, read_reasons(row.reasons), row.last_at, leader)


def decision_values(decision: Decision) -> dict[str, Any]:
    verdict = decision.verdict
    return {
        "at": decision.at,
        "by": decision.by,
        "kind": verdict.kind,
        "intent": verdict.intent,
        "secondary": None if verdict.secondary is None else list(verdict.secondary),
        "flags": None if verdict.flags is None else list(verdict.flags),
        "read_as": decision.read_as,
        "language": decision.language,
        "reasons": reasons_text(decision.reasons),
        "size": decision.size,
        "leader_id": decision.leader_id,
    }


def to_decision(row: ReviewDecisionRow) -> Decision:
    return Decision(
        id=row.id,
        at=row.at,
        by=row.by,
        verdict=Verdict(
            row.kind,
            row.intent,
            None if row.secondary is None else tuple(row.secondary),
            None if row.flags is None else tuple(row.flags),
        ),
        read_as=row.read_as,
        language=row.language,
        reasons=read_reasons(row.reasons),
        size=row.size,
        leader_id=row.leader_id,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
        example_at=row.example_at,
    )
