"""Turns per second with more engines and gateways on PostgreSQL and Redis. Prints JSON.

    .venv/bin/python -m benchmarks.scaling [--quick] [--seconds 40] [--rounds 3] [--keep]

Everything runs on this machine, the customers too, in a process of their own: compare only within
one run, and look at `others_percent` of each load, what other programs took meanwhile. `--keep`
writes `benchmarks/scaling_figures.json`, from which `benchmarks.sizing` computes. Closed loop: so
many customers, each of whom writes when the last turn is answered. Open loop: so many turns are
offered each second, and a turn's time counts from when it was meant to be sent.
"""

import argparse
import json
import math
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from amends.wiring.settings import PROJECT_DIR
from benchmarks.__main__ import describe_run
from benchmarks.installation import NO_LIMIT
from benchmarks.loads import Loads
from benchmarks.processes import Json
from benchmarks.schedule import TURNS, Plan, quantiles
from benchmarks.seed import add_late_orders
from benchmarks.usage import database_facts, memory_mb
from tests.support.fleet import Fleet, running_fleet
from tests.support.system import until

FIGURES = PROJECT_DIR / "benchmarks" / "scaling_figures.json"
RATES = (5, 10, 20, 30, 40, 50)
CLOSED = {10: 40, 50: 100}
"""Conversations held in all, by how many are held at a time."""
PAUSE_SECONDS = 2.0
WARM_UP_SECONDS = 24.0
IDLE_SECONDS = 10.0
LIMIT_MS = 1000
SPREAD = 40


@dataclass(frozen=True)
class Options:
    seconds: float
    warm_up: float
    rounds: int
    rates: tuple[int, ...]
    closed: dict[int, int]
    alone: int


QUICK = Options(10, 16, 1, (5, 20), {10: 20}, 6)


def main() -> None:
    options, keep = read_options()
    load_before = os.getloadavg()[0]
    document = {"run": {}, **run(options)}
    document["run"] = {**describe_run(load_before), **asdict(options), "pause": PAUSE_SECONDS}
    text = json.dumps(document, indent=1)
    if keep:
        FIGURES.write_text(text + "\n", "utf-8")
    print(text)


def run(options: Options) -> Json:
    """Measure one gateway with one engine and with two in turns, then two gateways with two."""
    found: Json = {}
    with installed(1, options) as (fleet, loads):
        found["alone"], found["idle_percent"] = _alone(fleet, loads, options)
        found["closed"] = _closed_in_turns(fleet, loads, options)
        found["open"] = _open(loads, options, gateways=1, engines=2)
        with fleet.killed("engine-2"):
            _warmed(loads)
            found["open"] += _open(loads, options, gateways=1, engines=1)
        found["database"] = _bytes_per_conversation(fleet, loads)
        found["memory_mb"] = memory_mb(fleet)
    with installed(2, options) as (fleet, loads):
        found["closed"] += _closed(loads, options, gateways=2, engines=2)
        found["open"] += _open(loads, options, gateways=2, engines=2)
        found["memory_mb_of_two_gateways"] = memory_mb(fleet)
    return found | concluded(found)


def concluded(found: Json) -> Json:
    """Return what the loads come to: ratios, highest rates, and what a turn costs each part."""
    return {
        "turns_per_second_of_two_engines_to_one": {
            str(chats): two_to_one(found["closed"], chats)
            for chats in sorted({load["chats"] for load in found["closed"]})
        },
        f"highest_rate_with_p95_under_{LIMIT_MS}_ms": highest_rates(found["open"]),
        "costs": costs(found["alone"], found["closed"]),
    }


def two_to_one(loads: list[Json], chats: int) -> float:
    """Return how many times the turns a second two engines answer, behind one gateway."""
    one, two = (
        statistics.median(
            load["turns_per_second"]
            for load in loads
            if (load["gateways"], load["engines"], load["chats"]) == (1, engines, chats)
        )
        for engines in (1, 2)
    )
    return round(two / one, 2)


def highest_rates(loads: list[Json]) -> dict[str, float]:
    """Return the highest rate offered, up to the first that is too much; 0 when all are."""
    found: dict[str, float] = {}
    too_much = set()
    for load in sorted(loads, key=lambda one: one["rate"]):
        name = f"{load['gateways']} gateways, {load['engines']} engines"
        if load["p95_ms"] is None or load["p95_ms"] >= LIMIT_MS:
            too_much.add(name)
        found[name] = found.get(name, 0) if name in too_much else load["rate"]
    return found


