"""The ports of the conversations room over plain dictionaries, with real transactions."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from amends.conversations.errors import UnknownConversation
from amends.conversations.model import (
    Choice,
    Conversation,
    ConversationId,
    Delivery,
    Draft,
    Message,
    Mode,
    Seq,
    Understanding,
)


@dataclass
class State:
    conversations: dict[str, Conversation] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    messages: dict[str, dict[int, Message]] = field(default_factory=dict)
    not_before: dict[tuple[str, int], datetime] = field(default_factory=dict)
    touched: dict[str, datetime] = field(default_factory=dict)
    understandings: dict[tuple[str, int], Understanding] = field(default_factory=dict)
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def copy(self) -> "State":
        copied = {name: dict(getattr(self, name)) for name in self.__dataclass_fields__}
        copied["messages"] = {cid: dict(log) for cid, log in self.messages.items()}
        return State(**copied)


class MemoryConversations:
    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, conversation: Conversation, token_hash: str) -> None:
        self._state.conversations[conversation.id] = conversation
        self._state.tokens[conversation.id] = token_hash
        self._state.messages[conversation.id] = {}

    def get(self, conversation_id: str) -> Conversation | None:
        return self._state.conversations.get(conversation_id)

    def get_by_token(self, conversation_id: str, token_hash: str) -> Conversation | None:
        if self._state.tokens.get(conversation_id) != token_hash:
            return None
        return self.get(conversation_id)

    def lock(self, conversation_id: str) -> Conversation:
        found = self.get(conversation_id)
        if found is None:
            raise UnknownConversation(conversation_id)
        return found

    def set_mode(
        self, conversation_id: str, mode: Mode, *, at: datetime, staff_id: str | None = None
    ) -> None:
        closed_at = at if mode is Mode.CLOSED else None
        self._change(conversation_id, at, mode=mode, staff_id=staff_id, closed_at=closed_at)

    def start_visit(self, conversation_id: str, at: datetime) -> None:
        visit = self.lock(conversation_id).visit + 1
        self._change(conversation_id, at, mode=Mode.BOT, visit=visit, staff_id=None)

    def set_customer(self, conversation_id: str, customer_id: str) -> None:
        self._state.conversations[conversation_id] = replace(
            self.lock(conversation_id), customer_id=customer_id
        )

    def set_language(self, conversation_id: str, language: str) -> None:
        self._state.conversations[conversation_id] = replace(
            self.lock(conversation_id), language=language
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
        seq = Seq(self.lock(conversation_id).last_seq + 1)
        message = Message(
            ConversationId(conversation_id),
            seq,
            draft.role,
            draft.text,
            at,
            client_message_id,
            payload,
            draft.choices,
            draft.card,
            draft.in_reply_to,
            draft.author,
            delivery,
        )
        self._state.messages[conversation_id][seq] = message
        self._change(conversation_id, at, last_seq=seq)
        return message

    def by_client_id(self, conversation_id: str, client_message_id: str) -> Message | None:
        return next(
            (m for m in self._log(conversation_id) if m.client_message_id == client_message_id),
            None,
        )

    def message(self, conversation_id: str, seq: int) -> Message | None:
        return self._state.messages.get(conversation_id, {}).get(seq)

    def after(self, conversation_id: str, seq: int, limit: int = 500) -> Sequence[Message]:
        return [m for m in self._log(conversation_id) if m.seq > seq][:limit]

    def replies_to(self, conversation_id: str, seq: int) -> Sequence[Message]:
        return [m for m in self._log(conversation_id) if m.in_reply_to == seq]

    def next_pending(self, conversation_id: str) -> Message | None:
        pending = (m for m in self._log(conversation_id) if m.delivery is Delivery.PENDING)
        return next(pending, None)

    def pending_ids(self, due_before: datetime) -> Sequence[ConversationId]:
        oldest = (self.next_pending(cid) for cid in self._state.conversations)
        return [
            m.conversation_id
            for m in oldest
            if m and self._state.not_before.get((m.conversation_id, m.seq), m.at) <= due_before
        ]

    def set_delivery(self, conversation_id: str, seq: int, delivery: Delivery) -> None:
        log = self._state.messages[conversation_id]
        log[seq] = replace(log[seq], delivery=delivery)

    def count_attempt(self, conversation_id: str, seq: int, not_before: datetime) -> int:
        log = self._state.messages[conversation_id]
        log[seq] = replace(log[seq], attempts=log[seq].attempts + 1)
        self._state.not_before[(conversation_id, seq)] = not_before
        return log[seq].attempts

    def choice(self, conversation_id: str, choice_id: str) -> tuple[Choice, Seq] | None:
        for message in self._log(conversation_id):
            for choice in message.choices:
                if choice.id == choice_id:
                    return choice, message.seq
        return None

    def last_choices_seq(self, conversation_id: str) -> Seq | None:
        return max((m.seq for m in self._log(conversation_id) if m.choices), default=None)

    def changed_since(self, at: datetime) -> Sequence[tuple[ConversationId, int, Mode]]:
        return [
            (c.id, c.last_seq, c.mode)
            for c in self._state.conversations.values()
            if self._state.touched.get(c.id, c.created_at) >= at
        ]

    def _log(self, conversation_id: str) -> list[Message]:
        return list(self._state.messages.get(conversation_id, {}).values())

    def _change(self, conversation_id: str, at: datetime, **values: Any) -> None:
        changed = replace(self.lock(conversation_id), **values)
        self._state.conversations[conversation_id] = changed
        self._state.touched[conversation_id] = at


class MemoryUnderstandings:
    def __init__(self, state: State) -> None:
        self._found = state.understandings

    def add(self, conversation_id: str, seq: int, found: Understanding, at: datetime) -> None:
        if (conversation_id, seq) in self._found:
            raise ValueError("understood twice")
        self._found[(conversation_id, seq)] = found

    def get(self, conversation_id: str, seq: int) -> Understanding | None:
        return self._found.get((conversation_id, seq))

    def of_conversation(self, conversation_id: str) -> Sequence[tuple[Seq, Understanding]]:
        return [(Seq(s), u) for (cid, s), u in self._found.items() if cid == conversation_id]

    without_parse = of_conversation


class MemoryActionRuns:
    def __init__(self, state: State) -> None:
        self._runs = state.runs

    def get(self, key: str) -> dict[str, Any] | None:
        return self._runs.get(key)

    def add(self, key: str, result: dict[str, Any], at: datetime) -> None:
        if key in self._runs:
            raise ValueError(f"{key} ran twice")
        self._runs[key] = result


class MemoryUnitOfWork:
    """A writer works on a copy, which `commit` makes the truth."""

    def __init__(self, database: "MemoryDatabase", writes: bool) -> None:
        self._database = database
        self._writes = writes

    def __enter__(self) -> Self:
        if self._writes:
            self._database.writer.acquire()
        self._state = self._database.state.copy() if self._writes else self._database.state
        self.conversations = MemoryConversations(self._state)
        self.understandings = MemoryUnderstandings(self._state)
        self.action_runs = MemoryActionRuns(self._state)
        return self

    def __exit__(self, *error: object) -> None:
        if self._writes:
            self._database.writer.release()

    def commit(self) -> None:
        if self._database.before_commit is not None:
            self._database.before_commit(self)
        self._database.state = self._state


class MemoryDatabase:
    def __init__(self) -> None:
        self.state = State()
        self.writer = threading.Lock()
        self.before_commit: Any = None  # a test may make a commit fail

    def write(self) -> MemoryUnitOfWork:
        return MemoryUnitOfWork(self, writes=True)

    def read(self) -> MemoryUnitOfWork:
        return MemoryUnitOfWork(self, writes=False)
