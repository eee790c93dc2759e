"""How a run stands against another."""

import pytest

from amends.training.comparison import Headline, Verdict, answers, changed, compare, headlines
from amends.training.cross_validation import cross_validated
from amends.training.evaluation import evaluate
from tests.training.samples import category, line, predictions, read_as, rows


def headline(value: float, **more: object) -> Headline:
    return Headline("x", "X", value, **more)  # type: ignore[arg-type]


class TestCompare:
    @pytest.mark.parametrize(
        ("now", "before", "less_is_better", "verdict"),
        [
            (0.8, 0.7, False, Verdict.BETTER),
            (0.7, 0.8, False, Verdict.WORSE),
            (0.1, 0.2, True, Verdict.BETTER),
            (0.2, 0.1, True, Verdict.WORSE),
            (0.70001, 0.7, False, Verdict.SAME),
        ],
    )
    def test_given_two_values_then_the_verdict(
        self, now: float, before: float, less_is_better: bool, verdict: Verdict
    ) -> None:
        assert compare(headline(now, less_is_better=less_is_better), before).verdict is verdict

    def test_given_a_value_within_the_interval_then_it_may_be_chance(self) -> None:
        now = headline(0.8, interval95=(0.75, 0.85))

        assert compare(now, 0.77).may_be_chance
        assert not compare(now, 0.7).may_be_chance


class TestChanged:
    def test_given_two_runs_then_the_ids_of_what_differs(self) -> None:
        before = answers(predictions(read_as(1, "wrong_item"), read_as(2, None), read_as(9, None)))
        now = answers(
            predictions(read_as(1, None), read_as(2, None, handoff=True), read_as(3, None))
        )

        found = changed(now, before)

        assert found == {"category": (1,), "sentiment": (), "handoff": (2,)}


class TestHeadlines:
    def test_given_labelled_rows_and_folds_then_every_headline_has_its_own_key(self) -> None:
        labelled = rows(category(1, "wrong_item"))
        read = read_as(1, "wrong_item", sentiment="neg", handoff=False)

        found = headlines(
            evaluate(labelled, predictions(read), 0.3), cross_validated([line("greet", "greet")])
        )

        keys = [one.key for one in found]
        assert len(set(keys)) == len(keys)
        assert {"category_accuracy", "handoff_recall", "cross_accuracy"} <= set(keys)

    def test_given_neither_then_none(self) -> None:
        assert headlines(None, None) == ()
