"""The figures that one run is known by, and how they stand against those of another."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from amends.training.model import CrossValidation, Figures, Prediction, Predictions, RowId
from amends.training.statistics import Share

SAME_WITHIN = 0.00005
"""Figures are shown and kept to four places."""


class Verdict(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure of a run. Without an interval it is no share (a macro-F1, an error)."""

    key: str
    title: str
    value: float
    interval95: tuple[float, float] | None = None
    rows: int | None = None
    less_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A headline beside the same one of another run."""

    verdict: Verdict
    before: float
    may_be_chance: bool  # the other value lies within this one's interval


Answers = Mapping[RowId, tuple[str, str | None, bool | None]]
"""Of each row: category, sentiment and handoff; what changed predictions are told by."""


def headlines(figures: Figures | None, cross: CrossValidation | None) -> tuple[Headline, ...]:
    """Return what a run is known by, in the order in which it is read."""
    found: list[Headline] = []
    if figures:
        found += [*_of_understanding(figures), *_of_sentiment(figures), *_of_handoff(figures)]
    if cross:
        found += [
            _share("cross_accuracy", "Own lines: intent right", cross.accuracy),
            Headline("cross_macro_f1", "Own lines: intent, macro-F1", cross.macro_f1),
        ]
    return tuple(found)


def compare(headline: Headline, before: float) -> Change:
    difference = headline.value - before
    if headline.less_is_better:
        difference = -difference
    if abs(difference) < SAME_WITHIN:
        return Change(Verdict.SAME, before, may_be_chance=False)
    low, high = headline.interval95 or (headline.value, headline.value)
    verdict = Verdict.BETTER if difference > 0 else Verdict.WORSE
    return Change(verdict, before, may_be_chance=low <= before <= high)


def answers(predictions: Predictions) -> dict[RowId, tuple[str, str | None, bool | None]]:
    return {row_id: _answer(found) for row_id, found in predictions.items()}


def changed(now: Answers, before: Answers) -> dict[str, tuple[RowId, ...]]:
    """Return the ids of rows that both runs read and read differently, by what differs."""
    both = [row_id for row_id in now if row_id in before]
    return {
        name: tuple(r for r in both if now[r][place] != before[r][place])
        for place, name in enumerate(("category", "sentiment", "handoff"))
    }


def _answer(found: Prediction) -> tuple[str, str | None, bool | None]:
    return (found.answer, found.sentiment, found.handoff)


def _of_understanding(figures: Figures) -> list[Headline]:
    category, complaint, sure = figures.category, figures.complaint, figures.calibration
    return [
        _share("category_accuracy", "Category right", category.accuracy),
        _share("category_strict", "Category right, first label only", category.strict),
        _share("category_either", "Category among all named", category.primary_or_secondary),
        Headline("category_macro_f1", "Category, macro-F1", category.macro_f1),
        _share("complaint_precision", "Complaints: precision", complaint.precision),
        _share("complaint_recall", "Complaints: recall", complaint.recall),
        Headline("complaint_macro_f1", "Complaint or not, macro-F1", complaint.macro_f1),
        Headline(
            "calibration_error",
            "Expected calibration error",
            sure.expected_error,
            less_is_better=True,
        ),
        _share("handled_alone", "Handled without asking back", sure.in_force.alone),
        _share("right_alone", "Right when handled alone", sure.in_force.right),
    ]


def _of_sentiment(figures: Figures) -> list[Headline]:
    found = figures.sentiment
    if found is None:
        return []
    return [
        Headline("sentiment_macro_f1", "Sentiment, macro-F1", found.macro_f1_en),
        _share("negative_recall", "Negative messages found", found.negative_recall_en),
        _share("sentiment_chinese", "Sentiment right, Chinese", found.accuracy_zh),
    ]


def _of_handoff(figures: Figures) -> list[Headline]:
    found = figures.handoff
    if found is None:
        return []
    return [
        _share("handoff_recall", "Handoff: recall", found.recall),
        _share("alarms_ordinary", "False alarms, ordinary", found.false_alarms_ordinary, less=True),
        _share("alarms_hard", "False alarms, hard negatives", found.false_alarms_hard, less=True),
    ]


def _share(key: str, title: str, found: Share, less: bool = False) -> Headline:
    return Headline(key, title, found.rate, found.interval95, found.rows, less_is_better=less)
