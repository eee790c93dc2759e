"""All that the rooms know of one conversation, as it is read in bulk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from amends.cases.model import Case, CaseEntry, Customer, Order, Promise
from amends.compensation.model import DecisionRecord, Offer, StepTaken
from amends.conversations.model import Conversation, Message, Understanding
from amends.handoff.approval_model import Approval
from amends.handoff.model import Handoff, Note
from amends.satisfaction.model import Score, Survey
from amends.satisfaction.quality import Course
from amends.satisfaction.surveys.model import SurveyAsk


@dataclass(frozen=True, slots=True)
class Read:
    """What the engine understood of a message, and when."""

    seq: int
    at: datetime
    found: Understanding  # without the parse


@dataclass(frozen=True, slots=True)
class GatheredCase:
    """Everything oldest first."""

    case: Case
    order: Order | None
    entries: tuple[CaseEntry, ...] = ()
    decisions: tuple[DecisionRecord, ...] = ()
    offers: tuple[Offer, ...] = ()
    steps: Mapping[str, tuple[StepTaken, ...]] = field(default_factory=dict)  # by remedy
    promises: tuple[Promise, ...] = ()
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything oldest first."""

    conversation: Conversation
    changed_at: datetime
    messages: tuple[Message, ...] = ()
    read: tuple[Read, ...] = ()
    notes: tuple[Note, ...] = ()
    cases: tuple[GatheredCase, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    surveys: tuple[Survey, ...] = ()
    survey_asks: tuple[SurveyAsk, ...] = ()
    score: Score | None = None
    scored_at: datetime | None = None
    people: tuple[Customer, ...] = ()  # who complained, and whose orders it is about

    @property
    def course(self) -> Course:
        """What the review of its quality looks at."""
        return Course(
            messages=self.messages,
            understood={one.seq: one.found for one in self.read},
            cases=[one.case for one in self.cases],
            entries=[entry for one in self.cases for entry in one.entries],
            offers=[offer for one in self.cases for offer in one.offers],
            handoffs=self.handoffs,
        )
