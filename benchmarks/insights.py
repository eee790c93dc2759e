"""The insights pages with many conversations: seconds per page and peak memory, as JSON.

    python -m benchmarks.insights [--conversations 100000] [--database FILE] [--rounds 5]

Fills a SQLite database (or takes one that `benchmarks.conversations` filled), starts the desk on it
as a process of its own, and asks for every page over HTTP as a manager: the last 91 days against
the 91 before, and the last 364 days. Times are of whole answers, the first one of each page left
out of the median and named beside it; memory is the most that the desk's process ever held.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx

from amends.handoff.model import StaffMember, StaffRole
from amends.insights.table import FactsQuery
from amends.storage import Conflict, Database
from amends.storage.migrate import upgrade
from amends.storage.passwords import hash_password
from amends.values import new_id, utc_now
from amends.wiring.settings import PROJECT_DIR
from benchmarks.conversations import MESSAGES, fill
from benchmarks.processes import Json, cpu_seconds, resident_mb, running, wait_until_ready

LOGIN, PASSWORD = "insights-benchmark", "correct horse battery staple"
PORT = 5590
PATHS = (
    "/insights",
    "/insights/satisfaction",
    "/insights/service",
    "/insights/cost",
    "/insights/causes",
    "/insights/quality",
    "/insights/conversations",
)
DAYS = (91, 364)
TARGET_SECONDS = 1.0
EVERYTHING = FactsQuery(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--database", type=Path, help="a file that is filled already")
    parser.add_argument("--rounds", type=int, default=5, help="how often each page is asked for")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="amends-insights-") as folder:
        file = chosen.database or Path(folder) / "insights.db"
        url = f"sqlite:///{file.resolve()}"
        if chosen.database is None:
            upgrade(url)
            fill(url, chosen.conversations)
        measured = measure(url, Path(folder), chosen.rounds)
    print(json.dumps(measured, indent=2))


def measure(database_url: str, folder: Path, rounds: int) -> Json:
    conversations = _prepare(database_url)
    environment = {
        **os.environ,
        "AMENDS_DATABASE_URL": database_url,
        "AMENDS_VAR_DIR": str(folder / "var"),
        "AMENDS_DESK_PORT": str(PORT),
    }
    address, log = f"http://127.0.0.1:{PORT}", folder / "desk.log"
    load_before = os.getloadavg()[0]
    with running([sys.executable, "-m", "amends.desk"], environment, PROJECT_DIR, log) as pid:
        wait_until_ready([f"{address}/healthz"], pid, log)
        idle = resident_mb(pid)
        with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:
            client.post("/sign-in", data={"login": LOGIN, "password": PASSWORD})
            pages = [_page(client, pid, path, days, rounds) for days in DAYS for path in PATHS]
        return {
            "conversations": conversations,
            "messages": conversations * MESSAGES,
            "cores": os.cpu_count(),
            "load_average_before": round(load_before, 1),
            "resident_mb_before": idle,
            "resident_mb_at_most": _peak_mb(pid),
            "pages": pages,
            "slowest_median_seconds": max(page["median_seconds"] for page in pages),
            "target_seconds": TARGET_SECONDS,
        }


def _prepare(database_url: str) -> int:
    """Add who asks, unless an earlier run did; return how many conversations there are."""
    database = Database(database_url)
    member = StaffMember(new_id(), LOGIN, "Benchmark", StaffRole.MANAGER, seen_at=utc_now())
    with suppress(Conflict), database.write() as uow:
        uow.staff.add(member, hash_password(PASSWORD))
        uow.commit()
    with database.read() as uow:
        count = uow.facts.count(EVERYTHING)
    database.close()
    return count


def _page(client: httpx.Client, pid: int, path: str, days: int, rounds: int) -> Json:
    taken, before = [], cpu_seconds(pid)
    for _ in range(rounds + 1):
        began = time.perf_counter()
        answer = client.get(path, params={"last": str(days)})
        taken.append(time.perf_counter() - began)
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"{path} answered {answer.status_code}")
    return {
        "path": f"{path}?last={days}",
        "first_seconds": round(taken[0], 2),
        "median_seconds": round(statistics.median(taken[1:]), 2),
        "most_seconds": round(max(taken[1:]), 2),
        "cpu_seconds_each": round((cpu_seconds(pid) - before) / (rounds + 1), 2),
        "kilobytes": round(len(answer.content) / 1024),
    }


def _peak_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return round(int(line.split()[1]) / 1024, 1)
    raise RuntimeError("no VmHWM: this benchmark needs Linux")


if __name__ == "__main__":
    main()
