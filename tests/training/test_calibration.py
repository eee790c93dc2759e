"""Whether a confidence means what it says."""

import pytest

from amends.training.calibration import Outcome, calibrate, expected_error, reliability
from amends.training.statistics import Share


class TestReliability:
    def test_given_confidences_then_bins_with_their_share_right(self) -> None:
        found = reliability([Outcome(0.85, True), Outcome(0.81, False), Outcome(1.0, True)])

        assert [(one.low, one.right) for one in found] == [(0.8, Share(1, 2)), (0.9, Share(1, 1))]
        assert found[0].mean_confidence == pytest.approx(0.83)

    def test_given_four_in_five_right_at_four_fifths_then_no_error(self) -> None:
        outcomes = [Outcome(0.8, place > 0) for place in range(5)]

        assert expected_error(reliability(outcomes)) == pytest.approx(0.0)

    def test_given_half_the_rows_wrong_by_half_then_the_error_weighs_rows(self) -> None:
        outcomes = [Outcome(1.0, True), Outcome(0.5, False)]

        assert expected_error(reliability(outcomes)) == pytest.approx(0.25)

    def test_given_nothing_then_no_error(self) -> None:
        assert expected_error(reliability([])) == 0.0


class TestAskingBack:
    def test_given_a_threshold_then_what_is_below_it_is_not_handled_alone(self) -> None:
        outcomes = [Outcome(0.9, True), Outcome(0.4, False), Outcome(0.2, False)]

        found = calibrate(outcomes, 0.3).in_force

        assert found.alone == Share(2, 3)
        assert found.right == Share(1, 2)

    def test_given_a_row_asked_back_for_another_reason_then_not_handled_alone_either(self) -> None:
        outcomes = [Outcome(0.9, True), Outcome(0.4, False, asks_back=True)]

        found = calibrate(outcomes, 0.3)

        assert found.in_force.alone == Share(1, 2)
        assert found.by_threshold[0].alone == Share(2, 2)

    def test_given_a_rising_threshold_then_never_more_is_handled_alone(self) -> None:
        outcomes = [Outcome(step / 13, bool(step % 3)) for step in range(13)]

        alone = [at.alone.hits for at in calibrate(outcomes, 0.3).by_threshold]

        assert alone == sorted(alone, reverse=True)
