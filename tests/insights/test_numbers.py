"""The distributions that all intervals are read from, against an independent library."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from amends.insights.statistics.numbers import (
    binomial_cdf,
    binomial_mid,
    floats,
    incomplete_beta,
    negative_binomial_tail,
    same_length,
    t95,
    t_cdf,
    within,
)


class TestIncompleteBeta:
    def test_given_whole_parameters_then_as_by_hand(self) -> None:
        # I_x(1, b) = 1 - (1 - x)^b, and I_x(a, 1) = x^a.
        assert incomplete_beta(1, 3, 0.2) == pytest.approx(1 - 0.8**3)
        assert incomplete_beta(4, 1, 0.2) == pytest.approx(0.2**4)

    @settings(deadline=None)
    @given(st.floats(0.05, 5000), st.floats(0.05, 5000), st.floats(0.001, 0.999))
    def test_given_any_parameters_then_as_the_other_library(
        self, a: float, b: float, x: float
    ) -> None:
        assert incomplete_beta(a, b, x) == pytest.approx(special.betainc(a, b, x), abs=1e-10)

    @pytest.mark.parametrize(("x", "value"), [(0.0, 0.0), (1.0, 1.0)])
    def test_given_the_ends_then_nothing_or_all(self, x: float, value: float) -> None:
        assert incomplete_beta(2.5, 3.5, x) == value


class TestStudent:
    @pytest.mark.parametrize(
        ("df", "printed"), [(1, 12.706), (2, 4.303), (4, 2.776), (10, 2.228), (120, 1.980)]
    )
    def test_given_degrees_of_freedom_then_as_in_printed_tables(
        self, df: int, printed: float
    ) -> None:
        assert t95(df) == pytest.approx(printed, abs=5e-4)

    @pytest.mark.parametrize("df", [1, 1.0001, 1.7, 3.5, 29, 1234.5, 1e6, 9e6, 1e7, 1e12])
    def test_given_any_degrees_then_as_the_other_library(self, df: float) -> None:
        assert t95(df) == pytest.approx(stats.t.ppf(0.975, df), rel=1e-6)

    @settings(deadline=None)
    @given(st.floats(-50, 50), st.floats(1, 500))
    def test_given_a_value_then_the_cdf_is_that_of_the_other_library(
        self, t: float, df: float
    ) -> None:
        assert t_cdf(t, df) == pytest.approx(stats.t.cdf(t, df), abs=1e-9)


class TestCounts:
    def test_given_two_trials_then_as_by_hand(self) -> None:
        # Chances of 0, 1, 2 successes at 0.3: 0.49, 0.42, 0.09.
        assert binomial_cdf(0, 2, 0.3) == pytest.approx(0.49)
        assert binomial_cdf(1, 2, 0.3) == pytest.approx(0.91)
        assert binomial_cdf(2, 2, 0.3) == 1
        assert binomial_cdf(-1, 2, 0.3) == 0
        assert binomial_mid(1, 2, 0.3) == pytest.approx(0.49 + 0.42 / 2)

    @settings(deadline=None)
    @given(st.integers(1, 4000), st.data(), st.floats(0.01, 0.99))
    def test_given_any_trials_then_as_the_other_library(
        self, n: int, data: st.DataObject, p: float
    ) -> None:
        k = data.draw(st.integers(0, n))
        assert binomial_cdf(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), abs=1e-10)

    def test_given_negative_binomial_then_as_by_hand(self) -> None:
        # None at all: chance^size = sqrt(1/2).
        assert negative_binomial_tail(1, 0.5, 0.5) == pytest.approx(1 - math.sqrt(0.5))
        assert negative_binomial_tail(0, 0.5, 0.5) == 1

    @settings(deadline=None)
    @given(st.integers(1, 300), st.floats(0.2, 300), st.floats(0.05, 0.95))
    def test_given_any_size_then_as_the_other_library(
        self, k: int, size: float, chance: float
    ) -> None:
        wanted = stats.nbinom.sf(k - 1, size, chance)
        assert negative_binomial_tail(k, size, chance) == pytest.approx(wanted, abs=1e-10)


class TestRefusals:
    @pytest.mark.parametrize("missing", [math.nan, math.inf])
    def test_given_a_missing_value_then_refused_in_a_sentence(self, missing: float) -> None:
        with pytest.raises(ValueError, match="leave out what is not known"):
            floats([1.0, missing])

    def test_given_a_value_off_the_scale_then_the_scale_is_named(self) -> None:
        with pytest.raises(ValueError, match="Moods must lie from -1 to 1"):
            within([0.5, 1.5], -1, 1, "Moods")
        assert within(np.array([1, -1]), -1, 1, "Moods").tolist() == [1.0, -1.0]

    def test_given_lists_of_different_length_then_refused(self) -> None:
        with pytest.raises(ValueError, match="one length"):
            same_length([1], [1, 2])
