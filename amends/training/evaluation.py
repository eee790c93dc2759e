"""How well messages are understood: figures over labelled rows and the predictions for them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from amends.training.calibration import Outcome, calibrate
from amends.training.labels import NOT_A_COMPLAINT, SERIOUS_CATEGORIES
from amends.training.model import (
    CategoryFigures,
    CategoryRow,
    ComplaintFigures,
    ComplaintRow,
    Confusion,
    Figures,
    HandoffFigures,
    Prediction,
    Predictions,
    Rows,
    SentimentFigures,
    SentimentRow,
    SeverityRow,
    Shares,
)
from amends.training.statistics import Share, f1, macro_f1, share

SENTIMENTS = ("neg", "neu", "pos")
LENGTHS = (1, 8, 16, 31)
"""Words from which a message counts as a length of its own; the last one is open."""


def evaluate(rows: Rows, predictions: Predictions, threshold: float) -> Figures:
    """Measure predictions against labels.

    Args:
        rows: The labelled rows.
        predictions: By row id; a row without one counts as wrong.
        threshold: Confidence in [0, 1] below which the assistant asks back.
    """
    known = list(predictions.values())
    reads_sentiment = any(one.sentiment is not None for one in known)
    hands_off = any(one.handoff is not None for one in known)
    return Figures(
        category=category_figures(rows.category, predictions),
        complaint=complaint_figures(rows.complaint, predictions),
        calibration=calibrate(outcomes(rows.category, predictions), threshold),
        sentiment=sentiment_figures(rows.sentiment, predictions) if reads_sentiment else None,
        handoff=handoff_figures(rows, predictions) if hands_off else None,
    )


def answer_of(prediction: Prediction | None) -> str:
    return prediction.answer if prediction else NOT_A_COMPLAINT


def category_figures(rows: Sequence[CategoryRow], predictions: Predictions) -> CategoryFigures:
    """Compare categories. For macro-F1 an accepted alternative counts as the expected label."""
    answers = [(row, answer_of(predictions.get(row.id))) for row in rows]
    right = {row.id: answer in row.accepted for row, answer in answers}
    pairs = [(got if right[row.id] else row.category, got) for row, got in answers]
    return CategoryFigures(
        accuracy=share(right[row.id] for row in rows),
        strict=share(got == row.category for row, got in answers),
        primary_or_secondary=share(
            right[row.id] or row.accepted & _secondary(predictions.get(row.id)) for row in rows
        ),
        macro_f1=macro_f1(pairs, sorted({wanted for wanted, _ in pairs})),
        by_category=_by(rows, right, lambda row: row.category),
        by_source=_by(rows, right, lambda row: row.source),
        by_language=_by(rows, right, lambda row: row.language),
        by_length=_by_length(rows, right),
        confusions=confusions((r.category, got) for r, got in answers if not right[r.id]),
        missing=sum(row.id not in predictions for row in rows),
    )


def outcomes(rows: Sequence[CategoryRow], predictions: Predictions) -> list[Outcome]:
    """Return how sure the assistant was of each row, and whether its answer was right."""
    return [
        Outcome(found.confidence, found.answer in row.accepted, found.asks_back)
        for row in rows
        if (found := predictions.get(row.id))
    ]


def complaint_figures(rows: Sequence[ComplaintRow], predictions: Predictions) -> ComplaintFigures:
    found = Counter((row.complaint, answered_complaint(row, predictions)) for row in rows)
    right, alarms = found[True, True], found[False, True]
    overlooked, quiet = found[True, False], found[False, False]
    of_complaints = f1(right, alarms, overlooked)
    return ComplaintFigures(
        rows=len(rows),
        precision=Share(right, right + alarms),
        recall=Share(right, right + overlooked),
        f1=of_complaints,
        macro_f1=(of_complaints + f1(quiet, overlooked, alarms)) / 2,
    )


def answered_complaint(row: ComplaintRow, predictions: Predictions) -> bool:
    found = predictions.get(row.id)
    return found is not None and found.complaint


def sentiment_figures(rows: Sequence[SentimentRow], predictions: Predictions) -> SentimentFigures:
    def read(language: Callable[[SentimentRow], bool]) -> list[tuple[str, str | None]]:
        return [(r.sentiment, _sentiment(predictions.get(r.id))) for r in rows if language(r)]

    english, others = read(lambda r: r.language == "en"), read(lambda r: r.language != "en")
    return SentimentFigures(
        accuracy_en=share(wanted == got for wanted, got in english),
        macro_f1_en=macro_f1(english, SENTIMENTS),
        negative_recall_en=share(got == "neg" for wanted, got in english if wanted == "neg"),
        accuracy_zh=share(wanted == got for wanted, got in others),
    )


def handoff_figures(rows: Rows, predictions: Predictions) -> HandoffFigures:
    def handed_off(row: SeverityRow | CategoryRow) -> bool:
        found = predictions.get(row.id)
        return found is not None and bool(found.handoff)

    must = must_reach_a_person(rows)
    return HandoffFigures(
        recall=share(handed_off(row) for row in must),
        false_alarms_hard=share(handed_off(row) for row in hard_negatives(rows)),
        false_alarms_ordinary=share(handed_off(row) for row in ordinary(rows)),
        by_flag=_by_flag(rows.severity, predictions),
        missed=tuple(row.id for row in must if not handed_off(row)),
    )


def must_reach_a_person(rows: Rows) -> list[SeverityRow]:
    return [row for row in rows.severity if row.must_handoff and not row.ambiguous]


def hard_negatives(rows: Rows) -> list[SeverityRow]:
    """Return rows whose words sound serious and are not."""
    return [
        row
        for row in rows.severity
        if row.hard_negative and not row.must_handoff and not row.ambiguous
    ]


def ordinary(rows: Rows) -> list[CategoryRow]:
    """Return rows that need no person: no trigger, and nothing serious by its category."""
    triggered = {row.id for row in rows.severity if row.flags}
    return [
        row
        for row in rows.category
        if row.id not in triggered and row.category not in SERIOUS_CATEGORIES
    ]


def confusions(wrong: Iterable[tuple[str, str]]) -> tuple[Confusion, ...]:
    """Count pairs of expected and answered label, most frequent first."""
    counted = Counter(wrong).most_common()
    return tuple(Confusion(wanted, got, rows) for (wanted, got), rows in counted)


def _secondary(prediction: Prediction | None) -> frozenset[str]:
    return prediction.secondary if prediction else frozenset()


def _sentiment(prediction: Prediction | None) -> str | None:
    return prediction.sentiment if prediction else None


def _by(
    rows: Sequence[CategoryRow],
    right: dict[str | int, bool],
    key: Callable[[CategoryRow], str],
) -> Shares:
    groups: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(right[row.id])
    return {name: share(groups[name]) for name in sorted(groups)}


def _by_length(rows: Sequence[CategoryRow], right: dict[str | int, bool]) -> Shares:
    found = _by(rows, right, lambda row: length_of(row.words))
    order = [length_of(words) for words in LENGTHS]
    return {name: found[name] for name in order if name in found}


def length_of(words: int) -> str:
    """Return the name of the length that a message of so many words has."""
    for low, above in pairwise(LENGTHS):
        if words < above:
            return f"{low}-{above - 1} words"
    return f"{LENGTHS[-1]} words or more"


def _by_flag(rows: Sequence[SeverityRow], predictions: Predictions) -> Shares:
    groups: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        found = predictions.get(row.id)
        for flag in () if row.ambiguous else row.flags:
            groups[flag].append(found is not None and flag in found.flags)
    return {flag: share(groups[flag]) for flag in sorted(groups)}
