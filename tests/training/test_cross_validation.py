"""Figures of our own lines."""

from amends.training.cross_validation import cross_validated
from amends.training.model import Confusion
from amends.training.statistics import Share
from tests.training.samples import line


def test_given_folds_then_accuracy_by_intent_and_language_and_confusions() -> None:
    lines = [
        line("greet", "greet"),
        line("greet", "thank", confidence=0.2, asks_back=True, fold=2),
        line("thank", "thank", language="zh", fold=2),
    ]

    found = cross_validated(lines)

    assert found.folds == 2
    assert found.accuracy == Share(2, 3)
    assert found.asks_back == Share(1, 3)
    assert found.by_intent == {"greet": Share(1, 2), "thank": Share(1, 1)}
    assert found.by_language == {"en": Share(1, 2), "zh": Share(1, 1)}
    assert found.confusions == (Confusion("greet", "thank", 1),)


def test_given_no_lines_then_empty_figures() -> None:
    assert cross_validated([]).accuracy == Share(0, 0)
