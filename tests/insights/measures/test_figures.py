"""Figures against the time before: only what is more than chance is called a change."""

import numpy as np
import pytest

from amends.insights.measures.figures import (
    Move,
    of_counts,
    of_means,
    of_percentiles,
    of_shares,
    points,
)
from amends.insights.measures.parts import stated_of
from tests.insights.measures.samples import FOUR_WEEKS, mixed, table


class TestCounts:
    @pytest.mark.parametrize(
        ("now", "before", "move"),
        [
            (200, 100, Move.MORE),
            (100, 200, Move.FEWER),
            (105, 100, Move.CHANCE),
            (3, 1, Move.TOO_FEW),
            (5, 0, Move.NOTHING_BEFORE),
        ],
    )
    def test_given_two_counts_then_the_move_is_as_sure_as_they_are_large(
        self, now: int, before: int, move: Move
    ) -> None:
        assert of_counts(now, before).move is move

    def test_given_twice_as_many_then_the_ratio_is_two(self) -> None:
        ratio = of_counts(200, 100).ratio

        assert ratio is not None
        assert ratio.value == 2
        assert ratio.low < 2 < ratio.high


class TestShares:
    @pytest.mark.parametrize(
        ("now", "better", "move"),
        [
            ((90, 100), True, Move.BETTER),
            ((90, 100), False, Move.WORSE),
            ((55, 100), True, Move.CHANCE),
            ((9, 9), True, Move.TOO_FEW),
        ],
    )
    def test_given_half_before_then_the_move_follows_what_is_better(
        self, now: tuple[int, int], better: bool, move: Move
    ) -> None:
        found = of_shares(now, (50, 100), higher_is_better=better)

        assert found.move is move
        assert found.n == now[1]

    def test_given_nothing_before_then_it_says_so(self) -> None:
        assert of_shares((9, 10), (0, 0)).move is Move.NOTHING_BEFORE


class TestMeans:
    def test_given_all_near_the_top_then_the_interval_ends_with_the_scale(self) -> None:
        found = of_means(np.array([5.0, 5.0, 4.0]), np.array([]), scale=(1.0, 5.0))

        assert found.now is not None
        assert found.now.value == pytest.approx(14 / 3)
        assert found.now.high == 5
        assert found.move is Move.NOTHING_BEFORE


class TestPercentiles:
    def test_given_intervals_that_lie_apart_then_faster_is_better(self) -> None:
        fast, slow = np.arange(20.0), np.arange(100.0, 120.0)

        assert of_percentiles(fast, slow).move is Move.BETTER
        assert of_percentiles(slow, fast).move is Move.WORSE
        assert of_percentiles(fast, fast + 1).move is Move.CHANCE
        assert of_percentiles(fast, slow[:3]).move is Move.TOO_FEW

    def test_given_the_median_of_0_to_19_then_nine_and_a_half(self) -> None:
        found = of_percentiles(np.arange(20.0), np.array([]))

        assert found.now is not None
        assert found.now.value == 9.5


class TestPoints:
    def test_given_fewer_than_five_in_a_week_then_their_number_but_no_value(self) -> None:
        given = table(
            mixed((5, {"days_ago": 1.0, "csat": 5}), (4, {"days_ago": 10.0, "csat": 5})),
            ("started_at", "csat"),
        )

        found = points(given, FOUR_WEEKS.spans(), stated_of)

        assert [point.n for point in found] == [0, 0, 4, 5]
        assert [point.value and point.value.value for point in found] == [None, None, None, 1.0]
