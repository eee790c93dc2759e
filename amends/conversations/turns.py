"""Drives customers' messages through the engine, one of a conversation at a time, in order.

Of several processes the one that holds the conversation's lock drives it. Who finds it taken waits
a little for a new message, and leaves one that the sweep found to the next sweep.

A message is pending in the log until its answer is in the log. Whatever is cut off in between is
done again: the engine replays a message it knows, and every transaction looks first whether it is
still wanted. So each message is answered exactly once, after any crash.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog

from amends.conversations import cleaning, decide, turn_steps, use_cases
from amends.conversations.model import Reply
from amends.conversations.ports import (
    Engine,
    EngineCrowded,
    EngineNotServing,
    EngineRefused,
    EngineUnavailable,
    TurnListener,
    TurnLock,
    UnitOfWork,
)
from amends.conversations.readiness import Readiness
from amends.conversations.transactions import Transactions
from amends.conversations.turn_lock import NoOthers
from amends.conversations.turn_steps import AskPerson, CheckHandoff, Turn
from amends.values import Clock

log = structlog.get_logger()
_LONGEST_WAIT = timedelta(seconds=decide.RETRY_SECONDS[-1])
MOST_FAILURES_KNOWN = 1000


@dataclass(frozen=True, slots=True)
class TurnOptions:
    patience_seconds: float = 4.0  # for a whole try, waiting for a free place included
    person_after_seconds: float = 60.0
    sweep_seconds: float = 1.0
    concurrent_turns: int = 16
    conversations_per_sweep: int = 200
    readiness_seconds: float = 0.5  # how long an answer about the engine's readiness is believed
    lock_seconds: float = 10.0  # how long a new message waits for another process's turn
    outages: tuple[type[Exception], ...] = ()  # what is raised while the database is away


class TurnDriver[U: UnitOfWork]:
    """Answers pending messages: woken by a new one, and by a sweep for those left behind."""

    def __init__(
        self,
        transactions: Transactions[U],
        engine: Engine,
        clock: Clock,
        *,
        check_handoff: CheckHandoff[U],
        ask_person: AskPerson[U],
        listener: TurnListener,
        options: TurnOptions | None = None,
        lock: TurnLock | None = None,
    ) -> None:
        self._transactions = transactions
        self._engine = engine
        self._clock = clock
        self._check_handoff = check_handoff
        self._ask_person = ask_person
        self._listener = listener
        self._options = options or TurnOptions()
        self._lock = lock or NoOthers()
        self._places = asyncio.Semaphore(self._options.concurrent_turns)
        self._readiness = Readiness(engine, self._options.readiness_seconds)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._failures: dict[tuple[str, int], decide.Failures] = {}
        self._found_down = False  # since the engine was last seen ready
        self._closing = False

    def wake(self, conversation_id: str, turn: Turn | None = None) -> None:
        """See to it that the conversation's pending messages are driven; returns at once.

        Args:
            conversation_id: The conversation.
            turn: Its oldest pending message, if whoever calls has just read it.
        """
        self._start(conversation_id, turn, self._options.lock_seconds)

    async def run(self) -> None:
        """Recover what an earlier process left behind, then sweep until cancelled."""
        due = _LONGEST_WAIT
        while not self._closing:
            try:
                await self.sweep(due)
                due = await self._ahead()
            except Exception:
                log.exception("conversations.sweep.failed")
            await asyncio.sleep(self._options.sweep_seconds)

    async def _ahead(self) -> timedelta:
        """Return how far the next sweep looks ahead: nobody waits on once the engine is back."""
        if not self._found_down or not await self._readiness.now():
            return timedelta(0)
        self._found_down = False
        return _LONGEST_WAIT

    async def sweep(self, ahead: timedelta = timedelta(0)) -> int:
        """Wake all conversations whose pending message may be tried; return how many."""
        until = self._clock() + ahead
        ids = await self._transactions.read(lambda uow: uow.conversations.pending_ids(until))
        room = self._options.conversations_per_sweep - len(self._running)
        woken = [cid for cid in ids if cid not in self._running][: max(room, 0)]
        for conversation_id in woken:
            self._start(conversation_id, None, wait_seconds=0.0)
        return len(woken)

    async def stop(self, grace_seconds: float = 5.0) -> None:
        """Let running turns end; cut off those that take longer (they are driven again later)."""
        self._closing = True
        running = list(self._running.values())
        if running:
            _, late = await asyncio.wait(running, timeout=grace_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def idle(self) -> None:
        """Wait until nothing is being driven."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    def _start(self, conversation_id: str, turn: Turn | None, wait_seconds: float) -> None:
        if self._closing:
            return
        if conversation_id in self._running:
            self._again.add(conversation_id)
            return
        driving = self._drive(conversation_id, turn, wait_seconds)
        self._running[conversation_id] = asyncio.create_task(driving)

    async def _drive(self, conversation_id: str, turn: Turn | None, wait_seconds: float) -> None:
        try:
            async with self._lock.hold(conversation_id, 0.0) as held:
                if held:
                    await self._drive_all(conversation_id, turn)
            if not held and wait_seconds:
                async with self._lock.hold(conversation_id, wait_seconds) as held:
                    if held:  # whoever had it may have answered this turn's message too
                        await self._drive_all(conversation_id, None)
        except Exception:
            # The message is still pending: the sweep takes it up again.
            log.exception("conversations.turn.broken", conversation_id=conversation_id)
            self._listener.ended("broken")
        finally:
            del self._running[conversation_id]
            if conversation_id in self._again:  # woken while the lock was given back
                self._again.discard(conversation_id)
                self.wake(conversation_id)

    async def _drive_all(self, conversation_id: str, turn: Turn | None) -> None:
        going_on = True
        while going_on:
            self._again.discard(conversation_id)
            turn = turn or await self._take(conversation_id)
            while turn is not None:
                turn = await self._drive_one(turn)
            going_on = conversation_id in self._again and not self._closing

    async def _take(self, conversation_id: str) -> Turn | None:
        return await self._transactions.read(lambda uow: turn_steps.take(uow, conversation_id))

    async def _drive_one(self, turn: Turn) -> Turn | None:
        """Try the oldest pending message; return the one that may follow at once."""
        cid = turn.conversation.id
        if not turn.bot_answers:
            await self._hand_over(cid)
            return await self._take(cid)
        self._listener.typing(cid, True)
        try:
            following = await self._answer(turn)
            self._failures.pop(_key(turn), None)
            return following
        except Exception as error:
            may_go_on = await self._failed(turn, error)
            return await self._take(cid) if may_go_on else None
        finally:
            self._listener.changed(cid)
            self._listener.typing(cid, False)

    async def _hand_over(self, conversation_id: str) -> None:
        await self._transactions.write(
            lambda uow: use_cases.hand_pending_to_staff(uow, conversation_id)
        )
        self._listener.ended("to_staff")

    async def _answer(self, turn: Turn) -> Turn | None:
        deadline = asyncio.get_running_loop().time() + self._options.patience_seconds
        if turn.message.attempts and not await self._readiness.now():
            self._found_down = True
            raise EngineNotServing("the engine is not ready")
        async with self._place(deadline):
            current = await self._understood(turn, deadline)
            if current is None:
                self._listener.ended("to_staff")
                return await self._take(turn.conversation.id)
            replies = await self._within(
                "turn", deadline, self._engine.turn(turn_steps.request_of(current))
            )
        if not replies:
            raise EngineRefused("no reply")
        return await self._finish(current, replies)

    async def _understood(self, turn: Turn, deadline: float) -> Turn | None:
        """Return the turn with its understanding stored; None when a person has taken over."""
        if turn.message.payload is not None or turn.understanding is not None:
            return turn
        text = cleaning.for_engine(turn.message.text)
        asked = self._engine.understand(text, turn.conversation.id)
        found = await self._within("understand", deadline, asked)
        noted = await self._transactions.write(
            lambda uow: turn_steps.note_understanding(
                uow, turn, found, self._check_handoff, self._clock()
            )
        )
        if noted is None or noted.conversation != turn.conversation:
            # Help in danger does not wait for the engine.
            self._listener.changed(turn.conversation.id)
        return noted

    async def _finish(self, turn: Turn, replies: list[Reply]) -> Turn | None:
        """Store the replies and return the message that follows, read in the same transaction."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        stored, following = await self._transactions.write(
            lambda uow: (
                turn_steps.finish(uow, turn, replies, self._clock()),
                turn_steps.take(uow, turn.conversation.id),
            )
        )
        self._listener.stage("store", loop.time() - started)
        self._listener.ended("answered" if stored else "dropped")
        return following

    async def _failed(self, turn: Turn, error: Exception) -> bool:
        """Record a failure; True when the conversation may go on with its next message."""
        expected = isinstance(error, (EngineUnavailable, *self._options.outages))
        log.warning(
            "conversations.turn.failed",
            conversation_id=turn.conversation.id,
            seq=turn.message.seq,
            attempt=turn.message.attempts + 1,
            error=str(error) if isinstance(error, EngineUnavailable) else type(error).__name__,
            exc_info=None if expected else error,
        )
        if self._is_hopeless(turn, error) and await self._readiness.now():
            await self._give_up(turn)
            return True
        patience, crowded = self._options.person_after_seconds, isinstance(error, EngineCrowded)
        await self._transactions.write(
            lambda uow: turn_steps.note_failure(
                uow, turn, self._ask_person, patience, self._clock(), crowded=crowded
            )
        )
        self._listener.ended("failed")
        return False

    def _is_hopeless(self, turn: Turn, error: Exception) -> bool:
        if isinstance(error, (EngineNotServing, *self._options.outages)):
            return False
        refused = not isinstance(error, EngineUnavailable) or isinstance(error, EngineRefused)
        failures = self._failures.get(_key(turn), decide.Failures()).plus(refused)
        self._failures[_key(turn)] = failures
        if len(self._failures) > MOST_FAILURES_KNOWN:  # others answered those messages
            del self._failures[next(iter(self._failures))]
        return failures.hopeless

    async def _give_up(self, turn: Turn) -> None:
        now = self._clock()
        try:
            await self._transactions.write(
                lambda uow: turn_steps.give_up(uow, turn, self._ask_person, now)
            )
        except Exception:
            log.exception("conversations.ask_person.failed", conversation_id=turn.conversation.id)
            await self._transactions.write(lambda uow: turn_steps.give_up(uow, turn, None, now))
        self._failures.pop(_key(turn), None)
        self._listener.ended("given_up")

    @asynccontextmanager
    async def _place(self, deadline: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(deadline):
                await self._places.acquire()
        except TimeoutError:
            raise EngineCrowded("all places at the engine are taken") from None
        try:
            yield
        finally:
            self._places.release()

    async def _within[T](self, stage: str, deadline: float, call: Awaitable[T]) -> T:
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout_at(deadline):
                return await call
        except TimeoutError:
            raise EngineUnavailable(f"no answer to {stage} in time") from None
        finally:
            self._listener.stage(stage, loop.time() - started)


def _key(turn: Turn) -> tuple[str, int]:
    return turn.conversation.id, turn.message.seq
