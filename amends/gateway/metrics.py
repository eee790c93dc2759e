"""Figures of the customers' door for Prometheus, and the listener that feeds them and the streams.

The rest, which the desk has too, is in `amends.wiring.metrics`.
"""

from prometheus_client import Counter, Gauge, Histogram, Info

from amends.gateway.changes import Changes
from amends.storage.database import Database
from amends.values import Clock
from amends.wiring.metrics import SECONDS, ProcessMetrics
from amends.wiring.pulse import Pulse
from amends.wiring.tracing import Tracing

TRACED_STAGE = "store"
"""The other stages are calls of the engine, which record themselves."""


class Metrics:
    """One registry per gateway, so that two in one process do not mix."""

    def __init__(self, pulse: Pulse, db: Database, clock: Clock) -> None:
        self.process = ProcessMetrics(pulse, db, clock)
        registry = self.process.registry
        self.turns = Counter(
            "amends_turns", "Messages driven, by outcome.", ["outcome"], registry=registry
        )
        self.stages = Histogram(
            "amends_turn_seconds",
            "Time of a turn's stages: understand, turn, actions, store, deliver.",
            ["stage"],
            buckets=SECONDS,
            registry=registry,
        )
        self._streams = Gauge("amends_streams", "Live streams and waiters.", registry=registry)
        self._engine = Gauge(
            "amends_engine_ready", "Whether the engine answers with a model.", registry=registry
        )
        self._model = Info("amends_engine_model", "The model that answers.", registry=registry)

    def stage(self, name: str, seconds: float) -> None:
        self.stages.labels(name).observe(seconds)

    def render(self, streams: int, engine_ready: bool, model: str) -> bytes:
        """Return all figures in Prometheus' text format."""
        self._streams.set(streams)
        self._engine.set(engine_ready)
        self._model.info({"model": model})
        return self.process.render()


class TurnObserver:
    """Implements the driver's TurnListener: wakes the streams, counts what happens."""

    def __init__(self, changes: Changes, metrics: Metrics, tracing: Tracing) -> None:
        self._changes = changes
        self._metrics = metrics
        self._tracing = tracing

    def changed(self, conversation_id: str) -> None:
        self._changes.wake(conversation_id)

    def typing(self, conversation_id: str, active: bool) -> None:
        self._changes.set_typing(conversation_id, active)

    def stage(self, name: str, seconds: float) -> None:
        self._metrics.stage(name, seconds)
        if name == TRACED_STAGE:
            self._tracing.ended(name, seconds)

    def ended(self, outcome: str) -> None:
        self._metrics.turns.labels(outcome).inc()
