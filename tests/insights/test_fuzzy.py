"""Fuzzy comprehensive evaluation: the example of docs/how-to/read-insights.md, by hand."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.insights.statistics.fuzzy import (
    GRADES,
    JUSTICE_WEIGHTS,
    SERVQUAL_WEIGHTS,
    Grade,
    evaluate,
    membership,
)

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/how-to/read-insights.md"
OUTCOME, PROCESS, TREATMENT = [1, 2.5], [4], [5, 4.4]
marks = st.lists(st.floats(1, 5), min_size=1, max_size=30)


class TestExample:
    def test_given_the_values_of_the_example_then_every_step_is_as_by_hand(self) -> None:
        found = evaluate({"outcome": OUTCOME, "process": PROCESS, "treatment": TREATMENT})

        assert found is not None
        # 1 is very dissatisfied; 2.5 is half dissatisfied, half neutral; means of the two.
        rows = {
            "outcome": [0.5, 0.25, 0.25, 0, 0],
            "process": [0, 0, 0, 1, 0],
            "treatment": [0, 0, 0, 0.3, 0.7],  # 5 → (1); 4.4 → (0.6, 0.4)
        }
        for name, row in rows.items():
            assert [found.matrix[name][one] for one in GRADES] == pytest.approx(row)
        # 0.5 · outcome + 0.2 · process + 0.3 · treatment
        composed = [0.25, 0.125, 0.125, 0.2 + 0.09, 0.21]
        assert [found.memberships[one] for one in GRADES] == pytest.approx(composed)
        assert found.grade is Grade.SATISFIED
        # 25 · 0.125 + 50 · 0.125 + 75 · 0.29 + 100 · 0.21
        assert found.composite == pytest.approx(3.125 + 6.25 + 21.75 + 21)

    def test_given_the_document_then_it_tells_the_same_figures(self) -> None:
        text = DOCUMENT.read_text(encoding="utf-8")

        for figure in ("0.25 0.125 0.125 0.29 0.21", "52.125", "0.5, 0.2 and 0.3"):
            assert figure in text
        for weight in (*JUSTICE_WEIGHTS.values(), *SERVQUAL_WEIGHTS.values()):
            assert f"{weight:g}" in text


class TestWeights:
    @pytest.mark.parametrize("weights", [JUSTICE_WEIGHTS, SERVQUAL_WEIGHTS])
    def test_given_shipped_weights_then_together_one(self, weights: dict[str, float]) -> None:
        assert sum(weights.values()) == pytest.approx(1)

    def test_given_a_factor_without_values_then_the_others_share_its_weight(self) -> None:
        found = evaluate({"outcome": [4], "treatment": [2]})

        assert found is not None
        assert found.missing == ("process",)
        assert found.weights == pytest.approx({"outcome": 5 / 8, "treatment": 3 / 8})
        assert found.composite == pytest.approx((5 * 75 + 3 * 25) / 8)

    def test_given_nothing_then_none_and_given_a_negative_weight_then_refused(self) -> None:
        assert evaluate({}) is None
        assert evaluate({"outcome": []}) is None
        assert evaluate({"outcome": [3]}, {"outcome": 0}) is None
        with pytest.raises(ValueError, match="0 or more"):
            evaluate({"outcome": [3]}, {"outcome": -1})

    def test_given_two_grades_alike_then_the_lower_one(self) -> None:
        found = evaluate({"outcome": [1, 5]})

        assert found is not None
        assert found.grade is Grade.VERY_DISSATISFIED


class TestMembership:
    @settings(deadline=None)
    @given(marks)
    def test_given_any_values_then_together_one(self, values: list[float]) -> None:
        found = membership(values)

        assert sum(found.values()) == pytest.approx(1)
        assert all(0 <= one <= 1 for one in found.values())

    @settings(deadline=None)
    @given(marks, marks, marks)
    def test_given_any_values_then_the_composite_is_the_weighted_mean_and_turns_round(
        self, outcome: list[float], process: list[float], treatment: list[float]
    ) -> None:
        factors = {"outcome": outcome, "process": process, "treatment": treatment}
        opposite = {name: [6 - one for one in values] for name, values in factors.items()}
        found, turned = evaluate(factors), evaluate(opposite)

        means = {name: sum(values) / len(values) for name, values in factors.items()}
        weighted = sum(JUSTICE_WEIGHTS[name] * one for name, one in means.items())
        assert found is not None
        assert turned is not None
        assert found.composite == pytest.approx(25 * (weighted - 1))
        assert turned.composite == pytest.approx(100 - found.composite)

    def test_given_no_value_or_one_off_the_scale_then_refused(self) -> None:
        with pytest.raises(ValueError, match="no grade"):
            membership([])
        with pytest.raises(ValueError, match="from 1 to 5"):
            membership([0.9])
