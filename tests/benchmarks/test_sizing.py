"""What the sizing asks for, and how it is held against measured figures."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.simulation import Costs, Size
from benchmarks.sizing import (
    MOST_BUSY,
    Wanted,
    after_a_death,
    ceilings,
    compare,
    costs_of,
    enough,
    larger,
    least,
    markdown,
    size_of,
    times,
    without_customers,
    worst_factor,
)
from benchmarks.sizing_tables import compared_table, sizes_table

MS = {"engine": 20.0, "gateway": 15.0, "postgresql": 10.0, "redis": 1.0}
SPREAD = (0.5, 1.0, 1.5)
SLOW = Costs({part: 10 * ms for part, ms in MS.items()}, waiting_ms=50, spread=SPREAD)
WANTED = Wanted(conversations=60, pause=10, limit_ms=10_000, turns=1_000)


def figures() -> dict[str, Any]:
    size = {"gateways": 1, "engines": 1}
    load = {**size, "p50_ms": 60.0, "others_percent": 1.0}
    return {
        "run": {
            "cores": 2, "pause": 2.0, "warm_up": 16, "seconds": 30, "at": "2026-11-30T20:00:00Z",
            "commit": "abc1234", "load_average_before": 0.5, "load_average_after": 2.0,
        },
        "alone": {"others_percent": 4.2},
        "database": {
            "server": "15.20 (Debian)",
            "bytes_per_conversation": {"amends": 48_098, "tracker": 31_765},
        },
        "costs": {
            "cpu_ms_per_turn": MS | {"customers": 2.0},
            "lock_ms_per_turn": {"budget_lock": 3.0, "audit_lock": 1.5},
            "waiting_ms": 5,
            "spread": [0.5, 1.0, 1.5],
        },
        "memory_mb": {"engine": [300.0, 301.5], "gateway": [130.0], "postgresql": 90.0},
        "closed": [
            {
                **size, "chats": 10, "turns_per_second": 31.5, "p50_ms": 200.0, "p95_ms": 1400.0,
                "others_percent": 3.2, "failed_conversations": 2,
            },
        ],
        "open": [
            {
                **load, "rate": 10, "offered_per_second": 10, "answered_per_second": 10,
                "p95_ms": 100.0, "turns_without_answer": 0,
            },
            {
                **load, "rate": 60, "offered_per_second": 60, "answered_per_second": 41.0,
                "p95_ms": None, "turns_without_answer": 9,
            },
        ],
    }  # fmt: skip


class TestLeast:
    def test_given_costs_then_no_kind_is_busier_than_it_may_be_by_the_work_alone(self) -> None:
        assert least(WANTED, SLOW) == Size(engines=2, gateways=2, postgresql_cores=1)

    def test_given_hardly_a_turn_then_one_of_each(self) -> None:
        assert least(Wanted(1, 30), SLOW) == Size()


class TestEnough:
    def test_given_limits_then_the_size_keeps_to_both(self) -> None:
        size, found = enough(WANTED, SLOW)

        assert found["p95_ms"] <= WANTED.limit_ms
        busy = found["busy_percent"]
        assert max(busy[part] for part in ("engine", "gateway", "postgresql")) <= 100 * MOST_BUSY
        assert busy["redis"] == pytest.approx(6, abs=1)
        # The engine waits while PostgreSQL saves the dialogue: the work alone does not tell.
        assert size.engines > least(WANTED, SLOW).engines

    def test_given_a_stricter_limit_then_more_than_the_work_needs(self) -> None:
        lax, found = enough(WANTED, SLOW)

        strict, _ = enough(replace(WANTED, limit_ms=found["p95_ms"] * 0.9), SLOW)

        assert strict != lax
        assert strict.engines + strict.gateways + strict.postgresql_cores > (
            lax.engines + lax.gateways + lax.postgresql_cores
        )

    def test_given_the_busiest_then_one_more_of_it(self) -> None:
        assert larger(Size(), "postgresql") == Size(postgresql_cores=2)


class TestLimitThatNothingKeeps:
    def test_given_a_limit_below_a_turn_alone_then_it_is_refused(self) -> None:
        with pytest.raises(ValueError, match="a turn alone takes"):
            enough(replace(WANTED, limit_ms=500), SLOW)


class TestOnlyOne:
    LOCKED = replace(SLOW, ms=SLOW.ms | {"budget_lock": 120.0})

    def test_given_a_lock_that_would_be_too_busy_then_no_size_and_why(self) -> None:
        told = size_of(WANTED, self.LOCKED)

        assert told["no_size_because_of"] == "budget_lock"
        assert told["would_be_percent"] == 72
        assert (told["engines"], told["gateways"], told["postgresql_cores"]) == (2, 2, 1)
        assert "| 2 | 2 | 1 | no size does: the lock of the day's budget 72 % busy |" in (
            sizes_table([told])
        )

    def test_given_costs_then_the_turns_a_second_that_no_process_more_gets_beyond(self) -> None:
        assert ceilings(self.LOCKED) == {"redis": 60, "budget_lock": 5}


class TestDeath:
    def test_given_one_engine_then_there_is_no_other(self) -> None:
        assert after_a_death(WANTED, Size(), SLOW) is None

    def test_given_several_then_the_others_get_busier(self) -> None:
        told = size_of(WANTED, SLOW)

        minute = told["minute_after_an_engine_died"]
        assert minute["engines_busy_percent"] > told["busy_percent"]["engine"]
        assert minute["conversations_moved_percent"] == pytest.approx(100 / told["engines"], abs=8)


class TestCompare:
    def test_given_measured_loads_then_computed_ones_beside_them(self) -> None:
        moderate, overloaded = compare(figures())

        assert moderate["counts"]
        assert moderate["computed_to_measured"] == round(moderate["computed_p95_ms"] / 100, 2)
        assert 0.5 < moderate["computed_to_measured"] < 2
        assert not overloaded["counts"]
        assert overloaded["computed_to_measured"] is None
        assert overloaded["computed_p50_ms"] > 1000

    def test_given_a_load_beside_other_programs_then_it_confirms_nothing(self) -> None:
        beside = figures()
        beside["open"] = [one | {"others_percent": 40.0} for one in beside["open"]]

        assert not any(one["counts"] for one in compare(beside))
        assert "The computation is not confirmed" in markdown(beside, [])

    def test_given_figures_then_customers_bring_processors_of_their_own(self) -> None:
        costs = without_customers(costs_of(figures()))

        assert costs.ms == MS | {"budget_lock": 3.0, "audit_lock": 1.5}


class TestWorstFactor:
    def test_given_moderate_loads_then_the_largest_factor_either_way(self) -> None:
        loads = [
            {"counts": True, "computed_to_measured": 1.2},
            {"counts": True, "computed_to_measured": 0.5},
            {"counts": True, "computed_to_measured": None},
            {"counts": False, "computed_to_measured": 9.0},
        ]

        assert worst_factor(loads) == 2

    def test_given_no_moderate_load_then_none(self) -> None:
        assert worst_factor([{"counts": False, "computed_to_measured": 9.0}]) is None


class TestTables:
    def test_given_sizes_then_one_row_each(self) -> None:
        table = sizes_table(
            [size_of(replace(WANTED, conversations=10), SLOW), size_of(WANTED, SLOW)]
        )

        head, line, small, large = table.splitlines()
        assert line == "|" + "---|" * (head.count("|") - 1)
        assert small.startswith("| 10 | 1.0 | 1 | 1 | 1 |")
        assert "until it is back" in small
        assert large.startswith("| 60 | 6.0 |")

    def test_given_a_load_that_was_never_answered_then_the_table_says_so(self) -> None:
        table = compared_table(compare(figures()))

        assert "| never |" in table
        assert "| 100 |" in table

    def test_given_figures_then_all_tables_and_the_pages_they_belong_to(self) -> None:
        told = markdown(figures(), [])

        assert "| 1 | 1 | 10 customers | 31.5 | 200 | 1,400 | 2 | 3 % |" in told
        assert "| 1 | 1 | 60 turns/s offered | 41.0 | 60 | never | 9 | 1 % |" in told
        assert "| engine | 20.0 | 301.5 |" in told
        assert "| customers | 2.0 | - |" in told
        assert "| the lock of the day's budget | 3.0 | 200 |" in told
        assert "2026-11-30, commit abc1234, 2 cores, PostgreSQL 15.20;" in told
        assert "within a factor of 1." in told
        assert "48 kB of the database" in told
        assert told.index("benchmarks.md") < told.index("size-an-installation.md")


class TestTimes:
    def test_given_seconds_then_milliseconds(self) -> None:
        assert times([0.1] * 98 + [0.5, 0.9]) == {"p50_ms": 100, "p95_ms": 100, "p99_ms": 500}
