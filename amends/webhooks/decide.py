"""Decisions about events and their deliveries: pure, over plain values."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

from amends.values import Json
from amends.webhooks.model import Event

SCHEMA_VERSION = 1
"""Of the data of all events; within a version fields are added, never changed or taken away."""

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After each failed try, as Standard Webhooks recommends; after the last one there is no more."""

JITTER = 0.2
"""Share of a pause that chance may add, so that what failed together does not come together."""

LONGEST_ASKED_FOR = timedelta(hours=24)
"""The longest wait that an endpoint may ask for with `Retry-After`."""


def pause_after(tries: int, chance: float, retry_after: timedelta | None) -> timedelta | None:
    """Return the pause after so many failed tries; None when that was the last one.

    Args:
        tries: Failed tries so far, from 1.
        chance: Between 0 and 1; a new one each time.
        retry_after: How long the endpoint itself asks to be left alone; never less than that.
    """
    if tries > len(PAUSES):
        return None
    pause = PAUSES[tries - 1] * (1 + JITTER * chance)
    return pause if retry_after is None else max(pause, min(retry_after, LONGEST_ASKED_FOR))


def event_id(topic: str, key: str) -> str:
    """Return an event's id: the same for the same event always, and no full stop inside."""
    return "evt_" + hashlib.sha256(f"{topic}:{key}".encode()).hexdigest()[:32]


def body_of(event: Event) -> bytes:
    """Return what is sent: the same to the byte at every try."""
    values: Json = {
        "type": event.type,
        "timestamp": _utc_text(event.at),
        "data": {"version": SCHEMA_VERSION, **event.data},
    }
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()


def _utc_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
