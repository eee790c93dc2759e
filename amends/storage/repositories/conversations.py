"""The message log."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, func, literal_column, select, update
from sqlalchemy.orm import aliased

from amends.conversations.errors import UnknownConversation
from amends.conversations.model import (
    Choice,
    Conversation,
    ConversationId,
    Delivery,
    Draft,
    Message,
    Mode,
    Role,
    Seq,
)
from amends.storage.errors import MissingRow
from amends.storage.repositories.base import Repository
from amends.storage.repositories.message_values import choice_values, message_values
from amends.storage.repositories.rows import (
    to_choice,
    to_conversation,
    to_message,
)
from amends.storage.tables.conversations import (
    ChoiceRow,
    ConversationRow,
    MessageRow,
)


class SqlConversations(Repository):
    def add(self, conversation: Conversation, token_hash: str) -> None:
        self._insert(
            ConversationRow,
            {
                "id": conversation.id,
                "token_hash": token_hash,
                "mode": conversation.mode,
                "language": conversation.language,
                "visit": conversation.visit,
                "last_seq": conversation.last_seq,
                "created_at": conversation.created_at,
                "changed_at": conversation.created_at,
                "customer_id": conversation.customer_id,
                "staff_id": conversation.staff_id,
                "last_customer_at": conversation.last_customer_at,
                "closed_at": conversation.closed_at,
                "page": conversation.page,
            },
        )

    def get(self, conversation_id: str) -> Conversation | None:
        row = self._first(select(ConversationRow).where(ConversationRow.id == conversation_id))
        return None if row is None else to_conversation(row)

    def get_by_token(self, conversation_id: str, token_hash: str) -> Conversation | None:
        row = self._first(
            select(ConversationRow).where(
                ConversationRow.id == conversation_id, ConversationRow.token_hash == token_hash
            )
        )
        return None if row is None else to_conversation(row)

    def lock(self, conversation_id: str) -> Conversation:
        """Read for a change; SQLite's writer holds the whole file already.

        Raises:
            UnknownConversation: there is none of this id.
        """
        row = self._first(
            select(ConversationRow).where(ConversationRow.id == conversation_id).with_for_update()
        )
        if row is None:
            raise UnknownConversation(conversation_id)
        return to_conversation(row)

    def set_mode(
        self, conversation_id: str, mode: Mode, *, at: datetime, staff_id: str | None = None
    ) -> None:
        closed_at = at if mode is Mode.CLOSED else None
        self._change_conversation(
            conversation_id,
            _conversation(conversation_id).values(
                mode=mode, staff_id=staff_id, closed_at=closed_at, changed_at=at
            ),
        )

    def start_visit(self, conversation_id: str, at: datetime) -> None:
        self._change_conversation(
            conversation_id,
            _conversation(conversation_id).values(
                mode=Mode.BOT,
                visit=ConversationRow.visit + 1,
                staff_id=None,
                closed_at=None,
                changed_at=at,
            ),
        )

    def set_customer(self, conversation_id: str, customer_id: str) -> None:
        self._change_conversation(
            conversation_id, _conversation(conversation_id).values(customer_id=customer_id)
        )

    def append(
        self,
        conversation_id: str,
        draft: Draft,
        at: datetime,
        *,
        client_message_id: str | None = None,
        payload: str | None = None,
        delivery: Delivery | None = None,
    ) -> Message:
        """Add the message under the next seq; a customer's message is pending unless said.

        Raises:
            UnknownConversation: there is none of this id.
            Conflict: the client message id or a choice id is taken in this conversation.
        """
        from_customer = draft.role is Role.CUSTOMER
        if from_customer and delivery is None:
            delivery = Delivery.PENDING
        message = Message(
            conversation_id=ConversationId(conversation_id),
            seq=self._take_seq(conversation_id, at, from_customer=from_customer),
            role=draft.role,
            text=draft.text,
            at=at,
            client_message_id=client_message_id,
            payload=payload,
            choices=draft.choices,
            card=draft.card,
            in_reply_to=draft.in_reply_to,
            author=draft.author,
            delivery=delivery,
        )
        self._insert(MessageRow, message_values(message))
        self._insert(ChoiceRow, *choice_values(message))
        return message

    def by_client_id(self, conversation_id: str, client_message_id: str) -> Message | None:
        return self._message(
            _messages(conversation_id).where(MessageRow.client_message_id == client_message_id)
        )

    def message(self, conversation_id: str, seq: int) -> Message | None:
        return self._message(_messages(conversation_id).where(MessageRow.seq == seq))

    def after(self, conversation_id: str, seq: int, limit: int = 500) -> Sequence[Message]:
        return self._messages(_messages(conversation_id).where(MessageRow.seq > seq).limit(limit))

    def replies_to(self, conversation_id: str, seq: int) -> Sequence[Message]:
        return self._messages(_messages(conversation_id).where(MessageRow.in_reply_to == seq))

    def next_pending(self, conversation_id: str) -> Message | None:
        return self._message(_messages(conversation_id).where(_is_pending(MessageRow)).limit(1))

    def pending_ids(self, due_before: datetime) -> Sequence[ConversationId]:
        """Conversations whose oldest pending message may be tried now, longest due first."""
        earlier = aliased(MessageRow)
        has_earlier = (
            select(earlier.seq)
            .where(
                earlier.conversation_id == MessageRow.conversation_id,
                earlier.seq < MessageRow.seq,
                _is_pending(earlier),
            )
            .exists()
        )
        found = self._session.scalars(
            select(MessageRow.conversation_id)
            .where(_is_pending(MessageRow), MessageRow.not_before <= due_before, ~has_earlier)
            .order_by(MessageRow.not_before, MessageRow.conversation_id)
        )
        return [ConversationId(conversation_id) for conversation_id in found]

    def set_delivery(self, conversation_id: str, seq: int, delivery: Delivery) -> None:
        met = self._change(_message(conversation_id, seq).values(delivery=delivery))
        if not met:
            raise MissingRow("messages", f"{conversation_id}/{seq}")

    def count_attempt(self, conversation_id: str, seq: int, not_before: datetime) -> int:
        """Count one attempt at answering, put the next off, and return how many there were."""
        attempts = self._session.scalar(
            _message(conversation_id, seq)
            .values(attempts=MessageRow.attempts + 1, not_before=not_before)
            .returning(MessageRow.attempts),
            execution_options={"synchronize_session": False},
        )
        if attempts is None:
            raise MissingRow("messages", f"{conversation_id}/{seq}")
        return attempts

    def choice(self, conversation_id: str, choice_id: str) -> tuple[Choice, Seq] | None:
        row = self._first(
            select(ChoiceRow).where(
                ChoiceRow.conversation_id == conversation_id, ChoiceRow.id == choice_id
            )
        )
        return None if row is None else (to_choice(row), Seq(row.seq))

    def last_choices_seq(self, conversation_id: str) -> Seq | None:
        seq = self._session.scalar(
            select(func.max(ChoiceRow.seq)).where(ChoiceRow.conversation_id == conversation_id)
        )
        return None if seq is None else Seq(seq)

    def changed_since(self, at: datetime) -> Sequence[tuple[ConversationId, int, Mode]]:
        """Conversations touched at or after `at`, oldest change first.

        A change carries the time its writer read before committing. Whoever polls looks back a
        little further than the last poll, and compares seq and mode with what is known.
        """
        found = self._session.execute(
            select(ConversationRow.id, ConversationRow.last_seq, ConversationRow.mode)
            .where(ConversationRow.changed_at >= at)
            .order_by(ConversationRow.changed_at)
        )
        return [(ConversationId(row.id), row.last_seq, row.mode) for row in found]

    def silent_between(
        self, start: datetime, end: datetime, limit: int = 200
    ) -> Sequence[ConversationId]:
        found = self._session.scalars(
            select(ConversationRow.id)
            .where(
                ConversationRow.mode == Mode.BOT,
                ConversationRow.changed_at >= start,
                ConversationRow.changed_at < end,
            )
            .order_by(ConversationRow.changed_at)
            .limit(limit)
        )
        return [ConversationId(row) for row in found]

    def _take_seq(self, conversation_id: str, at: datetime, *, from_customer: bool) -> Seq:
        values: dict[str, Any] = {"last_seq": ConversationRow.last_seq + 1, "changed_at": at}
        if from_customer:
            values["last_customer_at"] = at
        seq = self._session.scalar(
            _conversation(conversation_id).values(values).returning(ConversationRow.last_seq),
            execution_options={"synchronize_session": False},
        )
        if seq is None:
            raise UnknownConversation(conversation_id)
        return Seq(seq)

    def _change_conversation(self, conversation_id: str, statement: Update) -> None:
        if not self._change(statement):
            raise UnknownConversation(conversation_id)

    def _message(self, query: Select[tuple[MessageRow]]) -> Message | None:
        return next(iter(self._messages(query)), None)

    def _messages(self, query: Select[tuple[MessageRow]]) -> Sequence[Message]:
        rows = self._all(query)
        choices = self._choices_of(rows)
        return [to_message(row, choices[row.seq]) for row in rows]

    def _choices_of(self, rows: Sequence[MessageRow]) -> dict[int, list[ChoiceRow]]:
        """Choices by seq; customers offer none, so their messages cost no second query."""
        found: dict[int, list[ChoiceRow]] = defaultdict(list)
        ours = [row for row in rows if row.role is not Role.CUSTOMER]
        if not ours:
            return found
        query = (
            select(ChoiceRow)
            .where(
                ChoiceRow.conversation_id == ours[0].conversation_id,
                ChoiceRow.seq.between(ours[0].seq, ours[-1].seq),
            )
            .order_by(ChoiceRow.seq, ChoiceRow.position)
        )
        for choice in self._all(query):
            found[choice.seq].append(choice)
        return found


def _conversation(conversation_id: str) -> Update:
    return update(ConversationRow).where(ConversationRow.id == conversation_id)


def _message(conversation_id: str, seq: int) -> Update:
    return update(MessageRow).where(
        MessageRow.conversation_id == conversation_id, MessageRow.seq == seq
    )


def _messages(conversation_id: str) -> Select[tuple[MessageRow]]:
    return (
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation_id)
        .order_by(MessageRow.seq)
    )


def _is_pending(row: type[MessageRow]) -> ColumnElement[bool]:
    """Written out rather than bound, so that both databases use the partial index."""
    return row.delivery == literal_column("'pending'")
