"""Work that may wait long for another system, beside the jobs: at most so many at once.

Each kind of work has a lane of its own, so that what is slow for one system holds up no other. A
lane is a daemon thread: it never keeps the process from ending, so whatever it was doing must be
safe to be cut off and done again.
"""

import threading
import time
from collections.abc import Callable

import structlog

log = structlog.get_logger()

AT_ONCE = 16
"""Of one kind, so that a kind whose systems are slow leaves room for the others."""


class Lanes:
    """Runs one piece of work per kind and key at a time."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._busy: set[tuple[str, str]] = set()
        self._change = threading.Condition()

    def start(self, kind: str, key: str, work: Callable[[], object]) -> bool:
        """Begin the work in a thread; False when this lane, or every one of its kind, is taken."""
        lane = (kind, key)
        with self._change:
            taken = sum(busy == kind for busy, _ in self._busy)
            if lane in self._busy or taken >= self._at_once:
                return False
            self._busy.add(lane)
        threading.Thread(
            target=self._run, args=(lane, work), name=f"amends-{kind}-{key}", daemon=True
        ).start()
        return True

    def idle(self, seconds: float) -> bool:
        """Wait until nothing is going on; False when it takes longer than that."""
        give_up = time.monotonic() + seconds
        with self._change:
            while self._busy:
                if not self._change.wait(max(0.0, give_up - time.monotonic())):
                    return not self._busy
        return True

    def _run(self, lane: tuple[str, str], work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:
            log.exception("lanes.work.failed", kind=lane[0], key=lane[1])
        finally:
            with self._change:
                self._busy.discard(lane)
                self._change.notify_all()
