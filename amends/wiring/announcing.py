"""Tells every gateway through Redis that something happened in a conversation.

It is a hint, which may get lost; whoever is told reads the log, and looks by itself now and then.
"""

import queue
import threading
import time
from enum import StrEnum

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from amends.wiring.redis_link import ANSWER_SECONDS, CONNECT_SECONDS, PAUSE_SECONDS

CHANNEL = "amends:changes"
MOST_WAITING = 10_000


class Word(StrEnum):
    CHANGED = "changed"
    TYPING = "typing"
    QUIET = "quiet"


def spoken(word: Word, conversation_id: str) -> str:
    return f"{word} {conversation_id}"


def understood(text: str) -> tuple[Word, str] | None:
    """Return what was said and of which conversation; None of what another version says."""
    word, _, conversation_id = text.partition(" ")
    if word not in set(Word) or not conversation_id:
        return None
    return Word(word), conversation_id


class Announcer:
    """Says things from any thread without waiting: a thread of its own carries them to Redis."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )
        self._waiting: queue.Queue[str | None] = queue.Queue(MOST_WAITING)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def changed(self, conversation_id: str) -> None:
        self._say(spoken(Word.CHANGED, conversation_id))

    def typing(self, conversation_id: str, active: bool) -> None:
        self._say(spoken(Word.TYPING if active else Word.QUIET, conversation_id))

    def close(self) -> None:
        """Say what is still waiting, and end."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(2 * PAUSE_SECONDS)
        self._redis.close()

    def _say(self, text: str) -> None:
        try:
            self._waiting.put_nowait(text)
        except queue.Full:
            return
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="amends-announcer", daemon=True
                )
                self._thread.start()

    def _run(self) -> None:
        while (text := self._waiting.get()) is not None:
            try:
                self._redis.publish(CHANNEL, text)
            except RedisError:
                time.sleep(PAUSE_SECONDS)
                self._forget()

    def _forget(self) -> None:
        """Say nothing that is old: by now everybody has looked by themselves."""
        while not self._waiting.empty():
            if self._waiting.get_nowait() is None:  # the end is no old news
                self._waiting.put(None)
                return
