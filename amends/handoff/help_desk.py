"""A help desk of the company's own: what it is told, what comes back, and whose turn it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from amends.handoff.model import Handoff, HandoffState, StaffMember, StaffRole

BRIDGE = StaffMember("help-desk", "bridge:help-desk", "Support team", StaffRole.AGENT)
"""Stands for whoever answers in the help desk; nobody can sign in as it."""

LEASE = timedelta(seconds=60)
"""What a process took and did not bring to an end in this time may be taken by another."""

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=1)
MOST_DOUBLINGS = 10

ECHO = timedelta(seconds=30)
"""For so long after we closed a chat there, news of its closing is our own."""


class ChatState(StrEnum):
    """How a conversation stands in the help desk."""

    OPENING = "opening"  # it is being handed over
    OPEN = "open"  # people there have it
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class HelpDeskChat:
    """One conversation in the help desk; what was told there is as far as `sent_seq` of the log."""

    conversation_id: str
    handoff_id: str
    state: ChatState
    rounds: int  # how often it was handed over
    sent_seq: int
    next_at: datetime  # of one that is being told: the end of the lease
    tries: int = 0  # of what is told now
    external_id: str | None = None
    closed_at: datetime | None = None
    last_error: str | None = None

    @property
    def is_again(self) -> bool:
        """Whether what is told now may have been told before, by a try whose end nobody knows."""
        return self.tries > 1


@dataclass(frozen=True, slots=True)
class Who:
    """The customer, as far as we know them; a guest has neither id nor e-mail address."""

    identifier: str
    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Let people have this conversation, with its summary for their eyes only."""

    key: str
    conversation_id: str
    who: Who
    case_number: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Forward:
    """One message of the log: the customer's own, or what was said to them, as a note."""

    key: str
    seq: int
    text: str
    from_customer: bool


@dataclass(frozen=True, slots=True)
class Close:
    """Nobody is wanted there any more; the note says why."""

    key: str
    note: str


Step = HandOver | Forward | Close


@dataclass(frozen=True, slots=True)
class Work:
    """A step that this process has taken."""

    chat: HelpDeskChat
    step: Step


@dataclass(frozen=True, slots=True)
class PersonWrote:
    """A person answered the customer in the help desk."""

    conversation_id: str
    message_id: str  # the help desk's; the same message is heard once
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PersonEnded:
    """A person resolved the chat in the help desk, or gave it back to the assistant."""

    conversation_id: str
    name: str
    returns_to_bot: bool


Heard = PersonWrote | PersonEnded


class Turn(StrEnum):
    """What is to be told next."""

    HAND_OVER = "hand_over"
    FORWARD = "forward"
    CLOSE = "close"


def turn_of(chat: HelpDeskChat | None, handoff: Handoff | None, last_seq: int) -> Turn | None:
    """Return what the help desk is to be told next; None when it knows all it should.

    Args:
        chat: How the conversation stands there; None when it never was there.
        handoff: The one that has not ended, if any.
        last_seq: Of the conversation.
    """
    is_wanted = handoff is not None and (
        handoff.state is HandoffState.WAITING or handoff.claimed_by == BRIDGE.id
    )
    if handoff is None or not is_wanted:
        return Turn.CLOSE if chat and chat.state is not ChatState.CLOSED else None
    if chat is None or chat.state is not ChatState.OPEN or chat.handoff_id != handoff.id:
        return Turn.HAND_OVER
    return Turn.FORWARD if chat.sent_seq < last_seq else None


def pause_after(tries: int, chance: float, retry_after: timedelta | None) -> timedelta:
    """Return the pause after so many failed tries; somebody is waiting, so it is never long.

    Args:
        tries: From 1.
        chance: Between 0 and 1; a new one each time.
        retry_after: How long the help desk itself asks to be left alone.
    """
    doubled = FIRST_PAUSE * 2 ** min(tries - 1, MOST_DOUBLINGS)
    pause: timedelta = min(doubled, LONGEST_PAUSE) * (1 + chance) / 2
    return pause if retry_after is None else max(pause, min(retry_after, 10 * LONGEST_PAUSE))
