"""Slow down whoever guesses passwords."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=1)
MOST_KEYS = 10_000
"""Bound on memory: beyond it the names whose last failure is oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    last_at: datetime
    locked_until: datetime | None


class Lockout:
    """Counts failures by key (a login, or a network address); kept by this process alone."""

    def __init__(self, free: int = 5, first: timedelta = timedelta(seconds=30)) -> None:
        """Allow `free` failures, then lock for `first`, twice as long after each further one."""
        self._free = free
        self._first = first
        self._failures: dict[str, _Failures] = {}

    def seconds_left(self, key: str, now: datetime) -> int:
        """Return for how long no attempt is looked at; 0 when one may be made."""
        known = self._failures.get(key)
        if known is None or known.locked_until is None or known.locked_until <= now:
            return 0
        return int((known.locked_until - now).total_seconds()) + 1

    def failed(self, key: str, now: datetime) -> None:
        known = self._failures.pop(key, None)
        count = 1 if known is None or now - known.last_at > FORGET_AFTER else known.count + 1
        self._failures[key] = _Failures(count, now, self._lock(count, now))
        while len(self._failures) > MOST_KEYS:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, key: str) -> None:
        self._failures.pop(key, None)

    def _lock(self, count: int, now: datetime) -> datetime | None:
        if count < self._free:
            return None
        doubled: int = 2 ** min(count - self._free, 10)
        return now + min(LONGEST, self._first * doubled)
