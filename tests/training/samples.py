"""Labelled rows and predictions in short."""

from typing import Any

from amends.handoff.model import Severity, Signal
from amends.training.model import (
    CategoryRow,
    ComplaintRow,
    FoldPrediction,
    Prediction,
    RowId,
    Rows,
    SentimentRow,
    SeverityRow,
)

SIGNAL: dict[str, Any] = {
    "sentiment": -0.2,
    "sentiment_label": "neu",
    "flags": frozenset(),
    "severity": Severity.LOW,
    "complaint": True,
    "category": "not_received",
    "secondary_count": 0,
    "waiting_hours": None,
    "intent": "report_not_received",
    "confidence": 0.8,
}


def category(row_id: RowId, wanted: str, *others: str, **more: Any) -> CategoryRow:
    given = {"language": "en", "source": "shop", "words": 10, **more}
    return CategoryRow(row_id, wanted, frozenset({wanted, *others}), **given)


def severity(row_id: RowId, *flags: str, must: bool = True, **more: Any) -> SeverityRow:
    return SeverityRow(row_id, flags, must, more.get("hard", False), more.get("ambiguous", False))


def rows(
    *given: CategoryRow | ComplaintRow | SentimentRow | SeverityRow,
) -> Rows:
    return Rows(
        category=tuple(row for row in given if isinstance(row, CategoryRow)),
        complaint=tuple(row for row in given if isinstance(row, ComplaintRow)),
        sentiment=tuple(row for row in given if isinstance(row, SentimentRow)),
        severity=tuple(row for row in given if isinstance(row, SeverityRow)),
    )


def read_as(row_id: RowId, answer: str | None, confidence: float = 0.9, **more: Any) -> Prediction:
    """Return the prediction of a category, or of no complaint for None."""
    intent = f"report_{answer}" if answer else "question"
    return Prediction(row_id, answer is not None, answer, more.pop("intent", intent), confidence,
                      **more)  # fmt: skip


def predictions(*given: Prediction) -> dict[RowId, Prediction]:
    return {one.id: one for one in given}


def signal(**given: Any) -> Signal:
    return Signal(**{**SIGNAL, **given})


def line(intent: str, predicted: str, confidence: float = 0.9, **more: Any) -> FoldPrediction:
    given = {"asks_back": False, "language": "en", "fold": 1, **more}
    return FoldPrediction(intent, predicted, confidence, **given)
