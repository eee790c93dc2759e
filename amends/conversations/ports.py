"""What this room needs from outside."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol, Self

from amends.audit.ports import AuditLog
from amends.conversations.model import (
    Choice,
    Conversation,
    ConversationId,
    Delivery,
    Draft,
    Message,
    Mode,
    Reply,
    Seq,
    TurnRequest,
    Understanding,
)


class Conversations(Protocol):
    """The message log. Every append takes the conversation's next seq in the same transaction."""

    def add(self, conversation: Conversation, token_hash: str) -> None: ...
    def get(self, conversation_id: str) -> Conversation | None: ...
    def get_by_token(self, conversation_id: str, token_hash: str) -> Conversation | None: ...
    def lock(self, conversation_id: str) -> Conversation:
        """Read the conversation for a change; nobody else changes it until this transaction ends.

        Raises:
            UnknownConversation: there is none of this id.
        """
        ...

    def set_mode(
        self, conversation_id: str, mode: Mode, *, at: datetime, staff_id: str | None = None
    ) -> None: ...
    def start_visit(self, conversation_id: str, at: datetime) -> None:
        """Reopen a closed conversation: mode bot, visit + 1."""
        ...

    def set_customer(self, conversation_id: str, customer_id: str) -> None: ...
    def set_language(self, conversation_id: str, language: str) -> None: ...
    def append(
        self,
        conversation_id: str,
        draft: Draft,
        at: datetime,
        *,
        client_message_id: str | None = None,
        payload: str | None = None,
        delivery: Delivery | None = None,
    ) -> Message: ...
    def by_client_id(self, conversation_id: str, client_message_id: str) -> Message | None: ...
    def message(self, conversation_id: str, seq: int) -> Message | None: ...
    def after(self, conversation_id: str, seq: int, limit: int = 500) -> Sequence[Message]: ...
    def replies_to(self, conversation_id: str, seq: int) -> Sequence[Message]: ...
    def next_pending(self, conversation_id: str) -> Message | None: ...
    def pending_ids(self, due_before: datetime) -> Sequence[ConversationId]:
        """Conversations whose oldest pending message may be tried now, for the retry sweep."""
        ...

    def set_delivery(self, conversation_id: str, seq: int, delivery: Delivery) -> None: ...
    def count_attempt(self, conversation_id: str, seq: int, not_before: datetime) -> int: ...
    def choice(self, conversation_id: str, choice_id: str) -> tuple[Choice, Seq] | None:
        """Return the choice and the seq of the message that offered it."""
        ...

    def last_choices_seq(self, conversation_id: str) -> Seq | None:
        """Seq of the latest message that offers choices, None if there is none."""
        ...

    def changed_since(self, at: datetime) -> Sequence[tuple[ConversationId, int, Mode]]:
        """Conversations touched at or after `at`, with last seq and mode; wakes subscribers."""
        ...

    def silent_between(
        self, start: datetime, end: datetime, limit: int = 200
    ) -> Sequence[ConversationId]:
        """Conversations that the assistant has and whose last change lies in [start, end)."""
        ...

    def latest(self, limit: int) -> Sequence[Conversation]:
        """Conversations in which a customer has written, those touched last first."""
        ...


class Understandings(Protocol):
    def add(self, conversation_id: str, seq: int, found: Understanding, at: datetime) -> None: ...
    def get(self, conversation_id: str, seq: int) -> Understanding | None: ...
    def of_conversation(self, conversation_id: str) -> Sequence[tuple[Seq, Understanding]]: ...
    def without_parse(self, conversation_id: str) -> Sequence[tuple[Seq, Understanding]]:
        """As `of_conversation`, with an empty `parse`; far cheaper in a long conversation."""
        ...


class ActionRuns(Protocol):
    """Results of custom actions, so that a turn driven again answers the same and acts once."""

    def get(self, key: str) -> dict[str, Any] | None: ...
    def add(self, key: str, result: dict[str, Any], at: datetime) -> None: ...


class UnitOfWork(Protocol):
    """One transaction; leaving the block without `commit()` rolls back."""

    @property
    def conversations(self) -> Conversations: ...
    @property
    def understandings(self) -> Understandings: ...
    @property
    def action_runs(self) -> ActionRuns: ...
    @property
    def audit(self) -> AuditLog: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *error: object) -> None: ...
    def commit(self) -> None: ...


class Database[U: UnitOfWork](Protocol):
    """Opens transactions; both calls block the thread that enters them."""

    def write(self) -> U: ...
    def read(self) -> U: ...


class TurnLock(Protocol):
    """Sees to it that one process at a time drives a conversation.

    It keeps order and spares work. That each message is answered once is for the transactions to
    see to: whoever cannot ask the others says True.
    """

    def hold(self, conversation_id: str, wait_seconds: float) -> AbstractAsyncContextManager[bool]:
        """Hold the conversation until the end of the block.

        Args:
            conversation_id: The conversation.
            wait_seconds: How long to wait for it.

        Returns:
            Enters with False when another process had it all that time.
        """
        ...


class TurnListener(Protocol):
    """Learns what goes on; called on the event loop, must not block."""

    def changed(self, conversation_id: str) -> None: ...
    def typing(self, conversation_id: str, active: bool) -> None: ...
    def stage(self, name: str, seconds: float) -> None: ...
    def ended(self, outcome: str) -> None: ...


class EngineUnavailable(Exception):
    """The engine did not answer in time, or answered nothing usable."""


class EngineNotServing(EngineUnavailable):
    """It was not tried, or said that it cannot now; this says nothing about the message."""


class EngineCrowded(EngineNotServing):
    """It was not tried, for all places at it were taken until the customer had to hear something.

    Such a message keeps trying for a place: with growing pauses, newer ones would overtake it.
    """


class EngineRefused(EngineUnavailable):
    """The engine is up, but has no answer to this very message: an error, or no reply at all."""


class Engine(Protocol):
    async def understand(self, text: str, conversation_id: str) -> Understanding:
        """Read one message; the conversation says which of several engines does.

        Raises:
            EngineUnavailable; EngineRefused when it answers with an error; EngineNotServing.
        """
        ...

    async def turn(self, request: TurnRequest) -> list[Reply]:
        """Raises: as `understand`."""
        ...

    async def ready(self) -> bool: ...
