"""What the review queue needs from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from amends.handoff import ports as handoff
from amends.training.review.model import (
    Counts,
    Cursor,
    Decision,
    Gathered,
    Group,
    Item,
    Looked,
    Mark,
    Place,
    Query,
)


class Reviews(Protocol):
    """The queue: messages in groups, decisions on them, and how far the log was looked at."""

    def cursor(self) -> Cursor | None: ...
    def advance(self, before: Cursor | None, after: Cursor) -> bool:
        """Move the cursor on and hold it until the transaction ends; False when somebody else has
        moved it since it was read."""
        ...

    def changed(self, after: Mark, before: datetime, limit: int) -> Sequence[Mark]:
        """Conversations that were written in, or passed on, behind a place, oldest first."""
        ...

    def outdated(self, after: Mark, before: datetime, limit: int) -> Sequence[Mark]:
        """The same for those whose case, mark or rating changed without a word."""
        ...

    def gather(self, ids: Sequence[str]) -> Mapping[str, Gathered]:
        """The latest messages of conversations, with what was read, offered, marked and rated."""
        ...

    def put(self, looked: Sequence[Looked]) -> int:
        """Let exactly what was found stand in the queue, of what was looked at; what was decided
        on stays as it is. Returns how many messages are new."""
        ...

    def lock(self, group_id: int) -> bool:
        """Hold a group until the transaction ends; False when there is none."""
        ...

    def members(self, group_id: int, last: int | None = None, limit: int = 500) -> Sequence[Item]:
        """A group's open messages, those that rank highest first; none newer than `last`."""
        ...

    def open_ids(self, group_id: int, last: int) -> Sequence[int]: ...
    def decide(self, ids: Sequence[int], decision: Decision) -> int:
        """Store a decision on open messages and return its id.

        Raises:
            AlreadyDecided: one of them is not open any more; roll back.
        """
        ...

    def undo(self, decision_id: int, by: str, at: datetime) -> None:
        """Let a decision not hold any more, and its messages stand open again.

        Raises:
            NothingToUndo: it was undone already.
        """
        ...

    def item(self, item_id: int) -> Item | None: ...
    def decision(self, decision_id: int) -> Decision | None: ...
    def decided_items(self, decision_id: int, limit: int = 100) -> Sequence[Item]: ...
    def decision_on(self, group_id: int) -> Decision | None:
        """The latest decision on messages of a group."""
        ...

    def last_decision(self, by: str) -> Decision | None:
        """The latest decision of a person's that holds."""
        ...

    def became_example(self, decision_id: int, at: datetime) -> None: ...
    def group(self, group_id: int) -> Group | None: ...
    def groups(self, query: Query, after: Place | None, limit: int) -> Sequence[Group]: ...
    def decisions(
        self, query: Query, after: Place | None, limit: int
    ) -> Sequence[tuple[Decision, Item | None]]:
        """Decisions, the latest first, each with the message that stood for its group."""
        ...

    def counts(self) -> Counts: ...
    def decided_count(self) -> int: ...


class UnitOfWork(handoff.UnitOfWork, Protocol):
    @property
    def reviews(self) -> Reviews: ...
