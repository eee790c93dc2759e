"""What the engine understood of a message, and what its actions answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, null, select

from amends.conversations.model import Seq, Understanding
from amends.storage.repositories.base import Lookup, Repository, table_of
from amends.storage.repositories.rows import to_understanding
from amends.storage.tables.conversations import ActionRunRow, UnderstandingRow

_OF_MESSAGE = Lookup(UnderstandingRow, "conversation_id", "seq")
_OF_CONVERSATION = Lookup(UnderstandingRow, "conversation_id", order_by=["seq"])
_TABLE = table_of(UnderstandingRow)
_BRIEF = (
    select(*(c for c in _TABLE.c if c.name != "parse"), null().label("parse"))
    .where(_TABLE.c.conversation_id == bindparam("conversation"))
    .order_by(_TABLE.c.seq)
)
_RUN = Lookup(ActionRunRow, "key")


class SqlUnderstandings(Repository):
    def add(self, conversation_id: str, seq: int, found: Understanding, at: datetime) -> None:
        """Store what the engine understood; a message understood again keeps the latest."""
        values = {
            "conversation_id": conversation_id,
            "seq": seq,
            "at": at,
            "intent": found.intent,
            "confidence": found.confidence,
            "complaint": found.complaint,
            "category": found.category,
            "secondary": list(found.secondary),
            "sentiment": found.sentiment,
            "sentiment_label": found.sentiment_label,
            "flags": sorted(found.flags),
            "severity": found.severity,
            "waiting_hours": found.waiting_hours,
            "language": found.language,
            "parse": found.parse,
        }
        self._put(UnderstandingRow, ["conversation_id", "seq"], values)

    def get(self, conversation_id: str, seq: int) -> Understanding | None:
        row = self._found_first(_OF_MESSAGE, conversation_id=conversation_id, seq=seq)
        return None if row is None else to_understanding(row)

    def of_conversation(self, conversation_id: str) -> Sequence[tuple[Seq, Understanding]]:
        rows = self._found(_OF_CONVERSATION, conversation_id=conversation_id)
        return [(Seq(row.seq), to_understanding(row)) for row in rows]

    def without_parse(self, conversation_id: str) -> Sequence[tuple[Seq, Understanding]]:
        """As `of_conversation`, without what the engine returned beside: each turn asks for it."""
        rows = self._session.execute(_BRIEF, {"conversation": conversation_id}).all()
        return [(Seq(row.seq), to_understanding(cast(UnderstandingRow, row))) for row in rows]


class SqlActionRuns(Repository):
    def get(self, key: str) -> dict[str, Any] | None:
        row = self._found_first(_RUN, key=key)
        return None if row is None else row.result

    def add(self, key: str, result: dict[str, Any], at: datetime) -> None:
        """Store the result with what the action did.

        Raises:
            Conflict: the key has one already. Then what this transaction did was done before:
                roll back and answer with the stored result.
        """
        self._insert(ActionRunRow, {"key": key, "result": result, "at": at})
