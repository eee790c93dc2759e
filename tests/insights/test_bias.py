"""Response bias: by hand, and against what is known of a made-up company."""

import math

import numpy as np
import pytest
from scipy import stats

from amends.insights.statistics.bias import Caution, response_bias

STATED = [1, 3] * 5 + [4, 5] * 5  # ten predicted at 1.5, ten at 4.5
PREDICTED = [1.5] * 10 + [4.5] * 10
SILENT = [1.5] * 30


class TestByHand:
    def test_given_the_unhappy_are_silent_then_the_adjusted_mean_weighs_them(self) -> None:
        # All: 40 of 50 in the band 1-2, 10 in 4-5; 0.8 · 2 + 0.2 · 4.5 = 2.5, not 3.25.
        # Variance 0.64 · (10/9) / 10 + 0.04 · (5/18) / 10 = 0.071111 + 0.001111 = 0.072222.
        # Freedom 0.072222² / (0.071111²/9 + 0.001111²/9) = 9.281.
        found = response_bias(STATED, PREDICTED, SILENT)

        assert found is not None
        assert found.caution is None
        assert found.stated is not None
        assert found.stated.value == 3.25
        assert found.adjusted is not None
        assert found.adjusted.value == pytest.approx(2.5)
        half = float(stats.t.ppf(0.975, 9.2811)) * math.sqrt(0.0722222)
        assert (found.adjusted.low, found.adjusted.high) == pytest.approx(
            (2.5 - half, 2.5 + half), abs=1e-3
        )

    def test_given_the_same_then_rate_and_differences_are_as_by_hand(self) -> None:
        found = response_bias(STATED, PREDICTED, SILENT)

        assert found is not None
        assert found.response_rate.value == 20 / 50
        assert found.predicted_of_respondents is not None
        assert found.predicted_of_respondents.value == 3  # (1.5 + 4.5) / 2
        assert found.stated_less_predicted is not None
        assert found.stated_less_predicted.value == pytest.approx(0.25)  # 3.25 - 3
        assert found.respondents_less_silent is not None
        assert found.respondents_less_silent.value == 1.5  # 3 - 1.5
        assert [(one.low, one.high, one.answers, one.conversations) for one in found.bands] == [
            (1, 2, 10, 40),
            (2, 5, 10, 10),
        ]

    def test_given_nobody_is_silent_then_the_adjusted_mean_is_the_stated_one(self) -> None:
        found = response_bias(STATED, PREDICTED, [])

        assert found is not None
        assert found.adjusted is not None
        assert found.adjusted.value == pytest.approx(3.25)
        assert found.predicted_of_silent is None


class TestBands:
    def test_given_few_answers_in_a_band_then_it_joins_its_neighbour(self) -> None:
        found = response_bias([3] * 24, [1.5] * 10 + [2.5] * 4 + [3.5] * 10, [1.5])

        assert found is not None
        assert [(one.low, one.high, one.answers) for one in found.bands] == [(1, 2, 10), (2, 5, 14)]

    def test_given_few_answers_in_the_last_band_then_it_joins_the_one_below(self) -> None:
        found = response_bias([3] * 24, [1.5] * 10 + [2.5] * 10 + [4.5] * 4, [1.5])

        assert found is not None
        assert [(one.low, one.high, one.answers) for one in found.bands] == [(1, 2, 10), (2, 5, 14)]

    def test_given_an_edge_then_it_belongs_to_the_band_above(self) -> None:
        found = response_bias([3] * 20, [1.9] * 10 + [2.0] * 10, [2.0])

        assert found is not None
        assert [(one.answers, one.conversations) for one in found.bands] == [(10, 10), (10, 11)]


class TestTooFew:
    @pytest.mark.parametrize(
        ("stated", "predicted", "caution"),
        [
            ([4] * 19, [1.5] * 10 + [4.5] * 9, Caution.TOO_FEW_ANSWERS),
            ([4] * 30, [4.5] * 30, Caution.ONE_BAND),
            ([], [], Caution.TOO_FEW_ANSWERS),
        ],
    )
    def test_given_too_few_then_said_and_not_adjusted(
        self, stated: list[float], predicted: list[float], caution: Caution
    ) -> None:
        found = response_bias(stated, predicted, [2.0, 3.0])

        assert found is not None
        assert (found.caution, found.adjusted) == (caution, None)

    def test_given_nobody_was_asked_then_none_and_given_nonsense_then_refused(self) -> None:
        assert response_bias([], [], []) is None
        with pytest.raises(ValueError, match="one length"):
            response_bias([1], [], [])
        with pytest.raises(ValueError, match="Stated satisfaction must lie"):
            response_bias([9], [1], [])


class TestKnownCompany:
    def test_given_the_happy_answer_more_often_then_the_adjusted_mean_comes_back(self) -> None:
        chance = np.random.default_rng(11)
        adjusted_inside = plain_inside = 0
        for _ in range(200):
            truth = np.clip(np.rint(chance.normal(3, 1.1, 600)), 1, 5)
            predicted = np.clip(truth + chance.normal(0, 0.4, 600), 1, 5)
            answers = chance.random(600) < 0.05 + 0.09 * predicted
            found = response_bias(truth[answers], predicted[answers], predicted[~answers])
            assert found is not None
            assert found.adjusted is not None
            assert found.stated is not None
            adjusted_inside += found.adjusted.low <= truth.mean() <= found.adjusted.high
            plain_inside += found.stated.low <= truth.mean() <= found.stated.high

        # Of 200. What grows within a band is left, so it is not quite 190.
        assert adjusted_inside >= 170
        assert plain_inside <= 60
