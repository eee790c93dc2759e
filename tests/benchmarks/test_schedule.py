"""When customers of an open loop write, and what is told of them."""

import itertools
from random import Random
from statistics import fmean

import pytest

from benchmarks.schedule import (
    TURNS,
    Plan,
    open_summary,
    pause_seconds,
    percentile,
    quantiles,
    schedule,
)

PLAN = Plan(rate=20, pause=2, warm_up=20, seconds=400)


class TestPercentile:
    @pytest.mark.parametrize(
        ("share", "expected"), [(0.5, 10), (0.95, 19), (0.951, 20), (1, 20), (0.001, 1)]
    )
    def test_given_twenty_values_then_the_nearest_rank(self, share: float, expected: int) -> None:
        assert percentile(list(range(20, 0, -1)), share) == expected

    def test_given_values_that_never_came_then_they_are_longer_than_any(self) -> None:
        assert percentile([1.0] * 19, 0.95, lost=1) == 1.0
        assert percentile([1.0] * 18, 0.95, lost=2) is None

    def test_given_nothing_then_nothing(self) -> None:
        assert percentile([], 0.95) is None


class TestQuantiles:
    def test_given_values_then_evenly_chosen_ones_with_a_mean_of_one(self) -> None:
        chosen = quantiles([30, 10, 20, 40], 4)

        assert chosen == [0.4, 0.8, 1.2, 1.6]

    def test_given_fewer_values_than_wanted_then_they_stand_more_than_once(self) -> None:
        assert quantiles([5, 15], 4) == [0.5, 0.5, 1.5, 1.5]


class TestSchedule:
    def test_given_a_rate_then_as_many_turns_are_offered_once_it_has_warmed_up(self) -> None:
        chats = schedule(PLAN, Random(1))

        measured = sum(PLAN.measures(at) for due in chats for at in due)
        assert measured / PLAN.seconds == pytest.approx(PLAN.rate, rel=0.05)

    def test_given_a_conversation_then_its_turns_follow_each_other_and_end_in_time(self) -> None:
        for due in schedule(PLAN, Random(2)):
            assert 1 <= len(due) <= TURNS
            assert due[-1] < PLAN.end
            assert all(earlier < later for earlier, later in itertools.pairwise(due))

    def test_given_a_seed_then_the_same_again(self) -> None:
        assert schedule(PLAN, Random(3)) == schedule(PLAN, Random(3))

    def test_given_many_pauses_then_they_have_the_mean_asked_for(self) -> None:
        rng = Random(4)

        assert fmean(pause_seconds(30, rng) for _ in range(20_000)) == pytest.approx(30, rel=0.02)


class TestOpenSummary:
    PLAN = Plan(rate=2, pause=1, warm_up=10, seconds=10)

    def test_given_all_answered_then_only_the_measured_turns_count(self) -> None:
        told = open_summary(self.PLAN, [(9, 10, 19)], [(9, 5.0), (10, 0.1), (19, 0.2)])

        assert told["turns_offered"] == 2
        assert told["turns_without_answer"] == 0
        assert (told["p50_ms"], told["p95_ms"]) == (100, 200)

    def test_given_a_turn_that_was_never_answered_then_it_is_the_longest(self) -> None:
        told = open_summary(self.PLAN, [(11, 12)], [(11, 0.1)])

        assert told["turns_without_answer"] == 1
        assert (told["p50_ms"], told["p95_ms"]) == (100, None)

    def test_given_answers_after_the_end_then_they_were_not_reached_under_the_load(self) -> None:
        told = open_summary(self.PLAN, [(18, 19)], [(18, 1.0), (19, 7.0)])

        assert told["offered_per_second"] == 0.2
        assert told["answered_per_second"] == 0.1
        assert told["p95_ms"] == 7000
