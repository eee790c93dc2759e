"""Recovery: how far moods rose, by hand and in pairs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from amends.insights.statistics.recovery import recovery

moods = st.floats(-1, 1).map(lambda one: round(one, 3))


class TestRecovery:
    def test_given_four_conversations_then_as_by_hand(self) -> None:
        # Changes 1, -0.1, 0.05, 0.25: mean 0.3, variance (0.49 + 0.16 + 0.0625 + 0.0025) / 3.
        # t(3) = 3.18245: half 3.18245 · sqrt(0.238333 / 4) = 0.77682.
        found = recovery([-0.5, -0.2, 0.1, 0], [0.5, -0.3, 0.15, 0.25])

        assert found is not None
        assert found.change is not None
        assert found.change.value == pytest.approx(0.3)
        assert (found.change.low, found.change.high) == pytest.approx(
            (0.3 - 0.77682, 0.3 + 0.77682), abs=1e-5
        )
        assert (found.improved.value, found.worsened.value, found.n) == (0.5, 0.25, 4)

    @settings(deadline=None)
    @given(st.lists(st.tuples(moods, moods), min_size=2, max_size=40))
    def test_given_any_moods_then_the_interval_is_that_of_pairs(
        self, pairs: list[tuple[float, float]]
    ) -> None:
        starts, ends = zip(*pairs, strict=True)
        found = recovery(starts, ends)
        assert found is not None
        assert found.change is not None
        if found.change.high - found.change.low < 1e-6:
            return

        wanted = stats.ttest_rel(ends, starts).confidence_interval(0.95)
        assert found.change.low == pytest.approx(max(-2, wanted.low), abs=1e-6)
        assert found.change.high == pytest.approx(min(2, wanted.high), abs=1e-6)

    @settings(deadline=None)
    @given(st.lists(st.tuples(moods, moods), min_size=1, max_size=40))
    def test_given_start_and_end_change_places_then_improved_is_worsened(
        self, pairs: list[tuple[float, float]]
    ) -> None:
        starts, ends = zip(*pairs, strict=True)
        found, turned = recovery(starts, ends), recovery(ends, starts)

        assert found is not None
        assert turned is not None
        assert (found.improved, found.worsened) == (turned.worsened, turned.improved)
        assert found.improved.value + found.worsened.value <= 1

    def test_given_nothing_then_none_and_given_nonsense_then_refused(self) -> None:
        assert recovery([], []) is None
        with pytest.raises(ValueError, match="one length"):
            recovery([0.1], [])
        with pytest.raises(ValueError, match="from -1 to 1"):
            recovery([0.1], [1.1])
