"""What the doctor finds out about a running installation, its neighbours and its secrets."""

import re
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from amends.cli.finding import Finding
from amends.wiring.settings import Settings, reachable

if TYPE_CHECKING:
    from amends.storage import Database

PROBE_SECONDS = 3.0
CLOCK_DIFFERS_SECONDS = 5.0
ENOUGH_MEMORY = 300_000_000
BACKLOG = 100
_SUCCESS = re.compile(r'^amends_job_last_success_timestamp_seconds\{job="([a-z_]+)"\} (\S+)', re.M)


def examine_running(settings: Settings) -> Iterator[Finding]:
    yield from _secrets(settings)
    yield _memory()
    yield _engine_memory(settings)
    yield from _engines(settings)
    yield from _jobs(settings)
    yield from _neighbours(settings)


def examine_books(db: "Database") -> Iterator[Finding]:
    """Look at what the database tells: its clock, and what waits for other systems."""
    with db.read() as uow:
        told = uow.figures.clock()
        figures = uow.figures.read(datetime.now(UTC))
    yield _clock(told, datetime.now(UTC))
    for kind in ("mails", "webhooks"):
        count = figures.pending.get(kind, 0)
        advice = f"{count} wait to go out; run `amends webhooks list`, and see the gateway's log."
        yield Finding(f"{kind} on their way", str(count), advice if count > BACKLOG else "")
    failed = figures.failed_webhooks
    advice = "run `amends webhooks list`, mend the endpoint, then replay."
    yield Finding("webhooks given up", str(failed), advice if failed else "")
    overdue = figures.promises.get("overdue", 0)
    advice = "a gateway has to run; it marks them as broken and brings a person."
    yield Finding("promises overdue", str(overdue), advice if overdue else "")


def _clock(told: datetime | None, now: datetime) -> Finding:
    """Nothing can have happened in the future; a database server has a clock of its own."""
    ahead = (told - now).total_seconds() if told else 0.0
    if ahead > CLOCK_DIFFERS_SECONDS:
        state = f"{ahead:.0f} seconds behind what the database tells"
        advice = "set this machine's clock (NTP); deadlines and promises go by it."
        return Finding("clock", state, advice)
    return Finding("clock", now.isoformat(timespec="seconds"))


def _secrets(settings: Settings) -> Iterator[Finding]:
    """Files that hold secrets or customers' words are for their owner alone."""
    files = [
        settings.var_dir / "secret",
        settings.run_dir / "endpoints.yml",
        settings.project_dir / ".env",
        *_database_files(settings),
    ]
    open_to_others = [file for file in files if _others_may_read(file)]
    for file in open_to_others:
        advice = f"run `chmod 600 {file}`, or keep its folder from others (`chmod 700`)."
        yield Finding(f"permissions of {file.name}", "others may read it", advice)
    if not open_to_others:
        yield Finding("permissions of secrets", "only their owner reads them")


def _database_files(settings: Settings) -> Iterator[Path]:
    for url in (settings.database_url, settings.tracker_url):
        if url.startswith("sqlite:///"):
            yield Path(url.removeprefix("sqlite:///"))


def _others_may_read(file: Path) -> bool:
    """Whether others reach the file: it, and each folder above up to a closed one, is open."""
    try:
        if not file.stat().st_mode & stat.S_IROTH:
            return False
        return all(folder.stat().st_mode & stat.S_IXOTH for folder in file.absolute().parents)
    except OSError:
        return False


def _memory() -> Finding:
    try:
        text = Path("/proc/meminfo").read_text("ascii")
        free = int(text.split("MemAvailable:")[1].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        return Finding("memory", "not known on this system")
    advice = (
        "end other programs, or give the machine more memory; the engine needs 300 MB and more."
    )
    return Finding("memory", f"{free / 1e9:.1f} GB free", advice if free < ENOUGH_MEMORY else "")


def _engine_memory(settings: Settings) -> Finding:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"bot.serve" in words and str(settings.engine_port).encode() in words:
                status = (folder / "status").read_text("ascii")
                megabytes = int(status.split("VmRSS:")[1].split()[0]) / 1024
                return Finding("engine memory", f"{megabytes:.0f} MB")
        except (OSError, IndexError, ValueError):
            continue
    return Finding("engine memory", "not running")


def _engines(settings: Settings) -> Iterator[Finding]:
    """Ask each of several engines; one alone is looked at with the other processes."""
    from amends.wiring.model_serving import model_of_engine

    if len(settings.engine_urls) < 2:
        return
    for url in settings.engine_urls:
        model = model_of_engine(url).name
        advice = "start it there, or take it out of AMENDS_ENGINE_URL."
        yield Finding(f"engine at {url}", model or "does not answer", "" if model else advice)
    if settings.tracker_url.startswith("sqlite"):
        advice = "set AMENDS_TRACKER_URL to a PostgreSQL database, so that dialogues can move."
        yield Finding("dialogue state", "SQLite, which several engines cannot share", advice)


def _jobs(settings: Settings) -> Iterator[Finding]:
    """Ask the gateway when its jobs last did well, and what it misses itself."""
    base = f"http://{reachable(settings.gateway_host)}:{settings.gateway_port}"
    try:
        figures = httpx.get(f"{base}/metrics", timeout=PROBE_SECONDS, trust_env=False)
        ready = httpx.get(f"{base}/readyz", timeout=PROBE_SECONDS, trust_env=False)
        missing = ready.json()["missing"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        yield Finding("jobs", "not running")
        return
    for one in missing:
        yield Finding(f"gateway, {one['check']}", "missing", f"{one['why']}.")
    found = {job: float(at) for job, at in _SUCCESS.findall(figures.text)}
    if not found:
        yield Finding("jobs", "none did well yet", "wait a minute; then see the gateway's log.")
        return
    oldest = min(found, key=lambda job: found[job])
    ago = time.time() - found[oldest]
    yield Finding("jobs", f"{len(found)} did well; {oldest} {ago:.0f} seconds ago")


def _neighbours(settings: Settings) -> Iterator[Finding]:
    """Tell of each system that the settings name whether anything answers there."""
    places = {
        "refund system": (settings.payments_url, "AMENDS_PAYMENTS_URL"),
        "Chatwoot": (settings.chatwoot_url, "AMENDS_CHATWOOT_URL"),
        "receiver of traces": (settings.otlp_url, "AMENDS_OTLP_URL"),
    }
    for subject, (url, name) in places.items():
        if not url:
            yield Finding(subject, "not used")
            continue
        try:
            answer = httpx.get(url, timeout=PROBE_SECONDS, trust_env=False)
            yield Finding(subject, f"something answers ({answer.status_code})")
        except httpx.HTTPError as error:
            advice = f"start it, or correct {name}."
            yield Finding(subject, type(error).__name__, advice)
