"""Beliefs move as far as conversations give reason to, and never against their meaning."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.satisfaction.factors import FACTORS
from amends.satisfaction.fitting import Rated, area_under_curve, fit, quality
from amends.satisfaction.model import Weights
from amends.satisfaction.scoring import BELIEVED, predicted

NAMES = sorted(FACTORS)
RATED = st.lists(
    st.builds(
        Rated,
        st.dictionaries(st.sampled_from(NAMES), st.floats(-1, 1), min_size=1),
        st.floats(1, 5),
    ),
    max_size=40,
)


def conversations(points: dict[str, float], count: int, seed: int = 1) -> list[Rated]:
    """Conversations whose customers are moved by these points alone."""
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        found = {name: float(chance.uniform(-1, 1)) for name in points}
        made.append(Rated(found, 3.0 + sum(points[n] * v for n, v in found.items())))
    return made


class TestFit:
    def test_given_few_conversations_then_the_beliefs_stand(self) -> None:
        assert fit(conversations({"mood_at_end": 0.1}, 9), "few") == BELIEVED

    def test_given_many_conversations_then_their_points_are_found(self) -> None:
        true = {"mood_at_end": 1.1, "little_to_tell": 0.3}

        found = fit(conversations(true, 4000), "many")

        assert found.points["mood_at_end"] == pytest.approx(1.1, abs=0.02)
        assert found.points["little_to_tell"] == pytest.approx(0.3, abs=0.02)
        assert found.base == pytest.approx(3.0, abs=0.02)
        assert found.conversations == 4000

    def test_given_conversations_that_say_nothing_of_a_factor_then_its_belief_stays(self) -> None:
        found = fit(conversations({"mood_at_end": 1.1}, 400), "silent")

        assert found.points["promises"] == pytest.approx(BELIEVED.points["promises"], abs=0.001)

    def test_given_more_conversations_then_the_belief_counts_for_less(self) -> None:
        true = {"mood_at_end": 0.2}  # believed: 0.8

        few, many = (fit(conversations(true, n), "x").points["mood_at_end"] for n in (20, 2000))

        assert 0.2 < many < few < 0.8

    @given(RATED)
    def test_given_any_ratings_then_no_factor_counts_against_its_meaning(
        self, rated: list[Rated]
    ) -> None:
        found = fit(rated, "any")

        assert all(points >= 0 for points in found.points.values())
        assert set(found.points) == set(FACTORS)
        assert 0 <= found.within_half <= 1

    def test_given_points_against_common_sense_then_zero(self) -> None:
        found = fit(conversations({"mood_at_end": -1.5, "remedy": 0.9}, 500), "odd")

        assert found.points["mood_at_end"] == 0
        assert found.points["remedy"] == pytest.approx(0.9, abs=0.1)


class TestQuality:
    def test_given_conversations_that_follow_the_points_then_all_is_predicted(self) -> None:
        got = quality(conversations({"mood_at_end": 1.0, "remedy": 0.7}, 600))

        assert got.correlation > 0.99
        assert got.mean_error < 0.05
        assert got.within_half == 1.0
        assert got.dissatisfied_found > 0.99

    def test_given_ratings_by_chance_then_it_says_so(self) -> None:
        chance = np.random.default_rng(3)
        rated = [
            Rated({"mood_at_end": float(chance.uniform(-1, 1))}, float(chance.uniform(1, 5)))
            for _ in range(500)
        ]

        got = quality(rated)

        assert got.correlation < 0.1
        assert got.within_half < 0.4
        assert got.dissatisfied_found == pytest.approx(0.5, abs=0.1)


class TestAreaUnderCurve:
    @pytest.mark.parametrize(
        ("positive", "scores", "area"),
        [
            # By hand: of four pairs of a positive and a negative, this many are in order.
            ([True, True, False, False], [4, 3, 2, 1], 1.0),
            ([True, False, True, False], [4, 3, 2, 1], 0.75),
            ([True, True, False, False], [1, 1, 1, 1], 0.5),
            ([True, True, True], [1, 2, 3], 0.5),
        ],
    )
    def test_given_scores_then_the_share_of_pairs_in_order(
        self, positive: list[bool], scores: list[float], area: float
    ) -> None:
        assert area_under_curve(np.array(positive), np.array(scores, dtype=float)) == area


def test_given_no_features_then_neutral() -> None:
    assert predicted({}, Weights("x", 2.5, {})) == 3.0
