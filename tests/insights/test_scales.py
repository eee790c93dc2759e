"""The scales of surveys, by hand, and how often the interval of the NPS holds."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from amends.insights.statistics.scales import ces, csat, csi, gap, nps

answers = st.lists(st.integers(0, 10), min_size=1, max_size=60)


class TestNps:
    def test_given_ten_answers_then_as_by_hand(self) -> None:
        # 5 promote, 2 detract: 30. Wilson for 5 of 10: 0.23659 to 0.76341, for 2 of 10: 0.05668 to
        # 0.50984. Correlation -0.5·0.2 / sqrt(0.25·0.16) = -0.5. Down, with a = 0.5 - 0.23659 and
        # b = 0.50984 - 0.2: sqrt(a² + b² + ab) = 0.49699. Up, with a = 0.76341 - 0.5 and
        # b = 0.2 - 0.05668: sqrt(0.06938 + 0.02054 + 0.03775) = 0.35732.
        found = nps([9, 10, 10, 9, 9, 7, 8, 8, 6, 0])

        assert found is not None
        assert (found.value, found.promoters, found.passives, found.detractors) == (30, 5, 3, 2)
        assert (found.low, found.high) == pytest.approx((-19.699, 65.732), abs=1e-2)

    @pytest.mark.parametrize(
        ("n", "promote", "detract"), [(20, 0.5, 0.2), (30, 0.7, 0.1), (25, 0.15, 0.6)]
    )
    def test_given_all_possible_samples_then_the_interval_holds_in_about_95_of_100(
        self, n: int, promote: float, detract: float
    ) -> None:
        truth, covered = 100 * (promote - detract), 0.0
        shares = [promote, detract, 1 - promote - detract]
        for up, down in itertools.product(range(n + 1), repeat=2):
            if up + down <= n:
                found = nps([10] * up + [0] * down + [7] * (n - up - down))
                assert found is not None
                if found.low <= truth <= found.high:
                    counts = [up, down, n - up - down]
                    covered += stats.multinomial.pmf(counts, n, shares)

        assert 0.93 <= covered <= 0.985

    @settings(deadline=None)
    @given(answers)
    def test_given_any_answers_then_within_bounds_and_the_opposite_turned_round(
        self, scores: list[int]
    ) -> None:
        opposite = [0 if one >= 9 else 10 if one < 7 else 7 for one in scores]
        found, turned = nps(scores), nps(opposite)

        assert found is not None
        assert turned is not None
        assert -100 <= found.low <= found.value <= found.high <= 100
        assert found.promoters + found.passives + found.detractors == found.n == len(scores)
        assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))

    def test_given_all_agree_then_it_is_still_not_sure(self) -> None:
        found = nps([10] * 5)

        assert found is not None
        assert (found.value, found.high) == (100, 100)
        assert found.low < 60

    def test_given_nothing_then_none_and_off_the_scale_then_refused(self) -> None:
        assert nps([]) is None
        with pytest.raises(ValueError, match="from 0 to 10"):
            nps([11])


class TestCsat:
    def test_given_answers_then_as_by_hand(self) -> None:
        found = csat([5, 4, 3, 1])

        assert found is not None
        assert (found.top_two.value, found.n) == (0.5, 4)  # two of four
        assert found.mean is not None
        assert found.mean.value == 3.25  # (5 + 4 + 3 + 1) / 4
        assert found.counts == {1: 1, 2: 0, 3: 1, 4: 1, 5: 1}

    def test_given_one_answer_then_no_mean_and_given_none_then_none(self) -> None:
        found = csat([2])

        assert found is not None
        assert found.mean is None
        assert csat([]) is None
        with pytest.raises(ValueError, match="from 1 to 5"):
            csat([0])


class TestCes:
    def test_given_answers_then_as_by_hand(self) -> None:
        found = ces([7, 5, 4, 2])

        assert found is not None
        assert (found.agreeing.value, found.n) == (0.5, 4)  # 7 and 5
        assert found.mean is not None
        assert found.mean.value == 4.5  # 18 / 4
        assert ces([]) is None


class TestGap:
    def test_given_answers_against_expectation_then_as_by_hand(self) -> None:
        # 2, 0 and -1: mean 1/3, variance 7/3, error sqrt(7/9), t(2) = 4.30265: ± 3.79464.
        found = gap([5, 3, 2])

        assert found is not None
        assert found.value == pytest.approx(1 / 3)
        assert (found.low, found.high) == (-2, 2)  # what the scale leaves of -3.46 to 4.13

    @settings(deadline=None)
    @given(st.lists(st.integers(1, 5), min_size=2, max_size=40))
    def test_given_any_answers_then_within_the_scale_and_the_opposite_turned_round(
        self, scores: list[int]
    ) -> None:
        found, turned = gap(scores), gap([6 - one for one in scores])

        assert found is not None
        assert turned is not None
        assert -2 <= found.low <= found.value <= found.high <= 2
        assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


class TestCsi:
    def test_given_three_factors_then_as_by_hand(self) -> None:
        # (5·4 + 4·3 + 3·5) / 12 = 47/12; (47/12 - 1) / 4 · 100 = 72.9167.
        assert csi([5, 4, 3], [4, 3, 5]) == pytest.approx(72.9167, abs=1e-4)

    @settings(deadline=None)
    @given(
        st.lists(st.tuples(st.floats(0.1, 10), st.floats(1, 5)), min_size=1, max_size=12),
        st.floats(0.1, 10),
    )
    def test_given_any_factors_then_from_0_to_100_and_the_unit_of_importance_is_free(
        self, factors: list[tuple[float, float]], unit: float
    ) -> None:
        importances, marks = zip(*factors, strict=True)
        found = csi(importances, marks)

        assert -1e-9 <= found <= 100 + 1e-9
        assert csi([one * unit for one in importances], marks) == pytest.approx(found)

    @pytest.mark.parametrize(
        ("importances", "marks"),
        [([], []), ([0, 0], [3, 3]), ([-1], [3]), ([1], [6]), ([1, 2], [3]), ([math.nan], [3])],
    )
    def test_given_what_cannot_be_weighed_then_refused(
        self, importances: list[float], marks: list[float]
    ) -> None:
        with pytest.raises(ValueError, match=r"\.$"):
            csi(importances, marks)
