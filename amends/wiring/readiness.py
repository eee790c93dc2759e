"""What is missing before a message would be stored and answered; each point in one sentence."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from amends.storage import migrate
from amends.storage.errors import DatabaseNewerThanCode
from amends.values import Json
from amends.wiring.pulse import Pulse

CHECK_SECONDS = 2.0
LEAST_BYTES = 100_000_000
"""SQLite needs room for its log, and so do the logs; below this the disk counts as full."""

Check = Callable[[], Awaitable[str | None]]
"""Answers with what is missing, or None; may raise and may hang."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: by check a sentence about what is missing, None where all is well.

    What `hinders` stands in the way of a message; the rest is wrong, but nobody waits for it.
    """

    found: Mapping[str, str | None]
    hinders: frozenset[str]

    @property
    def is_ready(self) -> bool:
        return not any(why for name, why in self.found.items() if name in self.hinders)

    def as_json(self) -> Json:
        missing = [{"check": name, "why": why} for name, why in self.found.items() if why]
        status = "not_ready" if not self.is_ready else "degraded" if missing else "ready"
        checks = {name: why is None for name, why in self.found.items()}
        return {"status": status, "checks": checks, "missing": missing}


async def look(checks: Mapping[str, Check], hinders: frozenset[str]) -> Report:
    """Make all checks at once; one that fails or does not end says so itself."""
    answers = await asyncio.gather(*(_answer(check) for check in checks.values()))
    return Report(dict(zip(checks, answers, strict=True)), hinders)


async def _answer(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer within {CHECK_SECONDS:.0f} seconds"
    except Exception as error:
        return f"it cannot be reached ({type(error).__name__})"


class Migrations:
    """Whether the database has the shape that this program needs; what it has, it keeps."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._current = False

    async def check(self) -> str | None:
        if self._current:
            return None
        try:
            behind = await asyncio.to_thread(migrate.is_behind, self._url)
        except DatabaseNewerThanCode as error:
            return str(error)
        self._current = not behind
        return "migrations are pending; run `amends up`" if behind else None


def disk_full(folder: Path, least_bytes: int = LEAST_BYTES) -> str | None:
    free = shutil.disk_usage(folder).free
    if free >= least_bytes:
        return None
    return f"only {free / 1e6:.0f} MB are free where data is written; make room"


def jobs_stuck(pulse: Pulse) -> str | None:
    stuck = pulse.stuck()
    return f"no good round for long: {', '.join(stuck)}; see the log" if stuck else None
