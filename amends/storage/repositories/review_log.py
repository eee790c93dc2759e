"""What the review queue reads of the log, and how far it has read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_, update

from amends.storage.repositories.base import Repository
from amends.storage.repositories.rows import to_message, to_understanding
from amends.storage.tables.conversations import (
    ChoiceRow,
    ConversationRow,
    MessageRow,
    UnderstandingRow,
)
from amends.storage.tables.handoff import HandoffRow
from amends.storage.tables.reviews import WAS_OUTDATED, ReviewCursorRow
from amends.storage.tables.satisfaction import SurveyRow
from amends.training.review.model import Cursor, Gathered, HandedOff, Mark

WINDOW = 200
"""So many of a conversation's latest messages are looked at again when it changes."""

_THE_ONE = ReviewCursorRow.id == 1


class ReviewLog(Repository):
    def cursor(self) -> Cursor | None:
        row = self._first(select(ReviewCursorRow).where(_THE_ONE))
        if row is None:
            return None
        return Cursor(Mark(row.changed_at, row.changed_id), Mark(row.outdated_at, row.outdated_id))

    def advance(self, before: Cursor | None, after: Cursor) -> bool:
        """Move the cursor on and hold it until the transaction ends; False when somebody else has
        moved it since it was read."""
        if before is None:
            made = self._insert_new(
                ReviewCursorRow, ["id"], {"id": 1, **_values(after)}, ReviewCursorRow.id
            )
            return made is not None
        unmoved = [getattr(ReviewCursorRow, name) == old for name, old in _values(before).items()]
        moved = update(ReviewCursorRow).where(_THE_ONE, *unmoved).values(_values(after))
        return self._change(moved) == 1

    def changed(self, after: Mark, before: datetime, limit: int) -> Sequence[Mark]:
        """Conversations that were written in, or passed on, behind a place, oldest first."""
        wrote = ConversationRow.last_customer_at.is_not(None)
        return self._marks(ConversationRow.changed_at, wrote, after, before, limit)

    def outdated(self, after: Mark, before: datetime, limit: int) -> Sequence[Mark]:
        """The same for those whose case, mark or rating changed without a word."""
        return self._marks(ConversationRow.outdated_at, WAS_OUTDATED, after, before, limit)

    def _marks(
        self,
        clock: Any,
        condition: ColumnElement[bool],
        after: Mark,
        before: datetime,
        limit: int,
    ) -> Sequence[Mark]:
        behind = tuple_(clock, ConversationRow.id) > (after.at, after.conversation_id)
        found = self._session.execute(
            select(clock, ConversationRow.id)
            .where(condition, clock >= after.at, clock < before, behind)
            .order_by(clock, ConversationRow.id)
            .limit(limit)
        )
        return [Mark(at, conversation_id) for at, conversation_id in found]

    def gather(self, ids: Sequence[str]) -> Mapping[str, Gathered]:
        """The latest messages of conversations, with what was read, offered, marked and rated."""
        latest = MessageRow.seq > ConversationRow.last_seq - WINDOW
        messages = self._by_conversation(MessageRow, ids, latest)
        choices = self._by_conversation(ChoiceRow, ids, ChoiceRow.payload.like("/%"))
        read = self._by_conversation(UnderstandingRow, ids)
        handoffs = self._by_conversation(HandoffRow, ids)
        surveys = self._by_conversation(SurveyRow, ids, SurveyRow.csat.is_not(None))
        return {
            one: _gathered(messages[one], choices[one], read[one], handoffs[one], surveys[one])
            for one in ids
        }

    def _by_conversation(
        self, row: Any, ids: Sequence[str], condition: ColumnElement[bool] | None = None
    ) -> defaultdict[str, list[Any]]:
        query = select(row).where(row.conversation_id.in_(ids))
        if condition is not None:
            query = query.where(condition)
        if row is MessageRow:
            query = query.join(ConversationRow, ConversationRow.id == row.conversation_id)
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for one in self._all(query):
            found[one.conversation_id].append(one)
        return found


def _gathered(
    messages: list[MessageRow],
    choices: list[ChoiceRow],
    read: list[UnderstandingRow],
    handoffs: list[HandoffRow],
    surveys: list[SurveyRow],
) -> Gathered:
    offered: defaultdict[int, list[ChoiceRow]] = defaultdict(list)
    for one in sorted(choices, key=lambda choice: choice.position):
        offered[one.seq].append(one)
    in_order = sorted(messages, key=lambda message: message.seq)
    return Gathered(
        messages=[to_message(one, offered[one.seq]) for one in in_order],
        understood={one.seq: to_understanding(one) for one in read},
        handoffs=[
            HandedOff(one.requested_at, tuple(one.reasons), one.was_needed)
            for one in sorted(handoffs, key=lambda handoff: handoff.requested_at)
        ],
        ratings=[one.csat for one in surveys if one.csat is not None],
    )


def _values(cursor: Cursor) -> dict[str, Any]:
    return {
        "changed_at": cursor.changed.at,
        "changed_id": cursor.changed.conversation_id,
        "outdated_at": cursor.outdated.at,
        "outdated_id": cursor.outdated.conversation_id,
    }
