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
    negative_run: int  # negative messages in a row, up to the latest
    flags: frozenset[str]
    waiting_hours: float
    repeat_complaint: bool
    failed_attempts: int  # fallbacks and unanswered questions of the bot
    message_count: int


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
