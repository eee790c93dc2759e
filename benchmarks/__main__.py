"""Measure a whole installation under load, beside Rasa's defaults. Prints one JSON document.

    python -m benchmarks [--quick] [--without-stock] [--stock-epochs 8] [--port 5570]

It trains Amends, starts it twice (cold and warm), and lets the same complaint be made at 1, 10
and 50 conversations at a time, in turns with a stock Rasa server. Before that it measures the
policy alone (`benchmarks/policy.py`) and a log of a million messages (`benchmarks/scoring.py`). The
result is also kept in `benchmarks/results/`. Every figure depends on the machine and on what else
it does: compare only within one run.
"""

import argparse
import asyncio
import json
import os
import platform
import subprocess
import tempfile
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from amends.wiring.settings import PROJECT_DIR
from benchmarks import policy, report, scoring, stock
from benchmarks.doors import Door, EngineDoor, GatewayDoor, RestDoor
from benchmarks.installation import Installation, Running
from benchmarks.load import measure_load
from benchmarks.processes import Json
from benchmarks.seed import add_late_orders

RESULTS = PROJECT_DIR / "benchmarks" / "results"
LOADS = {1: 12, 10: 40, 50: 100}
"""Conversations held in all, by how many are held at a time."""
QUICK_LOADS = {1: 4, 10: 20, 50: 50}
SCORED, QUICK_SCORED = 100_000, 5_000
"""Conversations of ten messages each, whose pages are asked for and which are scored anew."""
WARM_UP = 3
STOCK_EPOCHS = 8
"""Rasa's default of 100 takes DIET hours on two cores; the result says how many it were."""


@dataclass(frozen=True)
class Options:
    loads: dict[int, int]
    port: int
    stock_epochs: int
    stock_model: Path | None
    with_stock: bool


def main() -> None:
    options = read_options()
    load_before = os.getloadavg()[0]
    decisions = policy.measure()
    log = scoring.measure(QUICK_SCORED if options.loads is QUICK_LOADS else SCORED)
    with tempfile.TemporaryDirectory(prefix="amends-bench-") as folder:
        measured = {**run(options, Path(folder)), "policy": decisions, "log": log}
    document = {"run": describe_run(load_before), **measured}
    document["ratios"] = report.ratios(measured)
    document["targets"] = report.targets(measured)
    text = json.dumps(document, indent=2)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json").write_text(text + "\n", "utf-8")
    print(text)


def run(options: Options, folder: Path) -> Json:
    baseline = prepare_stock(options) if options.with_stock else None
    installation = Installation(folder, options.port)
    training = installation.train()
    with installation.up() as cold:
        cold_seconds = cold.ready_seconds
    with installation.up() as running:
        serving = (
            stock.served(
                baseline.path, folder / "stock", options.port + 4, installation.actions_url
            )
            if baseline
            else nullcontext()
        )
        with serving as server:
            loads = asyncio.run(measure(options, installation, running, server))
            found = {"amends": describe_amends(training, cold_seconds, running, loads)}
            if baseline and server:
                found["stock"] = {
                    "training": baseline.facts,
                    "ready_seconds": server.ready_seconds,
                    "resident_mb": server.resident_mb(),
                    "turns": loads["stock"],
                }
    return found


def serve_stock(
    baseline: stock.Model | None, installation: Installation, options: Options
) -> AbstractContextManager[stock.Server | None]:
    if baseline is None:
        return nullcontext()
    folder = installation.folder / "stock"
    return stock.served(baseline.path, folder, options.port + 4, installation.actions_url)


async def measure(
    options: Options, installation: Installation, running: Running, server: stock.Server | None
) -> dict[str, list[Json]]:
    """Load both in turns, so that whatever else the machine does meets both."""
    count = 3 * (WARM_UP + sum(options.loads.values()))
    orders = add_late_orders(installation.database_url, count)
    pids = running.pids
    found: dict[str, list[Json]] = {}
    async with (
        client(installation.url) as gateway,
        client(installation.engine_url) as engine,
        client(server.url if server else "") as rest,
    ):
        doors: dict[str, tuple[Door, dict[str, int]]] = {
            "gateway": (GatewayDoor(gateway), running.answering),
            "engine": (
                EngineDoor(gateway, engine),
                {"engine": pids["engine"], "actions": pids["gateway"]},
            ),
        }
        if server:
            both = {"engine": server.pid, "actions": pids["gateway"]}
            doors["stock"] = (RestDoor(gateway, rest), both)
        for door, used in doors.values():
            await measure_load(door, orders, 1, WARM_UP, used)
        for chats, conversations in options.loads.items():
            for name, (door, used) in doors.items():
                load = await measure_load(door, orders, chats, conversations, used)
                found.setdefault(name, []).append(load)
    return found


def client(url: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    return httpx.AsyncClient(base_url=url, timeout=120, limits=limits, trust_env=False)


def prepare_stock(options: Options) -> stock.Model:
    stock.set_up()
    if options.stock_model:
        facts = json.loads(options.stock_model.with_suffix(".json").read_text(encoding="utf-8"))
        return stock.Model(options.stock_model, facts)
    return stock.trained(RESULTS, options.stock_epochs)


def describe_amends(
    training: Json, cold_seconds: float, running: Running, loads: dict[str, list[Json]]
) -> Json:
    return {
        "training": training,
        "cold_start_seconds": cold_seconds,
        "warm_start_seconds": running.ready_seconds,
        "resident_mb_after_load": running.resident_mb(),
        "engine_has_loaded_tensorflow": running.engine_has_tensorflow(),
        "turns": loads["gateway"],
        "turns_of_engine_alone": loads["engine"],
    }


def describe_run(load_before: float) -> Json:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT_DIR, capture_output=True, text=True
    )
    return {
        "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "commit": commit.stdout.strip(),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "load_average_before": round(load_before, 1),
        "load_average_after": round(os.getloadavg()[0], 1),
        "turns_per_conversation": 8,
    }


def read_options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer conversations")
    parser.add_argument("--without-stock", action="store_true", help="leave the comparison out")
    parser.add_argument(
        "--stock-epochs", type=int, default=STOCK_EPOCHS,
        help="how long the baseline is trained: more takes hours, and changes no latency",
    )  # fmt: skip
    parser.add_argument(
        "--stock-model", type=Path, help="a trained baseline, its facts in a .json beside it"
    )
    parser.add_argument("--port", type=int, default=5570, help="first of five ports")
    chosen = parser.parse_args()
    return Options(
        QUICK_LOADS if chosen.quick else LOADS,
        chosen.port,
        chosen.stock_epochs,
        chosen.stock_model.resolve() if chosen.stock_model else None,
        not chosen.without_stock,
    )


if __name__ == "__main__":
    main()
