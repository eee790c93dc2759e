"""What the log for analysis needs from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from amends.records.log.gathered import Gathered

BATCH = 200
"""Conversations that are read at once, at most."""

BATCH_MESSAGES = 20_000
"""Their messages, at most, unless one conversation alone has more."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations; they begin at `since` or later and before `until`."""

    since: datetime | None = None
    until: datetime | None = None
    language: str | None = None
    only_closed: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of beginnings: what comes behind it is read next."""

    started_at: datetime
    conversation_id: str


@dataclass(frozen=True, slots=True)
class Page:
    ids: tuple[str, ...]
    last: Place | None  # None: there are none


class Log(Protocol):
    def page(
        self,
        wanted: Wanted,
        after: Place | None,
        limit: int = BATCH,
        messages: int = BATCH_MESSAGES,
    ) -> Page:
        """Return the next conversations by beginning and id: at most `limit`, and so many that
        they have at most about `messages` messages."""
        ...

    def gather(self, ids: Sequence[str]) -> Sequence[Gathered]:
        """Return these conversations in this order, by one query per table; the unknown are left
        out."""
        ...
