"""Assessment of a conversation, thresholds, handoffs and staff."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Signal:
    """What one message of the customer tells, as far as handoff goes."""

    sentiment: float
    sentiment_label: str
    flags: frozenset[str]
    severity: Severity
    complaint: bool
    category: str | None
    secondary_count: int
    waiting_hours: float | None
    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """ISO 10002 clause 7.5: initial assessment, over the conversation so far."""

    severity: Severity
    safety: bool
    complexity: int  # number of distinct problems
    impact_minor: int  # value concerned, in the order's currency; 0 if unknown
    immediate: bool  # need for immediate action
    sentiment: float  # latest turns weigh most
    negative_run: int  # negative messages since the customer was last calm
    flags: frozenset[str]
    waiting_hours: float
    repeat_complaint: bool
    failed_attempts: int  # messages in a row that were not understood
    message_count: int
    moods: tuple[float, ...] = ()  # the sentiment after each message before the latest one
    times_asked: int = 0  # how often the bot has asked its open question, in vain so far
    unanswered_minutes: int = 0  # working time since the customer waits for the answer due
    last_offer_refused: bool = False  # the customer declined all that the policy offers


class Channel(StrEnum):
    """How a customer who does not want to wait in the chat is answered instead."""

    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Contact:
    channel: Channel
    address: str | None = None  # None until the customer has given it


@dataclass(frozen=True, slots=True)
class Passing:
    """A chat on its way from its person to another one, or to all who speak a language or take a
    category; until somebody takes it, nobody answers in it."""

    note: str
    at: datetime
    until: datetime  # then it goes to everybody
    to: str | None = None  # a staff id; None: the first who can
    language: str | None = None
    skill: str | None = None  # a category of complaints


@dataclass(frozen=True, slots=True)
class Note:
    """What staff write to each other in a chat; no customer and no assistant ever sees it."""

    id: int
    conversation_id: str
    after_seq: int  # its place: after this message of the conversation
    at: datetime
    author_id: str
    text: str


class HandoffState(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Handoff:
    id: str
    conversation_id: str
    case_id: str | None
    state: HandoffState
    priority: int
    reasons: tuple[str, ...]  # ids of the rows that fired, or a word such as customer_asked
    requested_at: datetime
    answer_due_at: datetime  # 30 minutes: an answer within lifts satisfaction about 20 %
    limit_due_at: datetime  # 3 hours: after it half of the customers are gone
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    first_answer_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None  # resolved, returned_to_bot, customer_left
    contact: Contact | None = None  # the answer is wanted by e-mail or phone
    late_told_at: datetime | None = None  # the customer was told that the answer is late …
    limit_told_at: datetime | None = None  # … and that it is late for good
    taken_from: str | None = None  # who had the chat before it was put back for them …
    taken_at: datetime | None = None  # … and when
    passing: Passing | None = None  # under way from claimed_by to somebody else
    was_needed: bool | None = None  # a person was, as the one who ended it marked it


class StaffRole(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    TRAINER = "trainer"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class StaffMember:
    id: str
    login: str
    name: str
    role: StaffRole
    active: bool = True
    seen_at: datetime | None = None
    language: str = "en"  # in which the desk speaks to them
    languages: tuple[str, ...] = ("en",)  # in which they answer customers
    skills: tuple[str, ...] = ()  # categories of complaints they take; empty: all
    has_second_factor: bool = False
    password_is_made: bool = False  # somebody made it for them; they must choose their own
