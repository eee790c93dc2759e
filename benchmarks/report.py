"""What the measurements mean: ratios to the baseline, and the project's targets."""

from benchmarks.processes import Json

TARGET_P95_MS = 50
TARGET_RATIO = 4
TARGET_ENGINE_MB = 350
TARGET_WARM_START_SECONDS = 15
TARGET_DECISIONS_PER_SECOND = 20_000
TARGET_SIMULATE_SECONDS = 30


def ratios(measured: Json) -> dict[str, list[Json]]:
    """Return, by load, how much quicker Amends is than the baseline; empty without one.

    `engine_to_engine` compares the two Rasa servers behind the same actions; `whole` adds what
    the gateway does for a turn besides: message log, delivery exactly once, thresholds.
    """
    if "stock" not in measured:
        return {}
    theirs = measured["stock"]["turns"]
    return {
        "whole": _ratios(measured["amends"]["turns"], theirs),
        "engine_to_engine": _ratios(measured["amends"]["turns_of_engine_alone"], theirs),
    }


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
    for kind, by_load in ratios(measured).items():
        value = _at(by_load, 10)["turns_per_second"]
        name = f"turns per second at 10 conversations, times the baseline's, {kind}"
        found.append(_at_least(name, TARGET_RATIO, value))
    return found + policy_targets(measured["policy"])


def policy_targets(measured: Json) -> list[Json]:
    """Return the targets of the policy alone; by processor time, which others disturb less."""
    simulated = measured["simulate"]
    return [
        _at_least(
            "decisions per second on one core",
            TARGET_DECISIONS_PER_SECOND,
            measured["decide"]["decisions_per_second"],
        ),
        _target(
            f"simulation of {simulated['cases']} cases, s of processor time",
            TARGET_SIMULATE_SECONDS,
            simulated["cpu_seconds"],
        ),
    ]


def _ratios(ours: list[Json], theirs: list[Json]) -> list[Json]:
    return [_ratio(*pair) for pair in zip(ours, theirs, strict=True)]


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


def _at_least(name: str, limit: float, value: float) -> Json:
    return {"target": name, "at_least": limit, "is": value, "met": value >= limit}


def _at(turns: list[Json], chats: int) -> Json:
    return next(load for load in turns if load["chats"] == chats)
