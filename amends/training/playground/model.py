"""What is seen of a conversation before and after a message, and the message explained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from amends.cases.model import Case, CaseEntry, Promise
from amends.compensation.decision import Decision
from amends.compensation.model import DecisionRecord, Offer, StepTaken
from amends.conversations.model import Conversation, Message, Understanding
from amends.handoff.model import Assessment, Handoff
from amends.handoff.thresholds import ThresholdRow


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the database holds of one conversation at a moment."""

    conversation: Conversation
    messages: Sequence[Message]
    understood: Mapping[int, Understanding]
    assessment: Assessment | None  # None while nothing was typed
    cases: Sequence[Case] = ()
    entries: Sequence[CaseEntry] = ()
    promises: Sequence[Promise] = ()
    decisions: Sequence[DecisionRecord] = ()
    offers: Sequence[Offer] = ()
    steps: Sequence[StepTaken] = ()
    handoffs: Sequence[Handoff] = ()


@dataclass(frozen=True, slots=True)
class FlagWords:
    """Words of the message by which a flag was found."""

    flag: str
    words: str
    severity: str


@dataclass(frozen=True, slots=True)
class RasaStep:
    """One thing that Rasa did: an action that ran, or a slot that was set."""

    kind: str  # action or slot
    name: str
    policy: str | None = None  # who predicted the action
    confidence: float | None = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class EngineTold:
    """What the engine says of a message afterwards; `answered` is False when it says nothing."""

    flag_words: tuple[FlagWords, ...] = ()
    steps: tuple[RasaStep, ...] = ()
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """How the message was understood."""

    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]  # the likeliest first
    entities: tuple[tuple[str, str], ...]  # name and value
    complaint: bool
    category: str | None
    secondary: tuple[str, ...]
    sentiment: float
    sentiment_label: str
    severity: str
    waiting_hours: float | None
    language: str
    flags: tuple[tuple[str, tuple[str, ...]], ...]  # each with its words; none: it was learned


@dataclass(frozen=True, slots=True)
class Fired:
    """A row of the handoff table that fired with this message."""

    id: str
    row: ThresholdRow | None  # None: not a row, but a word such as policy_person

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """What the row asks for, as the table states it."""
        stated = self.row.when.model_dump(mode="json", exclude_none=True) if self.row else {}
        return tuple((key, _plain(value)) for key, value in stated.items())


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "yes" if value is True else str(value)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision taken in this turn, with the facts that it used."""

    record: DecisionRecord
    decision: Decision
    clauses: tuple[tuple[str, str], ...]  # id and title

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, fact_text(value)) for name, value in self.decision.facts_used.items())


def fact_text(value: Any) -> str:
    """Return a fact's value as text."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written into the books in this turn."""

    opened: tuple[Case, ...] = ()
    changed: tuple[tuple[str, str, str], ...] = ()  # field of a case, before, after
    entries: tuple[CaseEntry, ...] = ()
    promises: tuple[Promise, ...] = ()
    offers: tuple[Offer, ...] = ()
    steps: tuple[StepTaken, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not any(
            (self.opened, self.changed, self.entries, self.promises, self.offers, self.steps)
        )


@dataclass(frozen=True, slots=True)
class Explained:
    """One message of the customer: how it was read, and what it led to."""

    seq: int
    text: str
    tapped: str | None  # what a tapped choice stands for; None for typed words
    read: Read | None  # None: nothing was read, because a choice was tapped or nobody answered
    assessment: Assessment | None
    fired: tuple[Fired, ...]
    earlier_reasons: tuple[str, ...]  # why a person had been asked for before
    decided: tuple[Decided, ...]
    told: EngineTold
    written: Written
    mode: str
    replies: tuple[Message, ...] = field(default=())
    at: datetime | None = None
