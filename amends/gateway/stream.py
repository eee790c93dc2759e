"""Server-sent events of one conversation: every message once, in order, from any seq on."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from amends.conversations import use_cases
from amends.conversations.model import Message, Mode
from amends.conversations.ports import UnitOfWork
from amends.conversations.transactions import Transactions
from amends.gateway.changes import Changes, Subscription
from amends.gateway.schemas import to_json

KEEP_ALIVE_SECONDS = 15.0
RETRY_MILLISECONDS = 1000
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


class EventStream[U: UnitOfWork]:
    """What one open stream has sent, and what it sends next."""

    def __init__(
        self,
        transactions: Transactions[U],
        changes: Changes,
        conversation_id: str,
        after: int,
        keep_alive_seconds: float = KEEP_ALIVE_SECONDS,
        *,
        delivered: Callable[[Message], None] = lambda _: None,
    ) -> None:
        self._transactions = transactions
        self._changes = changes
        self._id = conversation_id
        self._seq = after
        self._keep_alive_seconds = keep_alive_seconds
        self._delivered = delivered
        self._caught_up = False  # what was said before the stream opened is no news
        self._mode: Mode | None = None
        self._typing = False

    async def events(self) -> AsyncIterator[str]:
        """Yield events until the gateway closes; the client's going away ends it from outside."""
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        with self._changes.subscribe(self._id) as subscription:
            while not self._changes.closed:
                # Cleared before the log is read: a change after the read wakes the wait below.
                if subscription.clear():
                    async for event in self._news():
                        yield event
                if self._changes.is_typing(self._id) != self._typing:
                    self._typing = not self._typing
                    yield _event("typing", {"role": "bot", "active": self._typing})
                if not await subscription.wait(self._keep_alive_seconds):
                    yield self._keep_alive(subscription)

    async def _news(self) -> AsyncIterator[str]:
        more = True
        while more:
            page = await self._transactions.read(
                lambda uow: use_cases.read_messages(uow, self._id, self._seq)
            )
            for message in page.messages:
                self._seq = message.seq
                yield _event("message", to_json(message), message.seq)
                if self._caught_up:
                    self._delivered(message)
            more = bool(page.messages) and page.last_seq > self._seq
        self._caught_up = True
        if page.mode is not self._mode:
            self._mode = page.mode
            yield _event("mode", {"mode": page.mode.value})

    def _keep_alive(self, subscription: Subscription) -> str:
        subscription.wake(log_changed=True)  # look anyway: no wake-up system is above doubt
        return ": keep-alive\n\n"


def _event(name: str, data: dict[str, Any], seq: int | None = None) -> str:
    identity = "" if seq is None else f"id: {seq}\n"
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{identity}event: {name}\ndata: {body}\n\n"


def resume_point(last_event_id: str | None, after: int) -> int:
    """Return the seq after which to go on; what is no number counts as nothing received."""
    if last_event_id and last_event_id.isascii() and last_event_id.isdigit():
        return min(int(last_event_id[:10]), 2**31 - 1)
    return after
