"""What this room needs from outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from amends.handoff import ports as handoff
from amends.training.promotion.model import (
    Agreement,
    Examination,
    Promotion,
    PromotionKind,
    ReadLive,
    Serving,
    Shadow,
    Shadowed,
    Work,
)


class Models(Protocol):
    """What is stored of trained models. Examinations and promotions stay as they are."""

    def add_examination(self, examination: Examination) -> None: ...
    def examination(self, examination_id: str) -> Examination | None: ...
    def last_examination(self, model: str) -> Examination | None: ...
    def promote(
        self,
        model: str,
        at: datetime,
        by: str,
        reason: str,
        kind: PromotionKind,
        replaced: str | None,
        examination: str | None,
        number: int,
    ) -> bool:
        """Store a promotion under its number; False when that number is taken."""
        ...

    def promotions(self, limit: int = 50) -> Sequence[Promotion]:
        """The latest promotions, the one that holds first."""
        ...


class ModelWork(Protocol):
    """Trainings and examinations in the background; at most one is open at a time."""

    def add(self, work: Work) -> bool:
        """Store new work; False when other work is still open."""
        ...

    def get(self, work_id: str) -> Work | None: ...
    def latest(self) -> Work | None: ...
    def claim(self, holder: str, now: datetime, until: datetime) -> Work | None:
        """Take the open work that nobody holds any more; None when there is none."""
        ...

    def save(self, work: Work) -> bool:
        """Store how far it is; False when somebody else holds it by now, or it has ended."""
        ...

    def cancel(self, work_id: str, now: datetime) -> bool:
        """Ask for the end of open work; what nobody has begun ends at once."""
        ...


class ModelServing(Protocol):
    def save(self, serving: Serving) -> None: ...
    def all(self) -> Sequence[Serving]: ...


class Shadows(Protocol):
    """A candidate that reads along; at most one at a time."""

    def add(self, shadow: Shadow) -> bool:
        """Begin; False when another one reads along."""
        ...

    def current(self) -> Shadow | None: ...
    def latest(self) -> Shadow | None: ...
    def stop(self, shadow_id: str, at: datetime) -> bool: ...
    def take(self, shadow_id: str, now: datetime, until: datetime) -> bool:
        """Take the next batch of reading; False when another process reads just now."""
        ...

    def release(self, shadow_id: str, error: str) -> None: ...
    def unread(self, shadow: Shadow, limit: int) -> Sequence[ReadLive]:
        """Customers' messages since it began that it has not read, oldest first."""
        ...

    def record(self, shadow_id: str, read: Sequence[Shadowed]) -> None: ...
    def agreement(self, shadow_id: str) -> Agreement: ...
    def changed(self, shadow_id: str, limit: int) -> Sequence[Shadowed]:
        """What was read differently, the latest first."""
        ...


class RecentMessages(Protocol):
    def since(self, since: datetime, limit: int) -> Sequence[tuple[str, int, str]]:
        """Customers' own words that the engine read, the latest first: conversation, seq, text."""
        ...

    def texts(self, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """The words of these messages, as far as they are still kept."""
        ...


class UnitOfWork(handoff.UnitOfWork, Protocol):
    @property
    def models(self) -> Models: ...
    @property
    def model_work(self) -> ModelWork: ...
    @property
    def model_serving(self) -> ModelServing: ...
    @property
    def shadows(self) -> Shadows: ...
    @property
    def recent_messages(self) -> RecentMessages: ...
