"""Figures for Prometheus, and the listener that feeds them and the live streams."""

from collections.abc import Iterable
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from amends.conversations.model import ConversationId, Mode
from amends.gateway.changes import Changes

SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1.0, 2.0, 4.0)
MODES_OF_LAST = timedelta(hours=1)


class Metrics:
    """One registry per gateway, so that two in one process do not mix."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.turns = Counter(
            "amends_turns", "Messages driven, by outcome.", ["outcome"], registry=registry
        )
        self.stages = Histogram(
            "amends_turn_seconds",
            "Time of a turn's stages: understand, turn, store.",
            ["stage"],
            buckets=SECONDS,
            registry=registry,
        )
        self.requests = Histogram(
            "amends_request_seconds",
            "Time of HTTP requests.",
            ["route", "status"],
            buckets=SECONDS,
            registry=registry,
        )
        self.errors = Counter(
            "amends_request_errors", "Unexpected errors, by type.", ["type"], registry=registry
        )
        self._pending = Gauge(
            "amends_pending_conversations",
            "Conversations with a message not yet answered.",
            registry=registry,
        )
        self._modes = Gauge(
            "amends_conversations",
            "Conversations touched in the last hour, by who answers.",
            ["mode"],
            registry=registry,
        )
        self._streams = Gauge("amends_streams", "Live streams and waiters.", registry=registry)

    def render(
        self,
        pending: Iterable[ConversationId],
        touched: Iterable[tuple[ConversationId, int, Mode]],
        streams: int,
    ) -> bytes:
        """Return all figures in Prometheus' text format."""
        modes = [mode for _, _, mode in touched]
        for mode in Mode:
            self._modes.labels(mode.value).set(modes.count(mode))
        self._pending.set(len(list(pending)))
        self._streams.set(streams)
        return generate_latest(self.registry)


class TurnObserver:
    """Implements the driver's TurnListener: wakes the streams, counts what happens."""

    def __init__(self, changes: Changes, metrics: Metrics) -> None:
        self._changes = changes
        self._metrics = metrics

    def changed(self, conversation_id: str) -> None:
        self._changes.wake(conversation_id)

    def typing(self, conversation_id: str, active: bool) -> None:
        self._changes.set_typing(conversation_id, active)

    def stage(self, name: str, seconds: float) -> None:
        self._metrics.stages.labels(name).observe(seconds)

    def ended(self, outcome: str) -> None:
        self._metrics.turns.labels(outcome).inc()
