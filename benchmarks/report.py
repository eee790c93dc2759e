"""What the measurements mean: ratios to the baseline, and the project's targets."""

from benchmarks.processes import Json

TARGET_P95_MS = 50
TARGET_RATIO = 4
TARGET_ENGINE_MB = 350
TARGET_WARM_START_SECONDS = 15


def ratios(measured: Json) -> list[Json]:
    """Return, by load, how much quicker Amends is than the baseline; empty without one."""
    if "stock" not in measured:
        return []
    pairs = zip(measured["amends"]["turns"], measured["stock"]["turns"], strict=True)
    return [_ratio(ours, theirs) for ours, theirs in pairs]


def targets(measured: Json) -> list[Json]:
    """Return each target with what was measured; a busy machine misses them by its own fault."""
    amends = measured["amends"]
    alone = _at(amends["turns"], 1)
    found = [
        _target("p95 of a turn, one conversation, ms", TARGET_P95_MS, alone["p95_ms"]),
        _target(
            "engine's memory, MB", TARGET_ENGINE_MB, amends["resident_mb_after_load"]["engine"]
        ),
        _target("warm start, s", TARGET_WARM_START_SECONDS, amends["warm_start_seconds"]),
    ]
    for ratio in ratios(measured):
        if ratio["chats"] == 10:
            value = ratio["turns_per_second"]
            name = "turns per second at 10 conversations, times the baseline's"
            met = value >= TARGET_RATIO
            found.append({"target": name, "at_least": TARGET_RATIO, "is": value, "met": met})
    return found


def _ratio(ours: Json, theirs: Json) -> Json:
    return {
        "chats": ours["chats"],
        "turns_per_second": round(ours["turns_per_second"] / theirs["turns_per_second"], 2),
        "p50": round(theirs["p50_ms"] / ours["p50_ms"], 2),
        "p95": round(theirs["p95_ms"] / ours["p95_ms"], 2),
        "cpu_per_turn": round(_cpu(theirs) / _cpu(ours), 2),
    }


def _cpu(load: Json) -> float:
    return max(float(sum(load["cpu_ms_per_turn"].values())), 0.1)


def _target(name: str, limit: float, value: float) -> Json:
    return {"target": name, "at_most": limit, "is": value, "met": value <= limit}


def _at(turns: list[Json], chats: int) -> Json:
    return next(load for load in turns if load["chats"] == chats)
