"""The tables of the sizing guide and of the page of benchmarks, in Markdown."""

from collections.abc import Iterable, Sequence

from benchmarks.processes import Json

LOADS = (
    "gateways", "engines", "load", "turns/s", "p50 ms", "p95 ms", "without answer",
    "other programs",
)  # fmt: skip
COSTS = ("part", "processor ms a turn", "resident MB")
ONLY_ONES = ("of which there is one", "ms a turn", "60 % busy at turns/s")
NAMES = {
    "redis": "Redis",
    "budget_lock": "the lock of the day's budget",
    "audit_lock": "the lock of the audit log's end",
}
COMPARED = ("gateways", "engines", "turns/s offered", "cores busy", "measured", "computed", "ratio")
BUSY = ("engine", "gateway", "postgresql", "redis", "budget_lock", "audit_lock")
SIZES = (
    "conversations at a time",
    "turns/s",
    "engines",
    "gateways",
    "PostgreSQL cores",
    "p50, p95, p99 ms",
    "busy: engines, gateways, PostgreSQL, Redis, budget's lock, log's lock",
    "the minute after an engine died: p95 ms, other engines busy",
)


def measured_on(figures: Json) -> str:
    """Return when and beside what it was measured, as a sentence."""
    run, alone = figures["run"], figures["alone"]
    return (
        f"{run['at'][:10]}, commit {run['commit']}, {run['cores']} cores,"
        f" PostgreSQL {figures['database']['server'].split()[0]};"
        f" load average {run['load_average_before']} before and {run['load_average_after']} after,"
        f" of the cores {alone['others_percent']:.0f} % taken by other programs while one customer"
        " wrote."
    )


def loads_table(figures: Json) -> str:
    """Return what was measured: closed loops, then open ones."""
    return _table(LOADS, [_load(load) for load in (*figures["closed"], *figures["open"])])


def costs_table(figures: Json) -> str:
    """Return what a turn costs each part of one gateway and one engine, and their memory."""
    return _table(COSTS, [_cost(part, ms, figures["memory_mb"]) for part, ms in _costs(figures)])


def disk(figures: Json) -> str:
    """Return what a conversation leaves in each database, as a sentence."""
    kb = {name: n / 1000 for name, n in figures["database"]["bytes_per_conversation"].items()}
    return (
        "A conversation of eight turns with a case and an accepted offer takes"
        f" {kb['amends']:.0f} kB of the database,"
        f" and the state of its dialogue {kb['tracker']:.0f} kB of the engines'."
    )


def only_ones_table(figures: Json, most: Json) -> str:
    """Return what bounds every installation, and where."""
    measured = figures["costs"]
    ms = measured["cpu_ms_per_turn"] | measured["lock_ms_per_turn"]
    return _table(ONLY_ONES, [[NAMES[part], str(ms[part]), f"{most[part]:,}"] for part in most])


def compared_table(rows: Iterable[Json]) -> str:
    return _table(COMPARED, map(_compared, rows))


def apart(factor: float | None, own: float, others: float) -> str:
    """Return how far computed and measured are apart, as a sentence."""
    loads = (
        f"loads of up to {own:.0%} of the cores, with up to {others:.0%} taken by other programs"
    ).replace("%", " %")
    if factor is None:
        return f"The computation is not confirmed: in this run there were no {loads}."
    return f"Of {loads}, the computed p95 was within a factor of {factor} of the measured one."


def sizes_table(rows: Iterable[Json]) -> str:
    return _table(SIZES, map(_size, rows))


def _load(load: Json) -> list[str]:
    closed = "chats" in load
    return [
        str(load["gateways"]),
        str(load["engines"]),
        f"{load['chats']} customers" if closed else f"{load['rate']} turns/s offered",
        str(load["turns_per_second"] if closed else load["answered_per_second"]),
        _ms(load["p50_ms"]),
        _ms(load["p95_ms"]),
        str(load["failed_conversations" if closed else "turns_without_answer"]),
        f"{load['others_percent']:.0f} %",
    ]


def _costs(figures: Json) -> Iterable[tuple[str, float]]:
    return figures["costs"]["cpu_ms_per_turn"].items()


def _cost(part: str, ms: float, memory: Json) -> list[str]:
    used = memory.get(part, "-")
    most = max(used) if isinstance(used, list) else used
    return [part, str(ms), str(most)]


def _compared(row: Json) -> list[str]:
    ratio = row["computed_to_measured"]
    return [
        str(row["gateways"]),
        str(row["engines"]),
        str(row["rate"]),
        f"{row['cores_busy_percent']} %",
        _ms(row["measured_p95_ms"]),
        _ms(row["computed_p95_ms"]),
        "-" if ratio is None else str(ratio),
    ]


def _size(row: Json) -> list[str]:
    counts = ("turns_per_second", "engines", "gateways", "postgresql_cores")
    head = [f"{row['conversations']:,}", *(str(row[name]) for name in counts)]
    if bound := row.get("no_size_because_of"):
        return [*head, f"no size does: {NAMES[bound]} {row['would_be_percent']} % busy", "-", "-"]
    shares = [f"{row['busy_percent'][part]:.0f} %" for part in BUSY]
    return [
        *head,
        ", ".join(f"{row[name]:.0f}" for name in ("p50_ms", "p95_ms", "p99_ms")),
        ", ".join(shares),
        _death(row["minute_after_an_engine_died"]),
    ]


def _death(found: Json | None) -> str:
    if found is None:
        return "nobody is answered until it is back"
    return f"{found['p95_ms']:.0f}, {found['engines_busy_percent']:.0f} %"


def _ms(ms: float | None) -> str:
    return "never" if ms is None else f"{ms:,.0f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(line)} |" for line in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])
