"""Events, the endpoints that hear of them, and their deliveries."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from amends.values import Json


class EventType(StrEnum):
    """What other systems may hear of (DESIGN section 8)."""

    CASE_OPENED = "case.opened"
    REMEDY_ISSUED = "remedy.issued"
    HANDOFF_REQUESTED = "handoff.requested"
    CASE_CLOSED = "case.closed"
    SURVEY_RECEIVED = "survey.received"
    PROMISE_BROKEN = "promise.broken"
    PROMISE_MOVED = "promise.moved"


TEST_EVENT = "webhook.test"
"""Sent by hand, to see whether an endpoint answers; nobody subscribes to it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address of another system, and what it is told."""

    id: str
    url: str
    secret: str = field(repr=False)
    events: tuple[EventType, ...]
    created_at: datetime
    active: bool = True
    description: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    id: str  # the receiver's idempotency key: the same in every delivery of this event
    type: str
    at: datetime
    data: Json


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one endpoint, taken by one process until the lease runs out."""

    event: Event
    endpoint_id: str
    tries: int  # this one included
    leased_until: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try: a status, or the reason why there is none."""

    status: int | None = None
    reason: str | None = None
    retry_after: timedelta | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the endpoint wants to hear no more, ever."""
        return self.status == 410

    @property
    def words(self) -> str:
        return self.reason or f"status {self.status}"


class Verdict(StrEnum):
    """What became of a delivery after a try."""

    DELIVERED = "delivered"
    POSTPONED = "postponed"
    FAILED = "failed"
    SWITCHED_OFF = "switched_off"  # failed, and the endpoint hears of nothing more
    OVERTAKEN = "overtaken"  # another process took it up after our lease


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What became of one event on its way to one endpoint, so far."""

    event_id: str
    type: str
    at: datetime  # of the event
    tries: int
    next_at: datetime
    last_status: int | None = None
    last_error: str | None = None
    delivered_at: datetime | None = None
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an endpoint's deliveries stand."""

    pending: int = 0
    failed: int = 0
    last_error: str | None = None
