"""Each interval: by hand, against an independent library, and what must hold of all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from amends.insights.statistics.intervals import (
    Estimate,
    difference_of_means,
    difference_of_shares,
    mean,
    median,
    percentile,
    rate_ratio,
    share,
)

values = st.lists(st.floats(-1000, 1000).map(lambda one: round(one, 3)), min_size=2, max_size=60)
counted = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def bounds(found: Estimate | None) -> tuple[float, float]:
    assert found is not None
    return found.low, found.high


class TestShare:
    def test_given_8_of_10_then_as_by_hand(self) -> None:
        # z² = 3.8415. Middle (0.8 + 3.8415/20) / 1.38415 = 0.71674;
        # half 1.95996 · sqrt(0.016 + 3.8415/400) / 1.38415 = 0.22658.
        found = share(8, 10)

        assert found is not None
        assert (found.value, found.n) == (0.8, 10)
        assert bounds(found) == pytest.approx((0.49016, 0.94332), abs=1e-5)

    @settings(deadline=None)
    @given(counted)
    def test_given_any_counts_then_as_the_other_library_and_within_0_and_1(
        self, counts: tuple[int, int]
    ) -> None:
        wanted = stats.binomtest(*counts).proportion_ci(0.95, method="wilson")
        found = share(*counts)

        assert bounds(found) == pytest.approx((wanted.low, wanted.high), abs=1e-9)
        assert found is not None
        assert 0 <= found.low <= found.value <= found.high <= 1

    def test_given_nothing_then_none_and_given_nonsense_then_refused(self) -> None:
        assert share(0, 0) is None
        with pytest.raises(ValueError, match="no share"):
            share(3, 2)


class TestMean:
    def test_given_1_to_5_then_as_by_hand(self) -> None:
        # Mean 3, variance 2.5, error sqrt(2.5 / 5) = 0.70711, t(4) = 2.77645: ± 1.96324.
        assert mean([1, 2, 3, 4, 5]) == Estimate(
            3.0, pytest.approx(1.03676, abs=1e-5), pytest.approx(4.96324, abs=1e-5), 5
        )

    @settings(deadline=None)
    @given(values)
    def test_given_any_values_then_as_the_other_library(self, numbers: list[float]) -> None:
        if np.std(numbers) < 1e-6:
            return
        wanted = stats.ttest_1samp(numbers, 0).confidence_interval(0.95)

        assert bounds(mean(numbers)) == pytest.approx((wanted.low, wanted.high), rel=1e-6, abs=1e-6)

    def test_given_fewer_than_two_then_none(self) -> None:
        assert mean([]) is None
        assert mean([4.0]) is None

    def test_given_a_scale_then_the_interval_ends_with_it(self) -> None:
        assert bounds(mean([4, 5, 5], 1, 5))[1] == 5


class TestMedianAndPercentiles:
    def test_given_ten_values_then_the_second_and_the_ninth(self) -> None:
        # At most 1 of 10 below the median: 11/1024 = 0.011; at most 2: 56/1024 = 0.055.
        assert median([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]) == Estimate(55.0, 20.0, 90.0, 10)

    def test_given_six_values_then_all_of_them_and_given_five_then_none(self) -> None:
        # All on one side: 2 · 0.5⁶ = 0.031; 2 · 0.5⁵ = 0.063.
        assert median([6, 5, 4, 3, 2, 1]) == Estimate(3.5, 1.0, 6.0, 6)
        assert median([1, 2, 3, 4, 5]) is None

    def test_given_the_90th_percentile_then_it_takes_36_values(self) -> None:
        # None above: 0.9³⁵ = 0.0250316, 0.9³⁶ = 0.02253.
        assert percentile(list(range(36)), 90) is not None
        assert percentile(list(range(35)), 90) is None

    @settings(deadline=None)
    @given(st.integers(6, 200), st.floats(5, 95))
    def test_given_any_number_then_it_covers_and_a_narrower_one_would_not(
        self, n: int, p: float
    ) -> None:
        found = percentile(list(range(1, n + 1)), p)
        if found is None:
            return

        below, above = int(found.low), int(found.high)
        assert stats.binom.cdf(below - 1, n, p / 100) <= 0.025 < stats.binom.cdf(below, n, p / 100)
        assert stats.binom.sf(above - 1, n, p / 100) <= 0.025 + 1e-12
        assert stats.binom.sf(above - 2, n, p / 100) > 0.025

    @settings(deadline=None)
    @given(values.filter(lambda one: len(one) >= 6))
    def test_given_the_values_turned_round_then_the_median_too(self, numbers: list[float]) -> None:
        found, turned = median(numbers), median([-one for one in numbers])

        assert bounds(turned) == tuple(-one for one in reversed(bounds(found)))

    @pytest.mark.parametrize("p", [0, 100, -5])
    def test_given_no_percentile_then_refused(self, p: float) -> None:
        with pytest.raises(ValueError, match="above 0 and below 100"):
            percentile([1, 2, 3], p)


class TestDifferenceOfMeans:
    def test_given_two_lists_then_as_by_hand(self) -> None:
        # Means 3 and 4; variances over n 2.5/5 = 0.5 and 4/3 = 1.33333, together 1.83333.
        # Freedom 1.83333² / (0.5²/4 + 1.33333²/2) = 3.36111 / 0.95139 = 3.53285.
        # t(3.53285) = 2.92976; half 2.92976 · sqrt(1.83333) = 3.96691.
        found = difference_of_means([1, 2, 3, 4, 5], [2, 4, 6])

        assert found is not None
        assert (found.value, found.n) == (-1.0, 8)
        half = float(stats.t.ppf(0.975, 3.53285)) * 1.83333**0.5
        assert bounds(found) == pytest.approx((-1 - half, -1 + half), abs=1e-3)

    @settings(deadline=None)
    @given(values, values)
    def test_given_any_lists_then_as_the_other_library_and_turned_round_the_opposite(
        self, a: list[float], b: list[float]
    ) -> None:
        if min(np.std(a), np.std(b)) < 1e-6:
            return
        wanted = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
        found, turned = difference_of_means(a, b), difference_of_means(b, a)

        assert bounds(found) == pytest.approx((wanted.low, wanted.high), rel=1e-6, abs=1e-6)
        assert bounds(turned) == pytest.approx(tuple(-one for one in reversed(bounds(found))))

    def test_given_a_single_value_on_a_side_then_none(self) -> None:
        assert difference_of_means([1, 2, 3], [4]) is None

    def test_given_no_spread_at_all_then_no_width(self) -> None:
        assert difference_of_means([2, 2], [1, 1]) == Estimate(1.0, 1.0, 1.0, 4)


class TestDifferenceOfShares:
    @pytest.mark.parametrize(
        ("counts", "printed"),
        [
            ((56, 70, 48, 80), (0.0524, 0.3339)),
            ((9, 10, 3, 10), (0.1705, 0.8090)),
            ((10, 10, 0, 20), (0.6791, 1.0000)),
        ],
    )
    def test_given_examples_of_the_paper_then_as_printed(
        self, counts: tuple[int, int, int, int], printed: tuple[float, float]
    ) -> None:
        # Newcombe (1998), Statistics in Medicine 17, table II, method 10.
        assert bounds(difference_of_shares(*counts)) == pytest.approx(printed, abs=5e-5)

    @settings(deadline=None)
    @given(counted, counted)
    def test_given_any_counts_then_within_bounds_and_turned_round_the_opposite(
        self, a: tuple[int, int], b: tuple[int, int]
    ) -> None:
        found, turned = difference_of_shares(*a, *b), difference_of_shares(*b, *a)

        assert found is not None
        assert -1 <= found.low <= found.value <= found.high <= 1
        assert bounds(turned) == pytest.approx(tuple(-one for one in reversed(bounds(found))))

    def test_given_nothing_on_a_side_then_none(self) -> None:
        assert difference_of_shares(1, 2, 0, 0) is None


class TestRateRatio:
    def test_given_none_in_the_first_then_as_by_hand(self) -> None:
        # Half the chance of 0 in 5 is 2.5 %: (1 - p)⁵ = 0.05, p = 0.45072, p / (1 - p) = 0.82056.
        assert rate_ratio(0, 1, 5, 1) == Estimate(0.0, 0.0, pytest.approx(0.82056, abs=1e-5), 5)

    @settings(deadline=None)
    @given(st.integers(1, 200), st.integers(1, 200), st.floats(0.1, 50), st.floats(0.1, 50))
    def test_given_any_counts_then_the_mid_p_is_a_fortieth_at_both_bounds(
        self, a: int, b: int, a_exposure: float, b_exposure: float
    ) -> None:
        found = rate_ratio(a, a_exposure, b, b_exposure)
        assert found is not None
        assert found.value == pytest.approx((a / a_exposure) / (b / b_exposure))

        for bound, less in ((found.low, 0.975), (found.high, 0.025)):
            p = bound * a_exposure / (bound * a_exposure + b_exposure)
            mid = stats.binom.cdf(a - 1, a + b, p) + stats.binom.pmf(a, a + b, p) / 2
            assert mid == pytest.approx(less, abs=1e-8)

    @settings(deadline=None)
    @given(st.integers(1, 200), st.integers(1, 200))
    def test_given_the_sides_change_then_one_over_it(self, a: int, b: int) -> None:
        found, turned = rate_ratio(a, 2, b, 3), rate_ratio(b, 3, a, 2)

        assert bounds(turned) == pytest.approx(tuple(1 / one for one in reversed(bounds(found))))

    def test_given_none_in_the_second_then_none_and_given_nonsense_then_refused(self) -> None:
        assert rate_ratio(3, 1, 0, 1) is None
        with pytest.raises(ValueError, match="above 0"):
            rate_ratio(3, 0, 1, 1)
