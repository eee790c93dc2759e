"""Counts this process's warnings and errors by kind, for its metrics."""

import re
import threading
from collections import Counter

from structlog.typing import EventDict

COUNTED = frozenset({"warning", "error", "critical"})
OTHER = "other"
MOST_KINDS = 200
"""Kinds are the names of our own log lines; whatever else there is counts as one."""
_OURS = re.compile(r"[a-z]+(\.[a-z_]+){1,3}")


class LogCounts:
    """How many lines of which level and name were logged since the process began."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()

    def note(self, level: str, event: str) -> None:
        if level not in COUNTED:
            return
        kind = event if _OURS.fullmatch(event) else OTHER
        with self._lock:
            if (level, kind) not in self._counts and len(self._counts) >= MOST_KINDS:
                kind = OTHER
            self._counts[level, kind] += 1

    def read(self) -> dict[tuple[str, str], int]:
        with self._lock:
            return dict(self._counts)


OF_PROCESS = LogCounts()


def count_line(_: object, __: str, event: EventDict) -> EventDict:
    """A step of the logging chain: count the line, change nothing."""
    OF_PROCESS.note(str(event.get("level", "")), str(event.get("event", "")))
    return event
