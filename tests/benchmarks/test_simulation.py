"""The simulation against what is known of queues. No clock is asked: a seed gives each number."""

import math
from collections.abc import Sequence
from random import Random
from statistics import fmean

import pytest

from amends.wiring.engines import ranked
from benchmarks.simulation import Costs, Installation, Size, Visit

ENGINE = (Visit("engine"),)
TURNS = 20_000
ALIKE = (1.0,)
EXPONENTIAL = tuple(-math.log(1 - (i + 0.5) / 1000) for i in range(1000))
"""Times of which most are short and a few are very long, as in the books."""


def mean_wait_ms(
    busy: float,
    spread: tuple[float, ...],
    part: str = "engine",
    places: int = 1,
) -> float:
    """Return the mean milliseconds in the queue of one kind, where work takes 10 ms on average."""
    rng = Random(1)
    service = 10 * fmean(spread)
    at, chats = 0.0, []
    for _ in range(TURNS):
        at += rng.expovariate(busy * places / service * 1000)
        chats.append((at,))
    size = Size(postgresql_cores=places)
    played = Installation(size, Costs({part: 10}, spread=spread), Random(101), (Visit(part),))
    played.add_chats(chats)
    played.run(at + 60)
    return 1000 * fmean(seconds for _, seconds in played.outcome.turns) - service


def pollaczek_khinchine_ms(busy: float, spread: Sequence[float]) -> float:
    mean, of_squares = 10 * fmean(spread), 100 * fmean(one * one for one in spread)
    return busy / mean * of_squares / (2 * (1 - busy))


def erlang_c_ms(busy: float, places: int) -> float:
    offered = busy * places
    full = offered**places / math.factorial(places) / (1 - busy)
    some = sum(offered**k / math.factorial(k) for k in range(places))
    return full / (some + full) * 10 / (places * (1 - busy))


class TestKnownQueues:
    @pytest.mark.parametrize("spread", [ALIKE, EXPONENTIAL], ids=["M/D/1", "M/M/1"])
    def test_given_one_server_then_the_mean_wait_of_the_books(
        self, spread: tuple[float, ...]
    ) -> None:
        expected = pollaczek_khinchine_ms(0.6, spread)

        assert mean_wait_ms(0.6, spread) == pytest.approx(expected, rel=0.08)

    def test_given_several_cores_then_the_mean_wait_of_the_books(self) -> None:
        waited = mean_wait_ms(0.5, EXPONENTIAL, "postgresql", places=3)

        assert waited == pytest.approx(erlang_c_ms(0.5, 3), rel=0.08)

    def test_given_regular_customers_then_littles_law_holds(self) -> None:
        played = Installation(Size(), Costs({"engine": 20}), Random(1), ENGINE)
        played.add_regulars(40, pause=1)
        played.run(20)
        played.run(120)

        taken = played.outcome.between(20, 120)

        assert len(taken) / 100 * (fmean(taken) + 1) == pytest.approx(40, rel=0.02)

    def test_given_more_customers_than_can_be_served_then_the_server_is_never_idle(self) -> None:
        played = Installation(Size(), Costs({"engine": 20}), Random(1), ENGINE)
        played.add_regulars(200, pause=1)
        played.run(20)
        played.run(120)

        assert len(played.outcome.between(20, 110)) / 90 == pytest.approx(50, rel=0.06)
        assert played.utilisation()["engine"] == pytest.approx(1, abs=0.01)


class TestTurn:
    COSTS = Costs({"engine": 16, "gateway": 12, "postgresql": 5, "redis": 1}, waiting_ms=10)

    def turn_ms(self, costs: Costs, size: Size | None = None, chats: int = 1) -> list[float]:
        played = Installation(size or Size(), costs, Random(1))
        played.add_chats([(1.0,)] * chats)
        played.run(60)
        return [1000 * seconds for _, seconds in played.outcome.turns]

    def test_given_a_turn_alone_then_it_takes_its_work_and_its_waiting(self) -> None:
        assert self.turn_ms(self.COSTS) == [pytest.approx(16 + 12 + 5 + 1 + 10)]

    def test_given_heavier_turns_then_work_and_waiting_grow(self) -> None:
        costs = Costs(self.COSTS.ms, self.COSTS.waiting_ms, spread=(1.5,))

        assert self.turn_ms(costs) == [pytest.approx(66)]

    def test_given_one_core_for_all_then_turns_take_it_in_turns(self) -> None:
        apart = self.turn_ms(Costs(self.COSTS.ms), Size(engines=2, gateways=2), chats=8)
        shared = self.turn_ms(Costs(self.COSTS.ms), Size(2, 2, 1, cores=1), chats=8)

        assert max(shared) == pytest.approx(8 * 34)
        assert max(apart) < max(shared)

    def test_given_a_dialogue_that_is_saved_then_its_engine_takes_no_other_turn(self) -> None:
        saving = (Visit("engine"), Visit("postgresql", for_engine=True))
        costs = Costs({"engine": 10, "postgresql": 10})
        played = Installation(Size(postgresql_cores=2), costs, Random(1), saving)
        played.add_chats([(0.0,), (0.0,)])
        played.run(60)

        assert max(seconds for _, seconds in played.outcome.turns) == pytest.approx(0.04)

    def test_given_a_lock_then_others_wait_for_it_and_no_core_is_busy(self) -> None:
        locked = (Visit("budget_lock"),)
        played = Installation(Size(cores=1), Costs({"budget_lock": 10}), Random(1), locked)
        played.add_chats([(0.0,)] * 3)
        played.run(60)

        assert [s for _, s in played.outcome.turns] == pytest.approx([0.01, 0.02, 0.03])

    def test_given_work_that_some_turns_need_then_these_bear_all_of_it(self) -> None:
        sometimes = (Visit("engine", 4.0, chance=1 / 4),)
        played = Installation(Size(), Costs({"engine": 10}), Random(4), sometimes)
        played.add_chats([(float(n),) for n in range(4000)])
        played.run(5000)

        taken = [1000 * seconds for _, seconds in played.outcome.turns]

        assert {round(one, 3) for one in taken} == {0, 40}
        assert fmean(taken) == pytest.approx(10, rel=0.05)

    def test_given_a_seed_then_the_same_again(self) -> None:
        def played() -> list[tuple[float, float]]:
            one = Installation(Size(2, 2, 2), self.COSTS, Random(9))
            one.add_regulars(20, pause=2)
            one.run(30)
            return one.outcome.turns

        assert played() == played()


class TestLosingAnEngine:
    def test_given_a_dead_engine_then_its_conversations_alone_move_and_all_are_answered(
        self,
    ) -> None:
        played = Installation(Size(engines=3), Costs({"engine": 10}), Random(1), ENGINE)
        played.add_regulars(60, pause=1)
        played.run(10)
        names = [f"engine-{number}" for number in (1, 2, 3)]
        mine = sum(ranked(f"conversation-{n}", names)[0] == "engine-1" for n in range(60))

        moved = played.lose_engine()
        played.run(30)

        assert moved == mine / 60
        assert len(played.outcome.between(10, 25)) > 60 * 12
        assert played.stations["engine"][0].busy <= 0.01

    def test_given_a_turn_in_the_queue_of_an_engine_that_dies_then_another_takes_it(self) -> None:
        played = Installation(Size(engines=2), Costs({"engine": 10_000}), Random(1), ENGINE)
        played.add_chats([(0.0,)] * 12)
        played.run(1)

        played.lose_engine()
        played.run(1000)

        assert len(played.outcome.turns) == 12
        assert max(seconds for _, seconds in played.outcome.turns) >= 110
