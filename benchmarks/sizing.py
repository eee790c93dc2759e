"""How many engines, gateways and cores so many conversations need, on paper. Prints JSON.

    .venv/bin/python -m benchmarks.sizing [--conversations 10000] [--pause 30] [--markdown]
    .venv/bin/python -m benchmarks.sizing --compare

Computed by `benchmarks/simulation.py` from what `benchmarks.scaling` measured, in
`benchmarks/scaling_figures.json`. `--markdown` prints the tables of
`docs/` instead, `--compare` holds the simulation against the measured open loops.
"""

import argparse
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from benchmarks.processes import Json
from benchmarks.scaling import FIGURES
from benchmarks.schedule import Plan, open_summary, percentile, schedule
from benchmarks.simulation import LOCKS, ONLY_ONE, Costs, Installation, Size
from benchmarks.sizing_tables import (
    apart,
    compared_table,
    costs_table,
    disk,
    loads_table,
    measured_on,
    only_ones_table,
    sizes_table,
)

CONVERSATIONS = (100, 500, 1_000, 5_000, 10_000)
MOST_BUSY = 0.6
"""Above it a burst, or one process less, makes customers wait."""
LIMIT_MS = 1000.0
MINUTE = 60.0
SEED = 1
SIZED = {"engine": "engines", "gateway": "gateways", "postgresql": "postgresql_cores"}
MODERATE, MOST_OTHERS = 0.7, 0.1
"""Up to these shares of the cores, its own and other programs', a load is held against what is
computed: beyond the first a queue grows as long as the load lasts, the second is not computed."""


@dataclass(frozen=True)
class Wanted:
    """What an installation is to keep to.

    Attributes:
        pause: Mean seconds from an answer to the customer's next message.
        limit_ms: What 95 % of the turns may take at most.
        turns: At least so many are looked at.
    """

    conversations: int
    pause: float
    limit_ms: float = LIMIT_MS
    turns: int = 5_000

    @property
    def turns_per_second(self) -> float:
        return self.conversations / self.pause

    @property
    def seconds(self) -> float:
        return max(MINUTE, self.turns / self.turns_per_second)


def main() -> None:
    given = read_options()
    figures = json.loads(given.figures.read_text("utf-8"))
    if given.compare:
        loads = compare(figures)
        print(json.dumps({"loads": loads, "factor": worst_factor(loads)}, indent=1))
        return
    wanted = [Wanted(count, given.pause, given.limit_ms) for count in given.conversations]
    costs = without_customers(costs_of(figures))
    try:
        rows = [size_of(one, costs) for one in wanted]
    except ValueError as error:
        raise SystemExit(f"There is no such size: {error}.") from error
    told = {"sizes": rows, "most_turns_per_second": ceilings(costs)}
    print(markdown(figures, rows) if given.markdown else json.dumps(told, indent=1))


def markdown(figures: Json, sizes: list[Json]) -> str:
    """Return the tables of both pages that tell of this."""
    loads = compare(figures)
    measured = [measured_on(figures), loads_table(figures), compared_table(loads)]
    measured.append(apart(worst_factor(loads), MODERATE, MOST_OTHERS))
    most = ceilings(without_customers(costs_of(figures)))
    guide = [
        costs_table(figures), only_ones_table(figures, most), sizes_table(sizes), disk(figures)
    ]  # fmt: skip
    return "\n\n".join(
        ["For docs/benchmarks.md:", *measured, "For docs/how-to/size-an-installation.md:", *guide]
    )


def costs_of(figures: Json) -> Costs:
    measured = figures["costs"]
    ms = measured["cpu_ms_per_turn"] | measured["lock_ms_per_turn"]
    return Costs(ms, measured["waiting_ms"], tuple(measured["spread"]))


def without_customers(costs: Costs) -> Costs:
    """Return what an installation costs by itself: customers bring processors of their own."""
    return replace(costs, ms={part: ms for part, ms in costs.ms.items() if part != "customers"})


def size_of(wanted: Wanted, costs: Costs) -> Json:
    """Return the smallest size that keeps to the limits, and what happens there.

    Where no size does, because something of which there is only one is too busy, it says which,
    and what the work alone would need.
    """
    head = {
        "conversations": wanted.conversations,
        "pause_seconds": wanted.pause,
        "turns_per_second": round(wanted.turns_per_second, 1),
    }
    busy = busy_anyway(wanted, costs)
    worst = max(busy, key=lambda part: busy[part])
    if busy[worst] > MOST_BUSY:
        bound = {"no_size_because_of": worst, "would_be_percent": round(100 * busy[worst])}
        return head | _counts(least(wanted, costs)) | bound
    size, found = enough(wanted, costs)
    death = {"minute_after_an_engine_died": after_a_death(wanted, size, costs)}
    return head | _counts(size) | found | death


def _counts(size: Size) -> dict[str, int]:
    return {field: getattr(size, field) for field in SIZED.values()}


def enough(wanted: Wanted, costs: Costs) -> tuple[Size, Json]:
    """Begin with what the work alone needs, and add to the busiest until the limits are kept.

    Raises:
        ValueError: A turn takes longer than the limit even when it is alone.
    """
    alone = alone_p95_ms(costs)
    if alone > wanted.limit_ms:
        raise ValueError(f"a turn alone takes {alone:.0f} ms, the limit is {wanted.limit_ms:.0f}")
    size = least(wanted, costs)
    while True:
        found = play(wanted, size, costs)
        busiest = max(SIZED, key=lambda part: found["busy_percent"][part])
        quick = found["p95_ms"] <= wanted.limit_ms
        if quick and found["busy_percent"][busiest] <= 100 * MOST_BUSY:
            return size, found
        size = larger(size, busiest)


