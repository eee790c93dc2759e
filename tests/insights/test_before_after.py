"""Before and after: the verdicts, and what is too little to tell."""

import numpy as np
import pytest

from amends.insights.statistics.before_after import (
    FEWEST_WEEKS,
    Verdict,
    Why,
    before_after,
    before_after_shares,
)

LOW, HIGH = [2.0, 3.0] * 6, [4.0, 5.0] * 6


class TestMeans:
    def test_given_two_points_more_then_as_by_hand(self) -> None:
        # As in the price of a point: 2 ± 2.07387 · sqrt(2 · 0.272727 / 12) = 2 ± 0.442151.
        found = before_after(LOW, HIGH, higher_is_better=True)

        assert found.difference is not None
        assert (found.difference.low, found.difference.value, found.difference.high) == (
            pytest.approx((2 - 0.442151, 2, 2 + 0.442151), abs=1e-5)
        )
        assert (found.verdict, found.why) == (Verdict.BETTER, None)

    @pytest.mark.parametrize(
        ("before", "after", "higher_is_better", "verdict"),
        [
            (LOW, HIGH, True, Verdict.BETTER),
            (LOW, HIGH, False, Verdict.WORSE),
            (HIGH, LOW, True, Verdict.WORSE),
            (HIGH, LOW, False, Verdict.BETTER),
        ],
    )
    def test_given_a_clear_change_then_the_direction_decides(
        self, before: list[float], after: list[float], higher_is_better: bool, verdict: Verdict
    ) -> None:
        assert before_after(before, after, higher_is_better=higher_is_better).verdict is verdict

    def test_given_what_may_be_chance_then_cannot_be_told(self) -> None:
        found = before_after(LOW, [2.0, 3.0] * 5 + [4.0], higher_is_better=True)

        assert (found.verdict, found.why) == (Verdict.CANNOT_BE_TOLD, Why.MAY_BE_CHANCE)
        assert found.difference is not None

    def test_given_too_few_on_a_side_then_cannot_be_told(self) -> None:
        found = before_after(LOW, HIGH[:9], higher_is_better=True)

        assert (found.verdict, found.why) == (Verdict.CANNOT_BE_TOLD, Why.TOO_FEW)
        assert found.difference is None
        assert found.before is not None

    def test_given_counts_per_week_then_four_weeks_are_enough(self) -> None:
        found = before_after(
            [10, 12, 11, 9], [3, 4, 2, 3], higher_is_better=False, fewest=FEWEST_WEEKS
        )

        assert found.verdict is Verdict.BETTER

    def test_given_nothing_changed_then_in_95_of_100_it_cannot_be_told(self) -> None:
        chance = np.random.default_rng(2)
        found = [
            before_after(*chance.normal(3, 1, (2, 25)), higher_is_better=True) for _ in range(400)
        ]

        assert sum(one.verdict is not Verdict.CANNOT_BE_TOLD for one in found) <= 34


class TestShares:
    def test_given_fewer_repeats_then_better(self) -> None:
        # Newcombe's example, turned round: 48 of 80 after 56 of 70.
        found = before_after_shares((56, 70), (48, 80), higher_is_better=False)

        assert found.difference is not None
        assert found.difference.value == pytest.approx(-0.2)
        assert (found.difference.low, found.difference.high) == pytest.approx(
            (-0.3339, -0.0524), abs=5e-5
        )
        assert found.verdict is Verdict.BETTER

    def test_given_too_few_then_cannot_be_told(self) -> None:
        assert before_after_shares((9, 9), (0, 80), higher_is_better=False).why is Why.TOO_FEW

    def test_given_nonsense_then_refused(self) -> None:
        with pytest.raises(ValueError, match="no share"):
            before_after_shares((3, 2), (1, 2), higher_is_better=False)
