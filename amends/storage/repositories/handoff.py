"""Handoffs: who waits for a person, and who has which chat."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, literal_column, or_, select, text, update

from amends.handoff.model import Handoff, HandoffState
from amends.storage.errors import MissingRow
from amends.storage.repositories.base import Lookup, Repository
from amends.storage.repositories.rows import to_handoff
from amends.storage.tables.handoff import HandoffRow

_OF_CONVERSATION = Lookup(HandoffRow, "conversation_id", order_by=["requested_at", "id"])
_OPEN_OF_CONVERSATION = Lookup(HandoffRow, "conversation_id", where=text("state != 'ended'"))

# Written out rather than bound, so that both databases use the partial indexes.
_IS_WAITING = HandoffRow.state == literal_column("'waiting'")
_IS_CLAIMED = HandoffRow.state == literal_column("'claimed'")
_IS_RETURNED = HandoffRow.outcome == literal_column("'returned_to_bot'")


class SqlHandoffs(Repository):
    def add(self, handoff: Handoff) -> None:
        """Store a request for a person.

        Raises:
            Conflict: the conversation has a handoff that has not ended.
        """
        self._insert(HandoffRow, {"id": handoff.id, **_values(handoff)})

    def get(self, handoff_id: str) -> Handoff | None:
        row = self._first(select(HandoffRow).where(HandoffRow.id == handoff_id))
        return None if row is None else to_handoff(row)

    def open_of(self, conversation_id: str) -> Handoff | None:
        row = self._found_first(_OPEN_OF_CONVERSATION, conversation_id=conversation_id)
        return None if row is None else to_handoff(row)

    def of_conversation(self, conversation_id: str) -> Sequence[Handoff]:
        rows = self._found(_OF_CONVERSATION, conversation_id=conversation_id)
        return [to_handoff(row) for row in rows]

    def save(self, handoff: Handoff) -> None:
        met = self._change(
            update(HandoffRow).where(HandoffRow.id == handoff.id).values(_values(handoff))
        )
        if not met:
            raise MissingRow("handoffs", handoff.id)

    def claim(self, handoff_id: str, staff_id: str, at: datetime) -> bool:
        """Claim a waiting handoff; False when somebody else was first."""
        met = self._change(
            update(HandoffRow)
            .where(HandoffRow.id == handoff_id, HandoffRow.state == HandoffState.WAITING)
            .values(state=HandoffState.CLAIMED, claimed_by=staff_id, claimed_at=at)
        )
        return met == 1

    def waiting(self, limit: int = 200) -> Sequence[Handoff]:
        rows = self._all(
            select(HandoffRow)
            .where(_IS_WAITING)
            .order_by(HandoffRow.priority, HandoffRow.requested_at, HandoffRow.id)
            .limit(limit)
        )
        return [to_handoff(row) for row in rows]

    def ahead(self, handoff: Handoff) -> int:
        """Count who waits before this one; it need not be stored yet."""
        sooner = or_(
            HandoffRow.requested_at < handoff.requested_at,
            and_(HandoffRow.requested_at == handoff.requested_at, HandoffRow.id < handoff.id),
        )
        found = self._session.scalar(
            select(func.count())
            .select_from(HandoffRow)
            .where(
                _IS_WAITING,
                HandoffRow.priority <= handoff.priority,
                or_(HandoffRow.priority < handoff.priority, sooner),
            )
        )
        return found or 0

    def untold(self, now: datetime) -> Sequence[Handoff]:
        """Waiting handoffs whose customer is to be told that the answer is late, longest first."""
        late = and_(HandoffRow.answer_due_at <= now, HandoffRow.late_told_at.is_(None))
        too_late = and_(HandoffRow.limit_due_at <= now, HandoffRow.limit_told_at.is_(None))
        rows = self._all(
            select(HandoffRow)
            .where(_IS_WAITING, or_(late, too_late))
            .order_by(HandoffRow.requested_at, HandoffRow.id)
        )
        return [to_handoff(row) for row in rows]

    def claimed(self) -> Sequence[Handoff]:
        """Chats that anybody answers now, oldest claim first."""
        rows = self._all(
            select(HandoffRow).where(_IS_CLAIMED).order_by(HandoffRow.claimed_at, HandoffRow.id)
        )
        return [to_handoff(row) for row in rows]

    def claimed_since(self, since: datetime, limit: int = 200) -> Sequence[Handoff]:
        """Chats whose latest claim is not older, also those that have ended; latest claim first."""
        rows = self._all(
            select(HandoffRow)
            .where(HandoffRow.claimed_at >= since)
            .order_by(HandoffRow.claimed_at.desc(), HandoffRow.id)
            .limit(limit)
        )
        return [to_handoff(row) for row in rows]

    def claimed_by(self, staff_id: str) -> Sequence[Handoff]:
        """Chats this person answers now, oldest claim first."""
        rows = self._all(
            select(HandoffRow)
            .where(_IS_CLAIMED, HandoffRow.claimed_by == staff_id)
            .order_by(HandoffRow.claimed_at, HandoffRow.id)
        )
        return [to_handoff(row) for row in rows]

    def returned_since(self, since: datetime, limit: int = 200) -> Sequence[Handoff]:
        """Handoffs that ended by giving the chat to the assistant, latest first."""
        rows = self._all(
            select(HandoffRow)
            .where(_IS_RETURNED, HandoffRow.ended_at >= since)
            .order_by(HandoffRow.ended_at.desc())
            .limit(limit)
        )
        return [to_handoff(row) for row in rows]


def _values(handoff: Handoff) -> dict[str, Any]:
    passing = handoff.passing
    return {
        "conversation_id": handoff.conversation_id,
        "case_id": handoff.case_id,
        "state": handoff.state,
        "priority": handoff.priority,
        "reasons": list(handoff.reasons),
        "requested_at": handoff.requested_at,
        "answer_due_at": handoff.answer_due_at,
        "limit_due_at": handoff.limit_due_at,
        "claimed_by": handoff.claimed_by,
        "claimed_at": handoff.claimed_at,
        "first_answer_at": handoff.first_answer_at,
        "ended_at": handoff.ended_at,
        "outcome": handoff.outcome,
        "contact_channel": handoff.contact.channel if handoff.contact else None,
        "contact_address": handoff.contact.address if handoff.contact else None,
        "late_told_at": handoff.late_told_at,
        "limit_told_at": handoff.limit_told_at,
        "taken_from": handoff.taken_from,
        "taken_at": handoff.taken_at,
        "passed_note": passing.note if passing else None,
        "passed_at": passing.at if passing else None,
        "passed_until": passing.until if passing else None,
        "passed_to": passing.to if passing else None,
        "passed_language": passing.language if passing else None,
        "passed_skill": passing.skill if passing else None,
        "was_needed": handoff.was_needed,
    }
