"""Labelled rows, what the assistant made of them, and the figures that compare the two."""

from collections.abc import Mapping
from dataclasses import dataclass

from amends.handoff.model import Signal
from amends.training.labels import FALLBACK_INTENT, NOT_A_COMPLAINT
from amends.training.statistics import Share

RowId = str | int
Shares = Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A message and what it is about, in the product's categories."""

    id: RowId
    category: str
    accepted: frozenset[str]  # a fair reader would accept any of these
    language: str
    source: str
    words: int


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """A message and whether it complains."""

    id: RowId
    complaint: bool


@dataclass(frozen=True, slots=True)
class SentimentRow:
    id: RowId
    sentiment: str  # neg, neu or pos
    language: str


@dataclass(frozen=True, slots=True)
class SeverityRow:
    """A message and whether it must reach a person."""

    id: RowId
    flags: tuple[str, ...]
    must_handoff: bool
    hard_negative: bool  # words that sound serious, used harmlessly
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """One set of labelled rows."""

    category: tuple[CategoryRow, ...]
    complaint: tuple[ComplaintRow, ...]
    sentiment: tuple[SentimentRow, ...]
    severity: tuple[SeverityRow, ...]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was made of one message.

    `confidence` is that of the best guess, also where the assistant asks back instead of acting
    on it. A baseline that only names intents knows neither sentiment, flags nor handoff.
    """

    id: RowId
    complaint: bool
    category: str | None
    intent: str
    confidence: float
    secondary: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    sentiment: str | None = None
    handoff: bool | None = None
    signal: Signal | None = None

    @property
    def answer(self) -> str:
        return self.category if self.complaint and self.category else NOT_A_COMPLAINT

    @property
    def asks_back(self) -> bool:
        return self.intent == FALLBACK_INTENT


Predictions = Mapping[RowId, Prediction]


@dataclass(frozen=True, slots=True)
class Confusion:
    expected: str
    answered: str
    rows: int


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    accuracy: Share  # accepted alternatives count as right
    strict: Share  # only the first label counts
    primary_or_secondary: Share
    macro_f1: float
    by_category: Shares
    by_source: Shares
    by_language: Shares
    by_length: Shares
    confusions: tuple[Confusion, ...]  # all of them, most frequent first
    missing: int  # rows without a prediction; they count as wrong


@dataclass(frozen=True, slots=True)
class ComplaintFigures:
    rows: int
    precision: Share
    recall: Share
    f1: float
    macro_f1: float


@dataclass(frozen=True, slots=True)
class SentimentFigures:
    """English in three classes; Chinese rows know only negative and positive."""

    accuracy_en: Share
    macro_f1_en: float
    negative_recall_en: Share
    accuracy_zh: Share


@dataclass(frozen=True, slots=True)
class HandoffFigures:
    recall: Share  # of messages that must reach a person
    false_alarms_hard: Share  # of hard negatives
    false_alarms_ordinary: Share  # of ordinary complaints and other messages
    by_flag: Shares
    missed: tuple[RowId, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows whose confidence lies in [low, high), the last one including 1."""

    low: float
    high: float
    mean_confidence: float
    right: Share


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """What happens if the assistant asks back below this confidence."""

    threshold: float
    alone: Share  # rows it acts on
    right: Share  # of those, right


@dataclass(frozen=True, slots=True)
class Calibration:
    bins: tuple[Bin, ...]
    expected_error: float  # mean distance of confidence and accuracy, weighed by rows
    in_force: AtThreshold  # as the assistant runs, its other reasons to ask back included
    by_threshold: tuple[AtThreshold, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything measured on one set of rows; None: not known of these predictions."""

    category: CategoryFigures
    complaint: ComplaintFigures
    calibration: Calibration
    sentiment: SentimentFigures | None
    handoff: HandoffFigures | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    limit: float
    recall: Share
    false_alarms_hard: Share
    false_alarms_ordinary: Share


@dataclass(frozen=True, slots=True)
class HandoffCurve:
    """Recall against false alarms while one limit of the handoff table moves."""

    row: str
    condition: str
    in_force: float
    points: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class FoldPrediction:
    """One of our own lines, read by a model that was trained without it."""

    intent: str
    predicted: str  # best guess, also where the assistant would ask back
    confidence: float
    asks_back: bool
    language: str
    fold: int


@dataclass(frozen=True, slots=True)
class CrossValidation:
    folds: int
    accuracy: Share
    asks_back: Share
    macro_f1: float
    expected_error: float
    by_intent: Shares
    by_language: Shares
    confusions: tuple[Confusion, ...]
