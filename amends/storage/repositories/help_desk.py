"""How conversations stand in a help desk of the company's own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, select, union

from amends.handoff.help_desk import BRIDGE, ChatState, HelpDeskChat
from amends.handoff.model import HandoffState
from amends.storage.repositories.base import Lookup, Repository
from amends.storage.tables.conversations import ConversationRow
from amends.storage.tables.handoff import HandoffRow
from amends.storage.tables.help_desk import IS_NOT_CLOSED, HelpDeskChatRow

_CHAT = Lookup(HelpDeskChatRow, "conversation_id")
IS_NOT_ENDED: ColumnElement[bool] = literal_column("handoffs.state <> 'ended'")
"""Written out rather than bound, so that both databases use the partial index."""


class SqlHelpDeskChats(Repository):
    """Implements the HelpDeskChats port of the handoff room."""

    def get(self, conversation_id: str) -> HelpDeskChat | None:
        row = self._found_first(_CHAT, conversation_id=conversation_id)
        return None if row is None else _to_chat(row)

    def save(self, chat: HelpDeskChat) -> None:
        """Add the chat, or overwrite it."""
        self._put(
            HelpDeskChatRow,
            ["conversation_id"],
            {
                "conversation_id": chat.conversation_id,
                "handoff_id": chat.handoff_id,
                "state": chat.state,
                "rounds": chat.rounds,
                "sent_seq": chat.sent_seq,
                "next_at": chat.next_at,
                "tries": chat.tries,
                "external_id": chat.external_id,
                "closed_at": chat.closed_at,
                "last_error": chat.last_error,
            },
        )

    def due(self, now: datetime, limit: int = 200) -> Sequence[str]:
        """Conversations of which the help desk is to be told something now.

        The same as `turn_of` says of each, asked of all of them at once.
        """
        chat, handoff = HelpDeskChatRow, HandoffRow
        is_wanted = and_(
            IS_NOT_ENDED,
            or_(handoff.state == HandoffState.WAITING, handoff.claimed_by == BRIDGE.id),
        )
        wanted = (
            select(handoff.conversation_id)
            .join(ConversationRow, ConversationRow.id == handoff.conversation_id)
            .outerjoin(chat, chat.conversation_id == handoff.conversation_id)
            .where(
                is_wanted,
                or_(chat.next_at.is_(None), chat.next_at <= now),
                or_(
                    chat.state.is_(None),
                    chat.state != ChatState.OPEN,
                    chat.handoff_id != handoff.id,
                    chat.sent_seq < ConversationRow.last_seq,
                ),
            )
        )
        unwanted = select(chat.conversation_id).where(
            IS_NOT_CLOSED,
            chat.next_at <= now,
            ~exists().where(handoff.conversation_id == chat.conversation_id, is_wanted),
        )
        return self._session.scalars(union(wanted, unwanted).limit(limit)).all()


def _to_chat(row: HelpDeskChatRow) -> HelpDeskChat:
    return HelpDeskChat(
        conversation_id=row.conversation_id,
        handoff_id=row.handoff_id,
        state=row.state,
        rounds=row.rounds,
        sent_seq=row.sent_seq,
        next_at=row.next_at,
        tries=row.tries,
        external_id=row.external_id,
        closed_at=row.closed_at,
        last_error=row.last_error,
    )
