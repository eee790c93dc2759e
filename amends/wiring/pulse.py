"""What this process knows of itself while it runs: its jobs' last rounds, and the last figures."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from amends.records.figures import Figures

STUCK_AFTER_ROUNDS = 10
STUCK_AFTER_SECONDS = 300.0
"""At least; a job that runs each second may be held up by a minute of another's work."""


@dataclass(frozen=True, slots=True)
class JobPulse:
    """The rounds of one job in this process; moments are seconds since the epoch.

    Attributes:
        alive_at: When it last did well, or was begun with; of the monotonic clock, which stands
            still while a machine sleeps.
        seconds: How long its last round took.
        failures: Rounds that failed, since the process began.
    """

    name: str
    every_seconds: float
    alive_at: float
    succeeded_at: float | None = None
    seconds: float | None = None
    failures: int = 0

    @property
    def patience_seconds(self) -> float:
        return max(STUCK_AFTER_SECONDS, STUCK_AFTER_ROUNDS * self.every_seconds)


class Pulse:
    """Written by jobs, read by metrics and readiness; one per process."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._jobs: dict[str, JobPulse] = {}
        self.figures: Figures | None = None
        self.goodwill_left: dict[str, int] = {}

    @property
    def jobs(self) -> tuple[JobPulse, ...]:
        return tuple(self._jobs.values())

    def expect(self, job: str, every_seconds: float, first_after_seconds: float = 0.0) -> None:
        """Say that a job will run from now on."""
        begins = self._monotonic() + first_after_seconds
        self._jobs[job] = JobPulse(job, every_seconds, begins)

    def succeeded(self, job: str, seconds: float) -> None:
        self._jobs[job] = replace(
            self._jobs[job],
            alive_at=self._monotonic(),
            succeeded_at=time.time(),
            seconds=seconds,
        )

    def failed(self, job: str, seconds: float) -> None:
        known = self._jobs[job]
        self._jobs[job] = replace(known, seconds=seconds, failures=known.failures + 1)

    def stuck(self) -> tuple[str, ...]:
        """Return the jobs that did not do well for far longer than they should."""
        now = self._monotonic()
        return tuple(job.name for job in self.jobs if now - job.alive_at > job.patience_seconds)
