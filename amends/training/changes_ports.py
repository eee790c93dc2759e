"""Where changes of the training data are recorded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from amends.handoff import ports as handoff
from amends.training.changes import Change

Place = tuple[datetime, str]
"""A place in the list of changes: when one was made, and its id."""


class TrainingChanges(Protocol):
    """Changes stay as they were written."""

    def add(self, change: Change) -> None:
        """Store a change; nothing happens when it is stored already."""
        ...

    def get(self, change_id: str) -> Change | None: ...
    def latest(self, limit: int, before: Place | None = None) -> Sequence[Change]:
        """Return changes, the latest first; those made before a place."""
        ...

    def reverted_by(self, change_id: str) -> str | None:
        """Return the change that took this one back."""
        ...

    def reverted(self, change_ids: Sequence[str]) -> dict[str, str]:
        """Return, of these changes, which one took each back."""
        ...


class UnitOfWork(handoff.UnitOfWork, Protocol):
    @property
    def training_changes(self) -> TrainingChanges: ...
