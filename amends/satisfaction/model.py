"""Surveys and scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from amends.satisfaction.surveys.model import Survey as Survey


@dataclass(frozen=True, slots=True)
class Turn:
    """One message as the scoring sees it."""

    role: str  # user or system
    text: str
    sentiment: float | None = None  # -1..1, customers' turns only, when the engine assessed it
    at: datetime | None = None
    severity: str = ""  # low, medium, high, critical; empty when it was not assessed
    categories: frozenset[str] = frozenset()  # what the words complain about


@dataclass(frozen=True, slots=True)
class Journey:
    """What the log knows beyond the words; None or empty where it does not."""

    first_answer_seconds: float | None = None
    waited_for_staff_seconds: float | None = None
    handed_off: bool = False
    acknowledged: bool | None = None
    remedy_accepted: bool = False
    remedy_refused: bool = False
    questions_repeated: int = 0
    promises_broken: int = 0
    promises_kept: int = 0
    withdrawn: bool = False
    csat: int | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Predicted satisfaction of one conversation."""

    satisfaction: float  # 1..5
    confidence: float  # 0..1
    dimensions: dict[str, float]  # outcome, process, treatment and the five of SERVQUAL, 1..5
    drivers: tuple[str, ...]  # in words, strongest first
    model: str


@dataclass(frozen=True, slots=True)
class Weights:
    """How many points each feature moves; see `factors.py` for the features."""

    id: str
    base: float  # where all features are 0
    points: Mapping[str, float]
    within_half: float = 0.7  # share of conversations predicted within half a point
    conversations: int = 0  # how many they were fitted on
