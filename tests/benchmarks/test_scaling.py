"""What the loads on several engines come to, and how the customers of a load keep to their plan."""

import os
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field, replace

import pytest

from benchmarks.customers import Heard, SpreadDoor, _customer
from benchmarks.doors import TurnFailed
from benchmarks.locks import Watched
from benchmarks.processes import Json
from benchmarks.scaling import Options, costs, highest_rates, orders_needed, two_to_one
from benchmarks.script import Step
from benchmarks.usage import _cpu, _own_share_mb


def closed(engines: int, chats: int, rate: float, gateways: int = 1, ms: float = 10) -> Json:
    return {
        "gateways": gateways,
        "engines": engines,
        "chats": chats,
        "turns_per_second": rate,
        "cpu_ms_per_turn": {"engine": ms, "gateway": 2 * ms},
    }


def opened(rate: float, p95: float | None, engines: int = 1) -> Json:
    return {"gateways": 1, "engines": engines, "rate": rate, "p95_ms": p95}


class TestTwoToOne:
    def test_given_several_rounds_then_the_ratio_of_the_medians(self) -> None:
        loads = [
            closed(1, 10, 20), closed(2, 10, 30), closed(1, 10, 22), closed(2, 10, 33),
            closed(1, 10, 2), closed(2, 10, 31), closed(2, 50, 99), closed(1, 50, 1),
            closed(2, 10, 90, gateways=2),
        ]  # fmt: skip

        assert two_to_one(loads, 10) == 1.55


class TestHighestRates:
    def test_given_rates_then_the_last_before_the_first_that_is_too_much(self) -> None:
        loads = [opened(30, 900), opened(20, 1200), opened(10, 400), opened(5, 90)]

        assert highest_rates(loads) == {"1 gateways, 1 engines": 10}

    def test_given_turns_without_an_answer_then_it_is_too_much(self) -> None:
        loads = [opened(5, 90), opened(10, None), opened(5, None, engines=2)]

        assert highest_rates(loads) == {"1 gateways, 1 engines": 5, "1 gateways, 2 engines": 0}


class TestCosts:
    def test_given_loads_then_those_of_one_engine_at_the_smallest_and_the_rest_is_waiting(
        self,
    ) -> None:
        alone = {
            "taken_ms": [20.0] * 20 + [60.0] * 20,
            "cpu_ms_per_turn": {"engine": 9.0, "gateway": 16.0},
            "locks": {"audit_lock": {"held_ms_per_turn": 2.5}},
        }
        loads = [closed(1, 10, 20), closed(1, 50, 20, ms=99), closed(2, 10, 30, ms=99)]

        told = costs(alone, loads)

        assert told["cpu_ms_per_turn"] == {"engine": 10, "gateway": 20}
        assert told["lock_ms_per_turn"] == {"audit_lock": 2.5}
        assert told["waiting_ms"] == 12.5
        assert told["spread"] == [0.5] * 20 + [1.5] * 20

    def test_given_more_work_than_time_then_nothing_is_waited_for(self) -> None:
        alone = {"taken_ms": [20.0], "cpu_ms_per_turn": {"engine": 30.0}, "locks": {}}

        assert costs(alone, [closed(1, 10, 20)])["waiting_ms"] == 0


class TestUsage:
    def test_given_a_connection_that_has_just_ended_then_it_uses_nothing(self) -> None:
        ended = subprocess.Popen(["true"])
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)  # known still, with nothing left

        assert _own_share_mb(ended.pid) == 0
        ended.wait()
        assert _own_share_mb(ended.pid) == 0
        assert _cpu(ended.pid) == 0

    def test_given_a_process_then_its_memory_and_time(self) -> None:
        assert _own_share_mb(os.getpid()) > 1
        assert _cpu(os.getpid()) > 0


class TestWatchedLocks:
    def test_given_samples_then_the_share_of_time_and_of_each_turn(self) -> None:
        seen = Watched(200, Counter(audit_lock=50), Counter(audit_lock=10))

        told = seen.told(seconds=10, turns=100)

        assert told["audit_lock"] == {
            "held_percent": 25,
            "held_ms_per_turn": 25,
            "waiting_on_average": 0.05,
        }
        assert told["budget_lock"]["held_percent"] == 0


@dataclass
class Bot:
    """Answers at once, and fails at one turn."""

    fails_at: int = 0
    said: list[str] = field(default_factory=list)
    opened: int = 0

    async def open(self) -> "Bot":
        self.opened += 1
        return self

    async def take(self, step: Step) -> list[str]:
        self.said.append(step.text)
        if len(self.said) == self.fails_at:
            raise TurnFailed("no answer")
        return ["It is settled." if step.text == "Yes, I accept" else "Yes?"]


class TestCustomer:
    async def test_given_a_turn_sent_late_then_its_time_counts_from_when_it_was_meant(self) -> None:
        heard = Heard()

        await _customer(Bot(), "40001", (-5.0, -1.0), time.perf_counter(), heard)

        (first, waited), (second, less) = heard.answered
        assert (first, second) == (-5.0, -1.0)
        assert waited >= 5 > 4 > less - waited + 5 - 1
        assert less >= 1

    async def test_given_a_whole_conversation_then_it_is_counted_as_settled(self) -> None:
        heard = Heard()

        await _customer(Bot(), "40001", (-1.0,) * 8, time.perf_counter(), heard)

        assert heard.settled == 1

    async def test_given_a_turn_that_fails_then_the_customer_leaves_and_it_is_told(self) -> None:
        bot, heard = Bot(fails_at=2), Heard()

        await _customer(bot, "40001", (-1.0,) * 8, time.perf_counter(), heard)

        assert len(heard.answered) == 1
        assert heard.failures == ["TurnFailed: no answer"]
        assert len(bot.said) == 2

    async def test_given_several_gateways_then_conversations_begin_at_each_by_turns(self) -> None:
        bots = [Bot(), Bot()]
        door = SpreadDoor(bots)

        for _ in range(4):
            await door.open()

        assert [bot.opened for bot in bots] == [2, 2]


def test_given_longer_loads_then_more_orders_are_needed() -> None:
    few = Options(10, 10, 1, (8,), {10: 20}, 5)

    # Two installations of the same gateway: 20 conversations each in the open loop, and 40 closed.
    assert orders_needed(few) >= 2 * 20 + 2 * 2 * 20 + 5
    assert orders_needed(replace(few, seconds=1000)) >= 2 * 1010


@pytest.mark.parametrize("chats", [10, 50])
def test_given_the_same_rate_then_the_ratio_is_one(chats: int) -> None:
    assert two_to_one([closed(1, chats, 20), closed(2, chats, 20)], chats) == 1
