"""What this room needs from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, Self

from amends.webhooks.model import Delivery, Dispatch, Endpoint, Standing


class Webhooks(Protocol):
    """Endpoints and deliveries. A delivery is stored with the event, in the event's transaction."""

    def add(self, endpoint: Endpoint) -> None: ...
    def get(self, endpoint_id: str) -> Endpoint | None: ...
    def all(self) -> Sequence[Endpoint]:
        """All endpoints, oldest first."""
        ...

    def remove(self, endpoint_id: str) -> bool:
        """Remove an endpoint and its deliveries; False when there is none."""
        ...

    def set_active(self, endpoint_id: str, active: bool) -> bool: ...
    def set_secret(self, endpoint_id: str, secret: str) -> bool: ...
    def latest(self, endpoint_id: str, limit: int = 20) -> Sequence[Dispatch]:
        """What became of the latest events for an endpoint, the newest first."""
        ...

    def standings(self) -> Mapping[str, Standing]:
        """How deliveries stand, by endpoint; those without any are left out."""
        ...

    def endpoints_due(self, now: datetime) -> Sequence[str]:
        """Active endpoints that have a delivery to be tried now."""
        ...

    def take(self, endpoint_id: str, now: datetime, until: datetime) -> Delivery | None:
        """Take the delivery that has been due longest; nobody else gets it before `until`.

        None when there is none, or another process is faster.
        """
        ...

    def settle(self, delivery: Delivery, status: int | None, at: datetime) -> bool:
        """Mark as delivered, whoever holds the lease by now; False when it was already, or gone."""
        ...

    def postpone(
        self, delivery: Delivery, next_at: datetime, status: int | None, error: str
    ) -> bool:
        """Let it wait for its next try; False when the lease is not ours any more."""
        ...

    def fail(self, delivery: Delivery, at: datetime, status: int | None, error: str) -> bool:
        """Give it up; False when the lease is not ours any more."""
        ...

    def fail_pending(self, endpoint_id: str, at: datetime, error: str) -> int:
        """Give up all of an endpoint's deliveries that are on their way."""
        ...

    def replay(
        self, now: datetime, endpoint_id: str | None = None, event_id: str | None = None
    ) -> int:
        """Let failed deliveries begin anew; with an event's id, delivered ones of it too."""
        ...

    def forget_events(self, before: datetime, limit: int = 1000) -> int:
        """Delete events of before then which no delivery waits for, or failed to bring."""
        ...


class UnitOfWork(Protocol):
    """One transaction; leaving the block without `commit()` rolls back."""

    @property
    def webhooks(self) -> Webhooks: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *error: object) -> None: ...
    def commit(self) -> None: ...
