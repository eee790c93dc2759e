"""Figures for Prometheus that gateway and desk share; each process has a registry of its own.

What is counted in a process (turns, requests, errors) adds up over processes: `sum`. What is read
from the database (`amends_waiting`, `amends_promises` …) is the same in each: `max`.
Labels come from fixed sets: routes' patterns, stages, our own log lines' names, at most forty
reasons of handoffs. No label ever holds an id or a word of a customer.
"""

from collections.abc import Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

import amends
from amends.conversations.model import Mode
from amends.records.figures import Figures
from amends.storage.database import Database
from amends.values import Clock
from amends.wiring.counts import OF_PROCESS
from amends.wiring.pulse import Pulse

SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1.0, 2.0, 4.0)


class ProcessMetrics:
    """One registry per process, so that two in one test do not mix."""

    def __init__(self, pulse: Pulse, db: Database, clock: Clock) -> None:
        self.registry = registry = CollectorRegistry()
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
        build = Info("amends_build", "The program that runs.", registry=registry)
        build.info({"version": str(getattr(amends, "__version__", "0.1.0"))})
        ProcessCollector(registry=registry)
        registry.register(_Jobs(pulse))
        registry.register(_Books(pulse, clock))
        registry.register(_Connections(db))
        registry.register(_LogLines())

    def render(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self.registry)


class _Jobs(Collector):
    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse

    def collect(self) -> Iterator[Metric]:
        success = GaugeMetricFamily(
            "amends_job_last_success_timestamp_seconds",
            "When the job last did well in this process.",
            labels=["job"],
        )
        seconds = GaugeMetricFamily(
            "amends_job_seconds", "How long the job's last round took.", labels=["job"]
        )
        failures = CounterMetricFamily(
            "amends_job_failures", "Rounds of the job that failed.", labels=["job"]
        )
        stuck = GaugeMetricFamily("amends_jobs_stuck", "Jobs that have not done well for long.")
        for job in self._pulse.jobs:
            failures.add_metric([job.name], job.failures)
            if job.succeeded_at is not None:
                success.add_metric([job.name], job.succeeded_at)
            if job.seconds is not None:
                seconds.add_metric([job.name], job.seconds)
        stuck.add_metric([], len(self._pulse.stuck()))
        yield from (success, seconds, failures, stuck)


class _Books(Collector):
    """What a job read from the database a moment ago; nothing before its first round."""

    def __init__(self, pulse: Pulse, clock: Clock) -> None:
        self._pulse = pulse
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        figures = self._pulse.figures
        if figures is None:
            return
        age = (self._clock() - figures.at).total_seconds()
        yield _gauge("amends_figures_age_seconds", "Age of what was read from the database.", age)
        yield from _people(figures)
        yield from _promises_and_remedies(figures, self._pulse.goodwill_left)
        yield from _backlog(figures)


class _Connections(Collector):
    def __init__(self, db: Database) -> None:
        self._db = db

    def collect(self) -> Iterator[Metric]:
        used = GaugeMetricFamily(
            "amends_database_connections", "Connections in use.", labels=["pool"]
        )
        most = GaugeMetricFamily(
            "amends_database_connections_max", "Connections there may be.", labels=["pool"]
        )
        for pool, (in_use, limit) in self._db.connections().items():
            used.add_metric([pool], in_use)
            most.add_metric([pool], limit)
        yield from (used, most)


class _LogLines(Collector):
    def collect(self) -> Iterator[Metric]:
        lines = CounterMetricFamily(
            "amends_log_lines", "Warnings and errors logged, by name.", labels=["level", "event"]
        )
        for (level, event), count in OF_PROCESS.read().items():
            lines.add_metric([level, event], count)
        yield lines


def _people(figures: Figures) -> Iterator[Metric]:
    labels = ["reason", "priority"]
    waiting = GaugeMetricFamily("amends_waiting", "Customers who wait for a person.", labels=labels)
    oldest = GaugeMetricFamily(
        "amends_waiting_oldest_seconds", "The longest wait for a person.", labels=labels
    )
    for (reason, priority), one in figures.waiting.items():
        waiting.add_metric([reason, str(priority)], one.count)
        oldest.add_metric([reason, str(priority)], one.oldest_seconds)
    handoffs = GaugeMetricFamily(
        "amends_handoffs_last_day", "Persons asked for within 24 hours.", labels=["reason"]
    )
    for reason, count in figures.handoffs.items():
        handoffs.add_metric([reason], count)
    yield from (waiting, oldest, handoffs)


def _promises_and_remedies(figures: Figures, left: dict[str, int]) -> Iterator[Metric]:
    promises = GaugeMetricFamily(
        "amends_promises", "Promises: open, overdue; broken, kept in 24 hours.", labels=["state"]
    )
    for state, count in figures.promises.items():
        promises.add_metric([state], count)
    labels = ["step", "currency"]
    remedies = GaugeMetricFamily(
        "amends_remedies_last_day", "Steps of remedies within 24 hours.", labels=labels
    )
    amounts = GaugeMetricFamily(
        "amends_remedies_last_day_minor", "Their amounts, minor units.", labels=labels
    )
    for (step, currency), (count, minor) in figures.remedies.items():
        remedies.add_metric([step, currency], count)
        amounts.add_metric([step, currency], minor)
    budget = GaugeMetricFamily(
        "amends_goodwill_left_minor", "Goodwill left today, minor units.", labels=["currency"]
    )
    for currency, minor in left.items():
        budget.add_metric([currency], minor)
    yield from (promises, remedies, amounts, budget)


def _backlog(figures: Figures) -> Iterator[Metric]:
    pending = dict(figures.pending)
    yield _gauge(
        "amends_pending_conversations",
        "Conversations with a message not yet answered.",
        pending.pop("conversations", 0),
    )
    outbox = GaugeMetricFamily(
        "amends_outbox_pending", "What is on its way to others.", labels=["kind"]
    )
    for kind, count in pending.items():
        outbox.add_metric([kind], count)
    yield outbox
    yield _gauge("amends_webhooks_failed", "Deliveries given up.", figures.failed_webhooks)
    modes = GaugeMetricFamily(
        "amends_conversations", "Touched in the last hour, by who answers.", labels=["mode"]
    )
    for mode in Mode:
        modes.add_metric([mode.value], figures.conversations.get(mode.value, 0))
    yield modes


def _gauge(name: str, help_: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_, value=value)
