"""What the satisfaction room needs from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from amends.handoff import ports as handoff
from amends.satisfaction.model import Score, Survey
from amends.satisfaction.surveys.model import SurveyAsk

Place = tuple[datetime, str]
"""When a case closed, and its id: a place in the list of closed cases."""


class Surveys(Protocol):
    def add(self, survey: Survey) -> Survey:
        """Store answers about a case beside those given before, and return them all; a later one
        to the same question replaces."""
        ...

    def of_conversation(self, conversation_id: str) -> Survey | None:
        """Return what was answered of the case that the customer answered about last."""
        ...

    def of_case(self, case_id: str) -> Survey | None: ...
    def latest(self, limit: int = 10_000) -> Sequence[Survey]:
        """Return the surveys answered last, the latest first."""
        ...


class SurveyAsks(Protocol):
    """What was asked of whom, in the chat and by mail."""

    def add(self, ask: SurveyAsk) -> None: ...
    def get(self, ask_id: str) -> SurveyAsk | None: ...
    def save(self, ask: SurveyAsk) -> None: ...
    def of_conversation(self, conversation_id: str) -> Sequence[SurveyAsk]:
        """All asks of a conversation, oldest first."""
        ...

    def asked_since(self, since: datetime, limit: int = 100_000) -> Sequence[SurveyAsk]:
        """Asks that are not older, the latest first: for response rates."""
        ...

    def to_check_in(
        self, start: datetime, end: datetime, after: Place | None = None, limit: int = 200
    ) -> Sequence[Place]:
        """Resolved cases that closed in [start, end), whose promises have ended and whose customer
        was not asked by mail since, oldest first; behind a place."""
        ...


class Scores(Protocol):
    def save(self, conversation_id: str, score: Score, at: datetime) -> None: ...
    def save_all(self, scores: Mapping[str, Score], at: datetime) -> None:
        """Store the scores of conversations as they were at `at`, in place of earlier ones."""
        ...

    def outdate(self, conversation_id: str, at: datetime) -> None:
        """Let a conversation be scored again, although nothing was said in it."""
        ...

    def outdate_others(self, model: str, at: datetime) -> int:
        """Let all conversations be scored again that were scored by other weights."""
        ...

    def of_conversation(self, conversation_id: str) -> Score | None: ...
    def scored_at(self, conversation_id: str) -> datetime | None: ...
    def unscored(
        self, idle_before: datetime, settled_before: datetime, limit: int = 200
    ) -> Sequence[str]:
        """Conversations with a customer's message, idle since, whose score is missing or older."""
        ...


class UnitOfWork(handoff.UnitOfWork, Protocol):
    @property
    def surveys(self) -> Surveys: ...
    @property
    def survey_asks(self) -> SurveyAsks: ...
    @property
    def scores(self) -> Scores: ...
