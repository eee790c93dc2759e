"""How long PostgreSQL holds the locks that a whole installation has only one of.

A lock that every decision takes in turn is a limit that no further process moves, so it is watched
while customers write: sampled, for PostgreSQL does not add up how long a lock was held.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from amends.storage.audit.recording import TAIL_LOCK
from amends.storage.repositories.compensation import BUDGET_LOCK
from benchmarks.processes import Json

LOCKS = {"audit_lock": TAIL_LOCK, "budget_lock": BUDGET_LOCK}
"""The end of the audit log, and the budget of the day."""
EVERY_SECONDS = 0.02
_QUERY = """
SELECT (classid::bigint << 32) | objid::bigint, count(*) FILTER (WHERE NOT granted)
FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 GROUP BY 1
"""


@dataclass
class Watched:
    """How often each lock was found held, and how many waited for it then, added up."""

    samples: int = 0
    held: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)

    def told(self, seconds: float, turns: int) -> Json:
        """Return of each lock the share of time it was held, and milliseconds for each turn."""
        return {name: self._lock(name, seconds, turns) for name in LOCKS}

    def _lock(self, name: str, seconds: float, turns: int) -> Json:
        share = self.held[name] / max(1, self.samples)
        return {
            "held_percent": round(100 * share, 1),
            "held_ms_per_turn": round(1000 * share * seconds / max(1, turns), 2),
            "waiting_on_average": round(self.waiting[name] / max(1, self.samples), 2),
        }


@contextmanager
def watched(url: str) -> Iterator[Watched]:
    """Look at the locks again and again until the block ends."""
    found, ended = Watched(), threading.Event()
    with psycopg.connect(url, autocommit=True) as connection:
        looking = threading.Thread(target=_look, args=(connection, found, ended))
        looking.start()
        try:
            yield found
        finally:
            ended.set()
            looking.join()


def _look(connection: psycopg.Connection, found: Watched, ended: threading.Event) -> None:
    names = {key: name for name, key in LOCKS.items()}
    while not ended.wait(EVERY_SECONDS):
        found.samples += 1
        for key, waiting in connection.execute(_QUERY):
            if name := names.get(key):
                found.held[name] += 1
                found.waiting[name] += waiting
