"""What all open pages show, kept up to date by one poller per process.

Messages come from other processes through the database, so the poller looks there. However many
pages are open, it asks once: who waits, who has which chat, what has changed.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from amends.conversations.model import Mode
from amends.conversations.transactions import Transactions
from amends.handoff import queue
from amends.handoff.errors import UnknownHandoff
from amends.handoff.model import Handoff, StaffMember
from amends.handoff.queue import QueueItem
from amends.handoff.waits import ONLINE_WITHIN
from amends.satisfaction.ports import UnitOfWork
from amends.values import Clock

log = structlog.get_logger()

POLL_SECONDS = 0.3
PAUSE_AFTER_FAILURE_SECONDS = 1.0
LOOK_BACK = timedelta(seconds=5)
"""A change carries the time its writer read before committing; look back over slow commits."""

PRESENCE_EVERY = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Board:
    """The left-hand side of every page at one moment."""

    waiting: tuple[QueueItem, ...] = ()
    chats: Mapping[str, tuple[QueueItem, ...]] = field(default_factory=dict)
    online: tuple[StaffMember, ...] = ()

    def find(self, handoff_id: str) -> QueueItem | None:
        everything = (self.waiting, *self.chats.values())
        return next((i for items in everything for i in items if i.handoff.id == handoff_id), None)


class Page(Protocol):
    """An open page of one signed-in person."""

    member: StaffMember
    token_hash: str

    def on_board(self, board: Board) -> None: ...
    def on_changes(self, conversation_ids: frozenset[str]) -> None: ...
    def on_failure(self, failing: bool) -> None: ...
    def on_signed_out(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Look:
    board: Board
    touched: dict[str, tuple[int, Mode]]
    moved: frozenset[str]


class Live:
    """Polls while pages are open and tells them what changed."""

    def __init__(self, transactions: Transactions[UnitOfWork], clock: Clock) -> None:
        self.board = Board()
        self._transactions = transactions
        self._clock = clock
        self._pages: set[Page] = set()
        self._wake = asyncio.Event()
        self._touched: dict[str, tuple[int, Mode]] = {}
        self._items: dict[str, QueueItem] = {}
        self._presence_at: datetime | None = None
        self._failing = False

    def join(self, page: Page) -> None:
        self._pages.add(page)
        self._presence_at = None
        self._wake.set()

    def leave(self, page: Page) -> None:
        self._pages.discard(page)
        self._presence_at = None

    def look_now(self) -> None:
        """Look at once instead of at the next beat: somebody here has changed something."""
        self._wake.set()

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            try:
                if self._pages:
                    await self.beat()
                self._tell_failing(False)
            except Exception:
                log.exception("desk.poll.failed")
                self._tell_failing(True)
                await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()
            self._wake.clear()

    async def beat(self) -> None:
        """Look once, and tell the pages what is new."""
        now = self._clock()
        if self._presence_at is None or now - self._presence_at >= PRESENCE_EVERY:
            self._presence_at = now
            await self._keep_presence(now)
        staff_ids = sorted({page.member.id for page in self._pages})
        look = await self._transactions.read(lambda uow: self._look(uow, staff_ids, now))
        self._touched = look.touched
        changed = look.board != self.board
        self.board = look.board
        for page in tuple(self._pages):
            _tell(page, look, changed)

    def _look(self, uow: UnitOfWork, staff_ids: Sequence[str], now: datetime) -> _Look:
        rows = uow.conversations.changed_since(now - LOOK_BACK)
        touched = {str(conversation_id): (seq, mode) for conversation_id, seq, mode in rows}
        moved = frozenset(c for c, state in touched.items() if self._touched.get(c) != state)
        waiting = self._lines(uow, uow.handoffs.waiting(), moved, now)
        chats = {
            staff_id: self._lines(uow, uow.handoffs.claimed_by(staff_id), moved, now)
            for staff_id in staff_ids
        }
        shown = (*waiting, *(item for items in chats.values() for item in items))
        self._items = {item.handoff.id: item for item in shown}
        online = tuple(uow.staff.online_since(now - ONLINE_WITHIN))
        online = tuple(replace(member, seen_at=None) for member in online)
        return _Look(Board(waiting, chats, online), touched, moved)

    def _lines(
        self, uow: UnitOfWork, handoffs: Sequence[Handoff], moved: frozenset[str], now: datetime
    ) -> tuple[QueueItem, ...]:
        lines = (self._line(uow, handoff, moved, now) for handoff in handoffs)
        return tuple(line for line in lines if line is not None)

    def _line(
        self, uow: UnitOfWork, handoff: Handoff, moved: frozenset[str], now: datetime
    ) -> QueueItem | None:
        known = self._items.get(handoff.id)
        if known and known.handoff == handoff and handoff.conversation_id not in moved:
            return queue.with_minutes(known, now)
        try:
            return queue.item(uow, handoff, now)
        except UnknownHandoff:
            return None

    async def _keep_presence(self, now: datetime) -> None:
        pages = tuple(self._pages)
        hashes = {page.token_hash for page in pages}

        def mark(uow: UnitOfWork) -> set[str]:
            valid = {one for one in hashes if uow.staff.session(one, now) is not None}
            for staff_id in {page.member.id for page in pages if page.token_hash in valid}:
                uow.staff.seen(staff_id, now)
            return valid

        valid = await self._transactions.write(mark)
        for page in pages:
            if page.token_hash not in valid:
                self._pages.discard(page)
                page.on_signed_out()

    def _tell_failing(self, failing: bool) -> None:
        if failing == self._failing:
            return
        self._failing = failing
        for page in tuple(self._pages):
            page.on_failure(failing)


def _tell(page: Page, look: _Look, board_changed: bool) -> None:
    """Tell one page; what goes wrong on it must not keep the others from hearing."""
    try:
        if board_changed:
            page.on_board(look.board)
        if look.moved:
            page.on_changes(look.moved)
    except Exception:
        log.exception("desk.page.failed", staff_id=page.member.id)
