"""How things stand now, as numbers for whoever watches the system; never a customer's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

MOST_REASONS = 40
"""Of handoffs; reasons are the rows of a table that managers edit, so something must bound them."""
OTHER = "other"
LOOK_BACK = timedelta(hours=24)
"""What has passed is counted for so long: handoffs asked for, remedies, broken promises."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Those who wait for a person, for one reason at one priority."""

    count: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One look at the books.

    Attributes:
        waiting: by (reason, priority) of those who wait for a person now.
        handoffs: by first reason, asked for within the last day.
        promises: by state: open (not due yet), overdue (open, its time is past), broken and kept
            (the last day's).
        remedies: by (step, currency), the last day's: how many, and their sum in minor units.
            Without an amount the currency is "none".
        pending: by what is pending: conversations, mails, webhooks.
        failed_webhooks: deliveries given up.
        conversations: by mode, touched within the last hour.
    """

    at: datetime
    waiting: Mapping[tuple[str, int], Waiting] = field(default_factory=dict)
    handoffs: Mapping[str, int] = field(default_factory=dict)
    promises: Mapping[str, int] = field(default_factory=dict)
    remedies: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    pending: Mapping[str, int] = field(default_factory=dict)
    failed_webhooks: int = 0
    conversations: Mapping[str, int] = field(default_factory=dict)


class FigureReader(Protocol):
    def read(self, now: datetime) -> Figures: ...


def bounded[K](counts: Mapping[str, K], most: int = MOST_REASONS) -> tuple[str, ...]:
    """Return the keys that keep their name; all others are to be called `OTHER`."""
    return tuple(sorted(counts))[:most]


def budget_left(per_day: Mapping[str, int], given: Mapping[str, int]) -> dict[str, int]:
    """Return what is left of the day's goodwill by currency, minor units, never below 0."""
    return {currency: max(0, most - given.get(currency, 0)) for currency, most in per_day.items()}
