"""Who listens to a conversation is woken when something in it changes.

Behind a small port, so that another carrier of wake-ups (Redis, say) can take the place of the
poller. A wake-up carries nothing: whoever is woken reads the log, which alone is the truth.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

import structlog

from amends.conversations.model import Mode
from amends.conversations.ports import UnitOfWork
from amends.conversations.transactions import Transactions
from amends.values import Clock

log = structlog.get_logger()

POLL_SECONDS = 0.2
LOOK_BACK = timedelta(seconds=5)
"""A change carries the time its writer read before committing; slower commits than this are
found by the streams' own look every keep-alive."""
PAUSE_AFTER_FAILURE_SECONDS = 1.0


class Subscription:
    """One listener. To miss nothing: `clear()`, then read the log, then `wait()`."""

    __slots__ = ("_event", "log_changed")

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.log_changed = True

    def clear(self) -> bool:
        """Forget the wake-ups so far; tell whether one of them was about the log."""
        self._event.clear()
        changed, self.log_changed = self.log_changed, False
        return changed

    def wake(self, *, log_changed: bool) -> None:
        self.log_changed = self.log_changed or log_changed
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for a wake-up since `clear()`; False when none came in time."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        return True


class Changes(Protocol):
    """Wake-ups between whoever writes a conversation and whoever listens to it."""

    closed: bool

    @contextmanager
    def subscribe(self, conversation_id: str) -> Iterator[Subscription]: ...
    def wake(self, conversation_id: str, besides: Subscription | None = None) -> None: ...
    def set_typing(self, conversation_id: str, active: bool) -> None: ...
    def is_typing(self, conversation_id: str) -> bool: ...
    def listeners(self, conversation_id: str | None = None) -> int: ...
    async def run(self) -> None: ...
    def close(self) -> None:
        """Wake all listeners for the last time; streams end."""
        ...


class PolledChanges[U: UnitOfWork]:
    """Immediate inside this process; other processes' changes are seen by polling the log."""

    def __init__(
        self, transactions: Transactions[U], clock: Clock, poll_seconds: float = POLL_SECONDS
    ) -> None:
        self.closed = False
        self._transactions = transactions
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._listeners: dict[str, set[Subscription]] = {}
        self._seen: dict[str, tuple[int, Mode]] = {}
        self._typing: set[str] = set()
        self._someone_listens = asyncio.Event()

    @contextmanager
    def subscribe(self, conversation_id: str) -> Iterator[Subscription]:
        subscription = Subscription()
        self._listeners.setdefault(conversation_id, set()).add(subscription)
        self._someone_listens.set()
        try:
            yield subscription
        finally:
            self._forget(conversation_id, subscription)

    def wake(self, conversation_id: str, besides: Subscription | None = None) -> None:
        """Wake this process's listeners, but for the one that made the change itself."""
        for subscription in self._listeners.get(conversation_id, ()):
            if subscription is not besides:
                subscription.wake(log_changed=True)

    def set_typing(self, conversation_id: str, active: bool) -> None:
        (self._typing.add if active else self._typing.discard)(conversation_id)
        for subscription in self._listeners.get(conversation_id, ()):
            subscription.wake(log_changed=False)

    def is_typing(self, conversation_id: str) -> bool:
        return conversation_id in self._typing

    def listeners(self, conversation_id: str | None = None) -> int:
        if conversation_id is not None:
            return len(self._listeners.get(conversation_id, ()))
        return sum(len(found) for found in self._listeners.values())

    async def run(self) -> None:
        """Poll while someone listens, until cancelled."""
        while not self.closed:
            await self._someone_listens.wait()
            try:
                await self.poll()
            except Exception:
                log.exception("gateway.poll.failed")
                await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)
            await asyncio.sleep(self._pause_seconds)

    @property
    def _pause_seconds(self) -> float:
        return self._poll_seconds

    async def poll(self) -> None:
        """Wake those whose conversation has another last seq or mode than when last seen."""
        since = self._clock() - LOOK_BACK
        rows = await self._transactions.read(lambda uow: uow.conversations.changed_since(since))
        for conversation_id, last_seq, mode in rows:
            if conversation_id not in self._listeners:
                continue
            if self._seen.get(conversation_id) != (last_seq, mode):
                self._seen[conversation_id] = (last_seq, mode)
                self.wake(conversation_id)

    def close(self) -> None:
        self.closed = True
        self._someone_listens.set()
        for conversation_id in list(self._listeners):
            self.wake(conversation_id)

    def _forget(self, conversation_id: str, subscription: Subscription) -> None:
        listeners = self._listeners[conversation_id]
        listeners.discard(subscription)
        if not listeners:
            del self._listeners[conversation_id]
            self._seen.pop(conversation_id, None)
        if not self._listeners and not self.closed:
            self._someone_listens.clear()
