"""Wake-ups through Redis: what any process of the installation changes is heard at once.

The database is polled all the same, seldom while Redis carries the word and as often as ever when
it does not, so that a word that got lost costs a moment and nothing else.
"""

import asyncio
import time

import structlog
from redis.exceptions import RedisError

from amends.conversations.ports import UnitOfWork
from amends.conversations.transactions import Transactions
from amends.gateway.changes import POLL_SECONDS, PolledChanges
from amends.values import Clock
from amends.wiring.announcing import CHANNEL, Word, understood
from amends.wiring.redis_link import PAUSE_SECONDS
from amends.wiring.shared import Shared

log = structlog.get_logger()

POLL_BESIDE_REDIS_SECONDS = 2.0
LISTEN_SECONDS = 5.0
"""At least so often Redis is asked for a sign of life while nobody says anything."""

TYPING_LASTS_SECONDS = 20.0
"""Whoever typed elsewhere and was killed never says that he stopped."""


class SharedChanges[U: UnitOfWork](PolledChanges[U]):
    """Implements Changes for several gateways; commits announce themselves (`storage.changed`)."""

    def __init__(
        self,
        transactions: Transactions[U],
        clock: Clock,
        shared: Shared,
        poll_seconds: float = POLL_SECONDS,
        poll_beside_redis_seconds: float = POLL_BESIDE_REDIS_SECONDS,
    ) -> None:
        super().__init__(transactions, clock, poll_seconds)
        self._shared = shared
        self._poll_beside_redis_seconds = poll_beside_redis_seconds
        self._typing_elsewhere: dict[str, float] = {}  # since when, in seconds of this process
        self.hears = False

    def set_typing(self, conversation_id: str, active: bool) -> None:
        super().set_typing(conversation_id, active)
        self._shared.announcer.typing(conversation_id, active)

    def is_typing(self, conversation_id: str) -> bool:
        since = self._typing_elsewhere.get(conversation_id)
        is_typing_elsewhere = since is not None and time.monotonic() - since < TYPING_LASTS_SECONDS
        return super().is_typing(conversation_id) or is_typing_elsewhere

    async def run(self) -> None:
        """Listen and poll until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(super().run())
            group.create_task(self._keep_listening())

    @property
    def _pause_seconds(self) -> float:
        return self._poll_beside_redis_seconds if self.hears else self._poll_seconds

    async def _keep_listening(self) -> None:
        while not self.closed:
            try:
                await self._listen()
            except (RedisError, OSError, TimeoutError) as error:
                if self.hears:
                    log.warning("gateway.changes.unheard", error=type(error).__name__)
            finally:
                self.hears = False
                self._typing_elsewhere.clear()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _listen(self) -> None:
        async with self._shared.link.client.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            asked = False
            while not self.closed:
                heard = await channel.get_message(timeout=LISTEN_SECONDS)
                if heard is None and asked:
                    raise TimeoutError  # it hangs
                asked = heard is None
                if heard is None:
                    await channel.ping()
                elif heard["type"] == "subscribe":
                    self.hears = True
                    self._wake_all()  # what was said before nobody heard
                elif heard["type"] == "message":
                    self._hear(str(heard["data"]))

    def _hear(self, text: str) -> None:
        match understood(text):
            case (Word.CHANGED, conversation_id):
                self.wake(conversation_id)
            case (Word.TYPING, conversation_id):
                self._note_typing_elsewhere(conversation_id, active=True)
            case (Word.QUIET, conversation_id):
                self._note_typing_elsewhere(conversation_id, active=False)

    def _note_typing_elsewhere(self, conversation_id: str, *, active: bool) -> None:
        if active and conversation_id in self._listeners:
            self._typing_elsewhere[conversation_id] = time.monotonic()
        else:
            self._typing_elsewhere.pop(conversation_id, None)
        for subscription in self._listeners.get(conversation_id, ()):
            subscription.wake(log_changed=False)

    def _wake_all(self) -> None:
        for conversation_id in list(self._listeners):
            self.wake(conversation_id)
