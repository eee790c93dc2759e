"""Internal notes of chats, and who listens in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from amends.handoff.model import Note
from amends.storage.repositories.base import Lookup, Repository, table_of
from amends.storage.tables.chat_work import ListenerRow, NoteRow

_OF_CONVERSATION = Lookup(NoteRow, "conversation_id", order_by=["id"])


class SqlNotes(Repository):
    """Implements the Notes port of the handoff room."""

    def add(
        self, conversation_id: str, after_seq: int, author_id: str, text: str, at: datetime
    ) -> Note:
        """Store a note.

        Raises:
            Conflict: it says nothing, or there is no such conversation or person.
        """
        values = {
            "conversation_id": conversation_id,
            "after_seq": after_seq,
            "author_id": author_id,
            "text": text,
            "at": at,
        }
        statement = insert(NoteRow).values(values).returning(NoteRow.id)
        written = self._refusing(table_of(NoteRow), statement, None)
        return Note(written.scalar_one(), conversation_id, after_seq, at, author_id, text)

    def of_conversation(self, conversation_id: str) -> Sequence[Note]:
        rows = self._found(_OF_CONVERSATION, conversation_id=conversation_id)
        return [to_note(row) for row in rows]

    def since(self, at: datetime) -> Sequence[Note]:
        rows = self._all(select(NoteRow).where(NoteRow.at >= at).order_by(NoteRow.at, NoteRow.id))
        return [to_note(row) for row in rows]


class SqlListeners(Repository):
    """Implements the Listeners port of the handoff room."""

    def put(self, handoff_id: str, staff_id: str, until: datetime) -> None:
        values = {"handoff_id": handoff_id, "staff_id": staff_id, "until": until}
        self._put(ListenerRow, ["handoff_id", "staff_id"], values)

    def remove(self, handoff_id: str, staff_id: str) -> None:
        self._change(
            delete(ListenerRow).where(
                ListenerRow.handoff_id == handoff_id, ListenerRow.staff_id == staff_id
            )
        )

    def all(self, now: datetime) -> Sequence[tuple[str, str]]:
        rows = self._session.execute(
            select(ListenerRow.handoff_id, ListenerRow.staff_id).where(ListenerRow.until > now)
        )
        return sorted((row.handoff_id, row.staff_id) for row in rows)


def to_note(row: NoteRow) -> Note:
    return Note(row.id, row.conversation_id, row.after_seq, row.at, row.author_id, row.text)
