"""What the insights room needs from outside."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from amends.insights.actions import ActionEntry, CauseAction
from amends.insights.facts import ConversationFacts
from amends.insights.table import FactsQuery, Table
from amends.records.log.ports import Log
from amends.satisfaction import ports as satisfaction


class Facts(Protocol):
    def save(self, facts: Iterable[ConversationFacts]) -> None:
        """Store rows, in place of earlier ones of the same conversations."""
        ...

    def get(self, conversation_id: str) -> ConversationFacts | None:
        """Return the first part of a conversation."""
        ...

    def table(self, query: FactsQuery, names: Sequence[str]) -> Table:
        """Return these columns of all conversations that a query finds, oldest first."""
        ...

    def count(self, query: FactsQuery) -> int: ...
    def find(
        self,
        query: FactsQuery,
        after: tuple[datetime, str] | None = None,
        limit: int = 50,
    ) -> Sequence[ConversationFacts]:
        """Return conversations, the latest first, behind the place (started_at, id)."""
        ...

    def first_day(self) -> int | None:
        """Return the day of the earliest conversation."""
        ...


class CauseActions(Protocol):
    """What is done about causes, and the history of it; entries are added, never changed."""

    def add(self, action: CauseAction) -> None: ...
    def get(self, action_id: str) -> CauseAction | None: ...
    def all(self) -> Sequence[CauseAction]:
        """All actions, the oldest first."""
        ...

    def save(self, action: CauseAction) -> bool:
        """Store an action's new version; False when it is not the next one any more."""
        ...

    def add_entry(self, entry: ActionEntry) -> None: ...
    def entries(self, action_id: str, limit: int = 500) -> Sequence[ActionEntry]:
        """What was done to an action and noted about it, latest first."""
        ...


class UnitOfWork(satisfaction.UnitOfWork, Protocol):
    @property
    def log(self) -> Log: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def cause_actions(self) -> CauseActions: ...
