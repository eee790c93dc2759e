"""Shares, intervals and F1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.training.statistics import Share, macro_f1, share, wilson


class TestShare:
    def test_given_nothing_then_no_division_by_it(self) -> None:
        assert Share(0, 0).rate == 0.0
        assert Share(0, 0).interval95 == (0.0, 0.0)

    def test_given_outcomes_then_counted(self) -> None:
        assert share([True, 0, "x", None]) == Share(2, 4)

    def test_given_half_of_a_hundred_then_the_interval_of_the_textbooks(self) -> None:
        low, high = wilson(50, 100)

        assert (round(low, 3), round(high, 3)) == (0.404, 0.596)

    @given(st.integers(0, 500), st.integers(1, 500))
    def test_given_any_share_then_the_interval_holds_it_and_stays_in_bounds(
        self, hits: int, rows: int
    ) -> None:
        hits = min(hits, rows)

        low, high = wilson(hits, rows)

        assert -1e-12 <= low <= hits / rows + 1e-12
        assert hits / rows - 1e-12 <= high <= 1 + 1e-12


class TestMacroF1:
    def test_given_a_label_that_never_came_up_then_it_pulls_the_mean_down(self) -> None:
        pairs = [("a", "a"), ("b", "b")]

        assert macro_f1(pairs, ["a", "b"]) == 1.0
        assert macro_f1(pairs, ["a", "b", "c"]) == pytest.approx(2 / 3)

    def test_given_no_labels_then_zero(self) -> None:
        assert macro_f1([], []) == 0.0
