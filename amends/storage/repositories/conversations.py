"""The message log."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import (
    Update,
    bindparam,
    func,
    select,
    update,
)
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
from amends.storage.base import UtcDateTime
from amends.storage.changed import note_change
from amends.storage.errors import MissingRow
from amends.storage.repositories.base import Lookup, Repository, table_of
from amends.storage.repositories.conversation_queries import (
    is_pending,
    messages_of,
    of_conversation,
    of_message,
)
from amends.storage.repositories.message_values import choice_values, message_values
from amends.storage.repositories.rows import (
    to_choice,
    to_conversation,
    to_message,
)
from amends.storage.tables.conversations import (
    IS_PENDING,
    ChoiceRow,
    ConversationRow,
    MessageRow,
)

_BY_ID = Lookup(ConversationRow, "id")
_BY_ID_FOR_CHANGE = Lookup(ConversationRow, "id", for_update=True)
_BY_TOKEN = Lookup(ConversationRow, "id", "token_hash")
_MESSAGE = Lookup(MessageRow, "conversation_id", "seq")
_BY_CLIENT_ID = Lookup(MessageRow, "conversation_id", "client_message_id")
_REPLIES = Lookup(MessageRow, "conversation_id", "in_reply_to", order_by=["seq"])
_PENDING = Lookup(MessageRow, "conversation_id", where=IS_PENDING, order_by=["seq"])
_CHOICE = Lookup(ChoiceRow, "conversation_id", "id")

_conversations, _choices = table_of(ConversationRow), table_of(ChoiceRow)
_NEXT_SEQ = (
    update(_conversations)
    .where(_conversations.c.id == bindparam("of"))
    .values(
        last_seq=_conversations.c.last_seq + 1,
        changed_at=bindparam("now"),
        last_customer_at=func.coalesce(
            bindparam("from_customer_at", type_=UtcDateTime()), _conversations.c.last_customer_at
        ),
    )
    .returning(_conversations.c.last_seq)
)
_CHOICES_BETWEEN = (
    select(_choices)
    .where(
        _choices.c.conversation_id == bindparam("of"),
        _choices.c.seq.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_choices.c.seq, _choices.c.position)
)
_LAST_CHOICES = select(func.max(_choices.c.seq)).where(
    _choices.c.conversation_id == bindparam("of")
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
        row = self._found_first(_BY_ID, id=conversation_id)
        return None if row is None else to_conversation(row)

    def get_by_token(self, conversation_id: str, token_hash: str) -> Conversation | None:
        row = self._found_first(_BY_TOKEN, id=conversation_id, token_hash=token_hash)
        return None if row is None else to_conversation(row)

    def lock(self, conversation_id: str) -> Conversation:
        """Read for a change; SQLite's writer holds the whole file already.

        Raises:
            UnknownConversation: there is none of this id.
        """
        row = self._found_first(_BY_ID_FOR_CHANGE, id=conversation_id)
        if row is None:
            raise UnknownConversation(conversation_id)
        return to_conversation(row)

    def set_mode(
        self, conversation_id: str, mode: Mode, *, at: datetime, staff_id: str | None = None
    ) -> None:
        closed_at = at if mode is Mode.CLOSED else None
        self._change_conversation(
            conversation_id,
            of_conversation(conversation_id).values(
                mode=mode, staff_id=staff_id, closed_at=closed_at, changed_at=at
            ),
        )

    def start_visit(self, conversation_id: str, at: datetime) -> None:
        self._change_conversation(
            conversation_id,
            of_conversation(conversation_id).values(
                mode=Mode.BOT,
                visit=ConversationRow.visit + 1,
                staff_id=None,
                closed_at=None,
                changed_at=at,
            ),
        )

    def set_customer(self, conversation_id: str, customer_id: str) -> None:
        self._change_conversation(
            conversation_id, of_conversation(conversation_id).values(customer_id=customer_id)
        )

    def set_language(self, conversation_id: str, language: str) -> None:
        self._change_conversation(
            conversation_id, of_conversation(conversation_id).values(language=language)
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
        rows = self._found(
            _BY_CLIENT_ID, conversation_id=conversation_id, client_message_id=client_message_id
        )
        return self._first_message(rows)

    def message(self, conversation_id: str, seq: int) -> Message | None:
        return self._first_message(self._found(_MESSAGE, conversation_id=conversation_id, seq=seq))

    def after(self, conversation_id: str, seq: int, limit: int = 500) -> Sequence[Message]:
        return self._messages(
            self._all(messages_of(conversation_id).where(MessageRow.seq > seq).limit(limit))
        )

    def replies_to(self, conversation_id: str, seq: int) -> Sequence[Message]:
        return self._messages(
            self._found(_REPLIES, conversation_id=conversation_id, in_reply_to=seq)
        )

    def next_pending(self, conversation_id: str) -> Message | None:
        # All of them: there are rarely two, and a limit would be one more thing to bind.
        return self._first_message(self._found(_PENDING, conversation_id=conversation_id)[:1])

    def pending_ids(self, due_before: datetime) -> Sequence[ConversationId]:
        """Conversations whose oldest pending message may be tried now, longest due first."""
        earlier = aliased(MessageRow)
        has_earlier = (
            select(earlier.seq)
            .where(
                earlier.conversation_id == MessageRow.conversation_id,
                earlier.seq < MessageRow.seq,
                is_pending(earlier),
            )
            .exists()
        )
        found = self._session.scalars(
            select(MessageRow.conversation_id)
            .where(is_pending(MessageRow), MessageRow.not_before <= due_before, ~has_earlier)
            .order_by(MessageRow.not_before, MessageRow.conversation_id)
        )
        return [ConversationId(conversation_id) for conversation_id in found]

    def set_delivery(self, conversation_id: str, seq: int, delivery: Delivery) -> None:
        met = self._change(of_message(conversation_id, seq).values(delivery=delivery))
        if not met:
            raise MissingRow("messages", f"{conversation_id}/{seq}")
        note_change(self._session, conversation_id)

    def count_attempt(self, conversation_id: str, seq: int, not_before: datetime) -> int:
        """Count one attempt at answering, put the next off, and return how many there were."""
        attempts = self._session.scalar(
            of_message(conversation_id, seq)
            .values(attempts=MessageRow.attempts + 1, not_before=not_before)
            .returning(MessageRow.attempts),
            execution_options={"synchronize_session": False},
        )
        if attempts is None:
            raise MissingRow("messages", f"{conversation_id}/{seq}")
        return attempts

    def choice(self, conversation_id: str, choice_id: str) -> tuple[Choice, Seq] | None:
        row = self._found_first(_CHOICE, conversation_id=conversation_id, id=choice_id)
        return None if row is None else (to_choice(row), Seq(row.seq))

    def last_choices_seq(self, conversation_id: str) -> Seq | None:
        seq = self._session.scalar(_LAST_CHOICES, {"of": conversation_id})
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

    def latest(self, limit: int) -> Sequence[Conversation]:
        rows = self._all(
            select(ConversationRow)
            .where(ConversationRow.last_customer_at.is_not(None))
            .order_by(ConversationRow.changed_at.desc())
            .limit(limit)
        )
        return [to_conversation(row) for row in rows]

    def _take_seq(self, conversation_id: str, at: datetime, *, from_customer: bool) -> Seq:
        values = {
            "of": conversation_id,
            "now": at,
            "from_customer_at": at if from_customer else None,
        }
        seq = self._session.execute(_NEXT_SEQ, values).scalar_one_or_none()
        if seq is None:
            raise UnknownConversation(conversation_id)
        note_change(self._session, conversation_id)
        return Seq(seq)

    def _change_conversation(self, conversation_id: str, statement: Update) -> None:
        if not self._change(statement):
            raise UnknownConversation(conversation_id)
        note_change(self._session, conversation_id)

    def _first_message(self, rows: Sequence[MessageRow]) -> Message | None:
        return next(iter(self._messages(rows)), None)

    def _messages(self, rows: Sequence[MessageRow]) -> Sequence[Message]:
        choices = self._choices_of(rows)
        return [to_message(row, choices[row.seq]) for row in rows]

    def _choices_of(self, rows: Sequence[MessageRow]) -> dict[int, list[ChoiceRow]]:
        """Choices by seq; customers offer none, so their messages cost no second query."""
        found: dict[int, list[ChoiceRow]] = defaultdict(list)
        ours = [row for row in rows if row.role is not Role.CUSTOMER]
        if not ours:
            return found
        values = {"of": ours[0].conversation_id, "first": ours[0].seq, "last": ours[-1].seq}
        for choice in self._session.execute(_CHOICES_BETWEEN, values):
            found[choice.seq].append(cast(ChoiceRow, choice))
        return found
