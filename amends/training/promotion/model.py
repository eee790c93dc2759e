"""Examinations, promotions, the work in the background, and shadow runs: plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

LONGEST_NAME = 128
"""Characters of a model's name, which is its file's name without `.tar.gz`."""
LONGEST_REASON = 1000


class StepState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an examination.

    Attributes:
        detail: What is going on, or what came out; a short sentence without customers' words.
        output: The end of what a failed step printed.
    """

    key: str
    state: StepState
    started_at: datetime | None = None
    seconds: float | None = None
    detail: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a candidate beside the live model's, both measured on the same rows.

    Attributes:
        before: The live model's value; None where it was not measured.
        verdict: "better", "worse" or "same"; None without a value before.
    """

    key: str
    value: float
    interval95: tuple[float, float] | None = None
    rows: int | None = None
    before: float | None = None
    verdict: str | None = None
    may_be_chance: bool = False
    less_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model makes of one message."""

    intent: str
    category: str | None
    complaint: bool
    handoff: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class ChangedReading:
    """A message that two models read differently; its words stay in the message log."""

    conversation_id: str
    seq: int
    before: Reading
    after: Reading


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found about a model, once; never changed afterwards.

    Attributes:
        against: The model that was live, or None when the candidate itself was.
        messages: How many of last week's messages both models read.
        changed: Those read differently, at most as many as the record keeps.
        changed_count: How many were read differently in all.
    """

    id: str
    model: str
    against: str | None
    at: datetime
    by: str
    steps: tuple[Step, ...]
    figures: tuple[Figure, ...]
    messages: int = 0
    changed_count: int = 0
    changed: tuple[ChangedReading, ...] = ()
    evaluation: Mapping[str, Any] | None = None

    def step(self, key: str) -> Step | None:
        return next((one for one in self.steps if one.key == key), None)


class PromotionKind(StrEnum):
    PROMOTE = "promote"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Promotion:
    """From this moment on, this model answers.

    Attributes:
        number: Counts up; the highest one holds.
        replaced: The model that answered before, or None when nothing is known of it.
        examination: The examination that it rests on, if there is one.
    """

    number: int
    model: str
    at: datetime
    by: str
    reason: str
    kind: PromotionKind
    replaced: str | None
    examination: str | None = None


class WorkState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self in (WorkState.WAITING, WorkState.RUNNING)


@dataclass(frozen=True, slots=True)
class Work:
    """A training with its examination, or an examination alone, in the background.

    Attributes:
        model: What to examine; None: train the model of the present files first.
        folds: Of the cross-validation; 0 leaves it out.
        holder: Who works on it, until the lease lapses.
        attempts: How often it was begun.
        result: The model that came out.
    """

    id: str
    model: str | None
    folds: int
    asked_at: datetime
    asked_by: str
    state: WorkState = WorkState.WAITING
    holder: str | None = None
    lease_until: datetime | None = None
    attempts: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    steps: tuple[Step, ...] = ()
    cancel_wanted: bool = False
    error: str = ""
    result: str | None = None
    examination: str | None = None


@dataclass(frozen=True, slots=True)
class Serving:
    """What an engine said last: which model answers there, and what kept it from another."""

    engine: str
    model: str | None
    wanted: str | None
    error: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shadow:
    """A candidate reads what customers write, beside the live model; nobody acts on it."""

    id: str
    model: str
    since: datetime
    by: str
    until: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class ReadLive:
    """A customer's message and the engine's parse of it, as the live model read it."""

    conversation_id: str
    seq: int
    at: datetime
    text: str
    parse: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shadowed:
    """One message as both models read it."""

    conversation_id: str
    seq: int
    at: datetime
    live: Reading
    shadow: Reading

    @property
    def agrees(self) -> bool:
        """Whether both say the same of what steers the conversation: intent and handoff."""
        return same(self.live, self.shadow)


@dataclass(frozen=True, slots=True)
class Agreement:
    read: int
    agreed: int

    @property
    def share(self) -> float | None:
        return self.agreed / self.read if self.read else None


def same(one: Reading, other: Reading) -> bool:
    return (one.intent, one.handoff) == (other.intent, other.handoff)


def differing(
    pairs: Sequence[tuple[str, int, Reading, Reading]],
) -> tuple[ChangedReading, ...]:
    """Return the messages that are read differently, in the order given."""
    return tuple(
        ChangedReading(conversation_id, seq, before, after)
        for conversation_id, seq, before, after in pairs
        if not same(before, after)
    )
