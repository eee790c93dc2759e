"""What a review is made of: a conversation as far as it was read, reasons, groups, decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from amends.conversations.model import Message, Understanding


class Reason(StrEnum):
    """Why a message is worth a look; the order is that in which reasons are shown."""

    CORRECTED = "corrected"  # "no, I meant …" came after it
    WRONG_HANDOFF = "wrong_handoff"  # it brought a person who was not needed
    MISSED_HANDOFF = "missed_handoff"  # a person was needed, and came only when asked for
    GAVE_UP = "gave_up"  # not understood, and then a person was asked for
    REPHRASED = "rephrased"  # asked back, and the customer said it again
    NEW_WORDING = "new_wording"  # several customers say what the examples hardly hold
    ASKED_BACK = "asked_back"  # the assistant did not dare to act
    LOW_CONFIDENCE = "low_confidence"
    CLOSE_GUESSES = "close_guesses"
    LOW_RATING = "low_rating"  # least sure message of a conversation that was rated badly
    UNSEEN_WORDS = "unseen_words"  # alone it is no reason; together with others NEW_WORDING


WEIGHTS: Final[Mapping[Reason, float]] = {
    Reason.CORRECTED: 4.0,
    Reason.WRONG_HANDOFF: 4.0,
    Reason.MISSED_HANDOFF: 4.0,
    Reason.GAVE_UP: 3.5,
    Reason.REPHRASED: 3.0,
    Reason.NEW_WORDING: 3.0,
    Reason.ASKED_BACK: 2.0,
    Reason.LOW_RATING: 1.5,
    Reason.LOW_CONFIDENCE: 1.5,
    Reason.CLOSE_GUESSES: 1.0,
    Reason.UNSEEN_WORDS: 0.5,
}
"""What each reason adds to a message's rank. What a person said (customer or staff) weighs more
than what the model thinks of itself; chosen by what a trainer wants to see first."""

SHOWN_FROM: Final = 1.0
"""A group of a lower rank is kept, so that it can grow, but not shown."""

PER_DOUBLING: Final = 0.5
MOST_FOR_SIZE: Final = 3.0
"""Twice as many alike messages raise a group by so much, and by no more than this in all."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One reading that the engine thought of, with its confidence in [0, 1]."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class HandedOff:
    """A person was asked for; `was_needed` is what the one who answered said of it, if anything."""

    at: datetime
    reasons: tuple[str, ...]
    was_needed: bool | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """A conversation as it is stored, its latest messages only, oldest first."""

    messages: Sequence[Message] = ()
    understood: Mapping[int, Understanding] = field(default_factory=dict)
    handoffs: Sequence[HandedOff] = ()
    ratings: Sequence[int] = ()  # 1 to 5


@dataclass(frozen=True, slots=True)
class Turn:
    """A customer's message that the engine read, and what followed."""

    seq: int
    at: datetime
    text: str
    language: str
    intent: str  # as acted on, `nlu_fallback` when the assistant did not dare
    guesses: tuple[Guess, ...] = ()  # best first, without the fallback
    asked_back: bool = False
    chose: str = ""  # the intent of the button that the customer tapped in answer
    is_first: bool = False

    @property
    def best(self) -> Guess | None:
        return self.guesses[0] if self.guesses else None


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as far as it tells what was misheard; turns oldest first."""

    turns: tuple[Turn, ...]
    handoffs: tuple[HandedOff, ...] = ()
    worst_rating: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A message worth a look, or worth keeping because others may say the same."""

    seq: int
    at: datetime
    text: str
    language: str
    intent: str  # the best guess
    confidence: float
    reasons: tuple[Reason, ...]
    hint: str = ""  # the intent that the customer then chose, or was then understood to mean

    @property
    def rank(self) -> int:
        return rank_of(self.reasons)


@dataclass(frozen=True, slots=True)
class Member:
    """An open message of a group, as far as the group's standing depends on it."""

    id: int
    conversation_id: str
    at: datetime
    intent: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a group comes to: how high it ranks, and why."""

    rank: int
    reasons: tuple[Reason, ...]
    leader: Member
    last_at: datetime

    @property
    def is_shown(self) -> bool:
        return self.rank >= SHOWN_FROM * 100


def rank_of(reasons: Sequence[Reason]) -> int:
    """Return the sum of the reasons' weights, in hundredths."""
    return round(100 * sum(WEIGHTS[one] for one in set(reasons)))


def in_order(reasons: Sequence[Reason] | frozenset[Reason] | set[Reason]) -> tuple[Reason, ...]:
    """Return each reason once, in the order in which they are shown."""
    return tuple(one for one in Reason if one in reasons)


class Kind(StrEnum):
    """What a trainer decided about messages."""

    ACCEPT = "accept"  # the reading was right
    RELABEL = "relabel"
    SECONDARY = "secondary"  # further categories
    FLAGS = "flags"
    SKIP = "skip"
    OUT_OF_SCOPE = "out_of_scope"  # nothing that the assistant should learn


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided; None leaves a part of the reading as it is."""

    kind: Kind
    intent: str | None = None
    secondary: tuple[str, ...] | None = None
    flags: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict on some alike messages, with who gave it and when."""

    id: int
    at: datetime
    by: str
    verdict: Verdict
    read_as: str
    language: str
    reasons: tuple[Reason, ...]
    size: int
    leader_id: int
    undone_at: datetime | None = None
    undone_by: str | None = None
    example_at: datetime | None = None  # when it became an example

    @property
    def intent(self) -> str:
        """The intent that the messages have by this decision."""
        return self.verdict.intent or self.read_as

    @property
    def can_teach(self) -> bool:
        """Return whether its message could become an example, and has not yet."""
        aside = self.verdict.kind in (Kind.SKIP, Kind.OUT_OF_SCOPE)
        return not aside and self.example_at is None and self.undone_at is None


@dataclass(frozen=True, slots=True)
class Item:
    """A stored message of the queue."""

    id: int
    conversation_id: str
    seq: int
    at: datetime
    language: str
    intent: str
    confidence: float
    reasons: tuple[Reason, ...]
    hint: str
    group_id: int
    decision_id: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Alike open messages, as one row of the queue."""

    id: int
    rank: int
    size: int
    reasons: tuple[Reason, ...]
    last_at: datetime
    leader: Item


class State(StrEnum):
    OPEN = "open"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: behind this rank (open ones) and id."""

    rank: int
    id: int


@dataclass(frozen=True, slots=True)
class Query:
    """Which part of the queue is asked for; None asks for all."""

    state: State = State.OPEN
    reason: Reason | None = None
    language: str | None = None
    intent: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open groups and messages there are, and groups by reason and intent."""

    groups: int
    messages: int
    by_reason: Mapping[Reason, int]
    by_intent: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment at which a conversation changed; two of one moment differ by their id."""

    at: datetime
    conversation_id: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to where the log was looked at: by what was said, and by what changed without a word."""

    changed: Mark
    outdated: Mark


@dataclass(frozen=True, slots=True)
class Looked:
    """A conversation that was looked at, from one message on, and what was found in it."""

    conversation_id: str
    first_seq: int
    found: tuple[tuple[Found, tuple[int, ...]], ...]  # each with the signature of its text
