"""One line of the log about a lost database every few seconds, not one for each request."""

import time
from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 10.0


class OutageLog:
    """Logs that the database is away, and how many requests met that since the line before."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._met = 0
        self._told_at: float | None = None

    def tell(self, error: Exception, where: str) -> None:
        """Note one request that met it.

        Args:
            error: What the driver raised; its text may quote the request and is not logged.
            where: The path or the action that asked.
        """
        self._met += 1
        if self._told_at is not None and self._now() - self._told_at < PAUSE_SECONDS:
            return
        log.error("gateway.database.away", type=type(error).__name__, where=where, met=self._met)
        self._met, self._told_at = 0, self._now()


OUTAGE_LOG = OutageLog()
