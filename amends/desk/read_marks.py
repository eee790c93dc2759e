"""Up to which moment each person has read each chat; kept while this process runs."""

from datetime import datetime

MOST_MARKS = 20_000


class ReadMarks:
    def __init__(self) -> None:
        self._read_to: dict[tuple[str, str], datetime] = {}

    def read(self, staff_id: str, conversation_id: str, said_at: datetime | None) -> None:
        """Note that the customer's words up to this moment were shown to this person."""
        if said_at is None:
            return
        self._read_to[staff_id, conversation_id] = said_at
        while len(self._read_to) > MOST_MARKS:
            del self._read_to[next(iter(self._read_to))]

    def is_unread(self, staff_id: str, conversation_id: str, said_at: datetime | None) -> bool:
        if said_at is None:
            return False
        read_to = self._read_to.get((staff_id, conversation_id))
        return read_to is None or said_at > read_to
