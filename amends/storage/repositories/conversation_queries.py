"""Which rows of conversations and messages a statement is about."""

from sqlalchemy import ColumnElement, Select, Update, literal_column, select, update

from amends.storage.tables.conversations import ConversationRow, MessageRow


def of_conversation(conversation_id: str) -> Update:
    return update(ConversationRow).where(ConversationRow.id == conversation_id)


def of_message(conversation_id: str, seq: int) -> Update:
    return update(MessageRow).where(
        MessageRow.conversation_id == conversation_id, MessageRow.seq == seq
    )


def messages_of(conversation_id: str) -> Select[tuple[MessageRow]]:
    return (
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation_id)
        .order_by(MessageRow.seq)
    )


def is_pending(row: type[MessageRow]) -> ColumnElement[bool]:
    """Written out rather than bound, so that both databases use the partial index."""
    return row.delivery == literal_column("'pending'")
