"""When each session was last written down as used, so that not every request writes."""

from datetime import datetime, timedelta

WRITE_EVERY = timedelta(minutes=1)
MOST_KEYS = 10_000
"""Bound on memory: beyond it the sessions that were used longest ago are forgotten."""


class Uses:
    def __init__(self) -> None:
        self._written: dict[str, datetime] = {}

    def is_news(self, token_hash: str, now: datetime) -> bool:
        """Whether the use is to be written down, which then counts as done."""
        written = self._written.get(token_hash)
        if written is not None and now - written < WRITE_EVERY:
            return False
        self._written.pop(token_hash, None)
        self._written[token_hash] = now
        while len(self._written) > MOST_KEYS:
            del self._written[next(iter(self._written))]
        return True
