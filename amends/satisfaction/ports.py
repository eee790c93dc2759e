"""What the satisfaction room needs from outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from amends.handoff import ports as handoff
from amends.satisfaction.model import Score, Survey


class Surveys(Protocol):
    def add(self, survey: Survey) -> None:
        """Store the answer; a second answer for the same conversation replaces the first."""
        ...

    def of_conversation(self, conversation_id: str) -> Survey | None: ...
    def latest(self, limit: int = 10_000) -> Sequence[Survey]:
        """Return the surveys answered last, the latest first."""
        ...


class Scores(Protocol):
    def save(self, conversation_id: str, score: Score, at: datetime) -> None: ...
    def of_conversation(self, conversation_id: str) -> Score | None: ...
    def scored_at(self, conversation_id: str) -> datetime | None: ...
    def unscored(self, idle_before: datetime, limit: int = 200) -> Sequence[str]:
        """Conversations with a customer's message, idle since, whose score is missing or older."""
        ...


class UnitOfWork(handoff.UnitOfWork, Protocol):
    @property
    def surveys(self) -> Surveys: ...
    @property
    def scores(self) -> Scores: ...