def alone_p95_ms(costs: Costs) -> float:
    return (sum(costs.ms.values()) + costs.waiting_ms) * (percentile(costs.spread, 0.95) or 1.0)


def busy_anyway(wanted: Wanted, costs: Costs) -> dict[str, float]:
    """Return how busy those parts are, whatever the size, of which an installation has one."""
    return {part: wanted.turns_per_second * costs.ms.get(part, 0.0) / 1000 for part in ONLY_ONE}


def ceilings(costs: Costs) -> dict[str, float]:
    """Return of each such part at how many turns a second it is as busy as anything may be."""
    ms = {part: costs.ms.get(part, 0.0) for part in ONLY_ONE}
    return {part: round(1000 * MOST_BUSY / one) for part, one in ms.items() if one}


def least(wanted: Wanted, costs: Costs) -> Size:
    """Return the size at which each kind is no busier than it may be, by the work alone."""
    counts = {
        field: max(1, math.ceil(wanted.turns_per_second * costs.ms[part] / 1000 / MOST_BUSY))
        for part, field in SIZED.items()
    }
    return Size(**counts)


def larger(size: Size, part: str) -> Size:
    field = SIZED[part]
    return replace(size, **{field: getattr(size, field) + 1})


def play(wanted: Wanted, size: Size, costs: Costs) -> Json:
    """Return the times of turns and how busy each kind is, once the beginning is over."""
    played = _begun(wanted, size, costs)
    began = played.env.now
    played.run(began + wanted.seconds)
    taken = played.outcome.between(began, played.env.now)
    return times(taken) | {"busy_percent": _percent(played)}


def after_a_death(wanted: Wanted, size: Size, costs: Costs) -> Json | None:
    """Return the minute after one engine died and stays away; None where there is no other."""
    if size.engines == 1:
        return None
    played = _begun(wanted, size, costs)
    began = played.env.now
    moved = played.lose_engine()
    played.run(began + MINUTE)
    taken = played.outcome.between(began, played.env.now)
    return times(taken) | {
        "conversations_moved_percent": round(100 * moved, 1),
        "engines_busy_percent": _percent(played)["engine"],
    }


def times(seconds: Sequence[float]) -> Json:
    shares = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
    found = {name: percentile(seconds, share) for name, share in shares.items()}
    return {name: round(1000 * (value or 0.0), 1) for name, value in found.items()}


def compare(figures: Json) -> list[Json]:
    """Return measured and computed open loops side by side, all parts sharing the same cores."""
    costs, cores = costs_of(figures), figures["run"]["cores"]
    run = figures["run"]
    rows = []
    for load in figures["open"]:
        plan = Plan(load["rate"], run["pause"], run["warm_up"], run["seconds"])
        size = Size(load["gateways"], load["engines"], cores, cores)
        rows.append(_compared(load, predicted(plan, size, costs), costs, cores))
    return rows


def worst_factor(loads: Iterable[Json]) -> float | None:
    """Return by what factor computed and measured differ at most; None where no load counts."""
    ratios = [one["computed_to_measured"] for one in loads if one["counts"]]
    known = [max(ratio, 1 / ratio) for ratio in ratios if ratio]
    return round(max(known), 2) if known else None


def predicted(plan: Plan, size: Size, costs: Costs) -> Json:
    """Return what the simulation says of an open loop."""
    played = Installation(size, costs, Random(SEED))
    chats = schedule(plan, Random(SEED))
    played.add_chats(chats)
    played.run(plan.end + MINUTE)
    return open_summary(plan, chats, played.outcome.turns)


def _compared(load: Json, computed: Json, costs: Costs, cores: int) -> Json:
    work = sum(ms for part, ms in costs.ms.items() if part not in LOCKS)
    share = load["offered_per_second"] * work / 1000 / cores
    measured = load["p95_ms"]
    both = measured is not None and computed["p95_ms"] is not None
    return {
        "gateways": load["gateways"],
        "engines": load["engines"],
        "rate": load["rate"],
        "cores_busy_percent": round(100 * share),
        "counts": share <= MODERATE and load["others_percent"] <= 100 * MOST_OTHERS,
        "others_percent": load["others_percent"],
        "measured_p50_ms": load["p50_ms"],
        "computed_p50_ms": computed["p50_ms"],
        "measured_p95_ms": measured,
        "computed_p95_ms": computed["p95_ms"],
        "computed_to_measured": round(computed["p95_ms"] / measured, 2) if both else None,
    }


def _begun(wanted: Wanted, size: Size, costs: Costs) -> Installation:
    """Return an installation whose customers have come to write at different moments."""
    played = Installation(size, costs, Random(SEED))
    played.add_regulars(wanted.conversations, wanted.pause)
    played.run(2 * wanted.pause)
    return played


def _percent(played: Installation) -> dict[str, float]:
    found = played.utilisation()
    return {part: round(100 * found[part], 1) for part in (*SIZED, "redis", *LOCKS)}


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--conversations", type=int, nargs="+", default=CONVERSATIONS, help="at the same time"
    )
    parser.add_argument("--pause", type=float, default=30, help="mean seconds before each message")
    parser.add_argument("--limit-ms", type=float, default=LIMIT_MS, help="for 95 %% of the turns")
    parser.add_argument("--figures", type=Path, default=FIGURES, help="what was measured")
    parser.add_argument("--compare", action="store_true", help="hold computed against measured")
    parser.add_argument("--markdown", action="store_true", help="print the tables of the pages")
    given = parser.parse_args()
    if min(given.conversations) < 1 or given.pause <= 0 or given.limit_ms <= 0:
        parser.error("conversations, pause and limit must be above nought")
    if not given.figures.is_file():
        parser.error(f"{given.figures} is missing; run `benchmarks.scaling --keep`")
    return given


if __name__ == "__main__":
    main()