def costs(alone: Json, loads: list[Json]) -> Json:
    """Return what a turn costs each part, and what it takes besides when nobody else writes.

    Processor time is that of one engine and one gateway under the smallest closed load: with fewer
    turns a second what goes on in the background would weigh on each. Locks are those of a customer
    alone: under a load on few cores whoever holds one waits for a core.
    """
    fewest = min(load["chats"] for load in loads)
    chosen = [
        load["cpu_ms_per_turn"]
        for load in loads
        if (load["gateways"], load["engines"], load["chats"]) == (1, 1, fewest)
    ]
    ms = {part: round(statistics.median(one[part] for one in chosen), 2) for part in chosen[0]}
    locks = {name: lock["held_ms_per_turn"] for name, lock in alone["locks"].items()}
    known = sum(alone["cpu_ms_per_turn"].values()) + sum(locks.values())
    return {
        "cpu_ms_per_turn": ms,
        "lock_ms_per_turn": locks,
        "waiting_ms": round(max(0.0, statistics.fmean(alone["taken_ms"]) - known), 1),
        "spread": [round(one, 3) for one in quantiles(alone["taken_ms"], SPREAD)],
    }


@contextmanager
def installed(gateways: int, options: Options) -> Iterator[tuple[Fleet, Loads]]:
    """Start gateways and two engines with orders to complain about."""
    with tempfile.TemporaryDirectory(prefix="amends-scaling-") as name:
        folder = Path(name)
        settings = {"messages_per_minute": NO_LIMIT, "conversations_per_minute": NO_LIMIT}
        with running_fleet(folder / "fleet", gateways, 2, **settings) as fleet:
            orders = add_late_orders(fleet.postgres.url("amends"), orders_needed(options))
            loads = Loads(fleet, orders)
            loads.closed(4, 8)
            yield fleet, loads


def orders_needed(options: Options) -> int:
    """Return for how many conversations orders are needed: what all loads hold, and a half more."""
    in_open = sum(options.rates) * (options.warm_up + options.seconds) / TURNS
    in_closed = (options.rounds + 1) * sum(options.closed.values()) + options.alone
    warming = 8 * (options.rounds + 4)
    return math.ceil(1.5 * (2 * in_open + 2 * in_closed + warming))


def _alone(fleet: Fleet, loads: Loads, options: Options) -> tuple[Json, Json]:
    with fleet.killed("engine-2"):
        _warmed(loads)
        idle = loads.idle(IDLE_SECONDS)
        alone = loads.closed(1, options.alone)
    _warmed(loads)
    return alone, idle


def _closed_in_turns(fleet: Fleet, loads: Loads, options: Options) -> list[Json]:
    """Load one engine and two by turns, so that whatever else the machine does meets both."""
    found = []
    for _ in range(options.rounds):
        found += _closed(loads, options, gateways=1, engines=2)
        with fleet.killed("engine-2"):
            _warmed(loads)
            found += _closed(loads, options, gateways=1, engines=1)
        _warmed(loads)
    return found


def _closed(loads: Loads, options: Options, gateways: int, engines: int) -> list[Json]:
    size = {"gateways": gateways, "engines": engines}
    return [size | _told(loads.closed(*load)) for load in options.closed.items()]


def _told(load: Json) -> Json:
    return {name: value for name, value in load.items() if name != "taken_ms"}


def _open(loads: Loads, options: Options, gateways: int, engines: int) -> list[Json]:
    size = {"gateways": gateways, "engines": engines}
    plans = (Plan(rate, PAUSE_SECONDS, options.warm_up, options.seconds) for rate in options.rates)
    return [size | loads.open(plan) for plan in plans]


def _warmed(loads: Loads) -> None:
    """Wait for an engine that was started, and let conversations find it or find it gone."""
    machines = [one for one in loads.fleet.machines.values() if one.process is not None]
    until(lambda: all(one.serves() for one in machines), 300, loads.fleet.keep_up)
    time.sleep(2)
    loads.closed(4, 8)


def _bytes_per_conversation(fleet: Fleet, loads: Loads) -> Json:
    after = database_facts(fleet)
    count = after["conversations"] - loads.at_first["conversations"]
    return {
        "server": after["server"],
        "conversations": count,
        "bytes_per_conversation": {
            name: round((after[name]["bytes"] - loads.at_first[name]["bytes"]) / count)
            for name in ("amends", "tracker")
        },
        "connections": {name: after[name]["connections"] for name in ("amends", "tracker")},
    }


def read_options() -> tuple[Options, bool]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rates, shorter; to try it")
    parser.add_argument("--seconds", type=float, default=40, help="measured at each rate")
    parser.add_argument("--rounds", type=int, default=3, help="of the closed loop")
    parser.add_argument("--keep", action="store_true", help=f"write {FIGURES.name}")
    given = parser.parse_args()
    full = Options(given.seconds, WARM_UP_SECONDS, given.rounds, RATES, CLOSED, 15)
    return QUICK if given.quick else full, given.keep


if __name__ == "__main__":
    main()
