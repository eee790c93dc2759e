"""Figures of our own lines, each read by a model that was trained without it."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from amends.training.calibration import Outcome, expected_error, reliability
from amends.training.evaluation import confusions
from amends.training.model import CrossValidation, FoldPrediction, Shares
from amends.training.statistics import macro_f1, share


def cross_validated(predictions: Sequence[FoldPrediction]) -> CrossValidation:
    """Measure by intent.

    These figures flatter: lines for one intent are written by the same hand in one sitting, so a
    line left out resembles those that were learnt far more than a customer's message does.
    """
    pairs = [(one.intent, one.predicted) for one in predictions]
    sure = [Outcome(one.confidence, one.intent == one.predicted) for one in predictions]
    return CrossValidation(
        folds=len({one.fold for one in predictions}),
        accuracy=share(wanted == got for wanted, got in pairs),
        asks_back=share(one.asks_back for one in predictions),
        macro_f1=macro_f1(pairs, sorted({wanted for wanted, _ in pairs})),
        expected_error=expected_error(reliability(sure)),
        by_intent=_by(predictions, lambda one: one.intent),
        by_language=_by(predictions, lambda one: one.language),
        confusions=confusions(pair for pair in pairs if pair[0] != pair[1]),
    )


def _by(predictions: Sequence[FoldPrediction], key: Callable[[FoldPrediction], str]) -> Shares:
    groups: dict[str, list[bool]] = defaultdict(list)
    for one in predictions:
        groups[key(one)].append(one.intent == one.predicted)
    return {name: share(groups[name]) for name in sorted(groups)}
