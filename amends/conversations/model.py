"""What a conversation is made of."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

ConversationId = NewType("ConversationId", str)
Seq = NewType("Seq", int)
"""Place of a message in its conversation: 1, 2, 3 … without gaps."""


class Mode(StrEnum):
    """Who answers the customer now."""

    BOT = "bot"
    WAITING = "waiting"  # a person was asked for; the bot goes on collecting what is missing
    STAFF = "staff"  # a person answers; the engine sees nothing
    CLOSED = "closed"  # the next message of the customer begins a new visit


class Role(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    BOT = "bot"
    STAFF = "staff"
    SYSTEM = "system"


class Delivery(StrEnum):
    """What became of a customer's message."""

    PENDING = "pending"  # in the log, not yet answered: survives any crash
    ANSWERED = "answered"
    TO_STAFF = "to_staff"  # the desk shows it; the engine never sees it


@dataclass(frozen=True, slots=True)
class Choice:
    """A quick reply. The customer's side sees id and title; the payload never leaves the server."""

    id: str
    title: str
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    id: ConversationId
    mode: Mode
    language: str
    visit: int
    last_seq: int
    created_at: datetime
    customer_id: str | None = None
    staff_id: str | None = None
    last_customer_at: datetime | None = None
    closed_at: datetime | None = None
    page: str | None = None

    @property
    def sender_id(self) -> str:
        """The engine's name for this visit; a new visit starts with an empty tracker."""
        return f"{self.id}.{self.visit}"


@dataclass(frozen=True, slots=True)
class Message:
    conversation_id: ConversationId
    seq: Seq
    role: Role
    text: str
    at: datetime
    client_message_id: str | None = None
    payload: str | None = None  # what a tapped choice stands for; None for typed text
    choices: tuple[Choice, ...] = ()
    card: dict[str, Any] | None = None
    in_reply_to: Seq | None = None
    author: str | None = None
    delivery: Delivery | None = None  # customers' messages only
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that has no place in the log yet."""

    role: Role
    text: str
    choices: tuple[Choice, ...] = ()
    card: dict[str, Any] | None = None
    in_reply_to: Seq | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the engine made of one message (DESIGN section 6, assessment of a message)."""

    intent: str
    confidence: float
    complaint: bool
    category: str | None
    secondary: tuple[str, ...]
    sentiment: float
    sentiment_label: str
    flags: frozenset[str]
    severity: str
    waiting_hours: float | None
    language: str
    parse: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """One utterance of the engine, before it has a place in the log."""

    text: str
    choices: tuple[Choice, ...] = ()
    card: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One message on its way to the engine; the same message_id is never processed twice."""

    sender_id: str
    message_id: str
    text: str
    parse: dict[str, Any] | None
    payload: str | None
    metadata: dict[str, Any]

    @property
    def conversation_id(self) -> str:
        """What all messages of one conversation share, so that one engine takes them."""
        return str(self.metadata.get("conversation_id", self.sender_id))
