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
from amends.handoff.approval_model import Approval
from amends.handoff.approval_queue import Pending, pending
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
DECIDED_WITHIN = timedelta(minutes=1)
"""So long whoever asked is told of a decision, also when their page was away meanwhile."""

RETURNED_EVERY = timedelta(seconds=5)
RETURNED_WITHIN = timedelta(hours=12)
"""So long a chat that was returned to the assistant is kept at hand."""


@dataclass(frozen=True, slots=True)
class Board:
    """The left-hand side of every page at one moment."""

    waiting: tuple[QueueItem, ...] = ()
    chats: Mapping[str, tuple[QueueItem, ...]] = field(default_factory=dict)  # by staff id
    online: tuple[StaffMember, ...] = ()
    returned: tuple[QueueItem, ...] = ()  # with the assistant again, latest first
    listeners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # staff ids, by handoff
    names: Mapping[str, str] = field(default_factory=dict)  # of all staff, by id
    requests: tuple[Pending, ...] = ()  # what waits for a decision, oldest first
    decided: tuple[Approval, ...] = ()  # requests that were decided on a moment ago
    is_read: bool = False  # from the database, while somebody looked

    @property
    def claimed(self) -> tuple[QueueItem, ...]:
        """Everybody's chats."""
        return tuple(item for items in self.chats.values() for item in items)

    def find(self, handoff_id: str) -> QueueItem | None:
        everything = (*self.waiting, *self.claimed, *self.returned)
        return next((item for item in everything if item.handoff.id == handoff_id), None)


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
        self._noted: frozenset[int] = frozenset()
        self._returned: tuple[Handoff, ...] = ()
        self._returned_at: datetime | None = None
        self._failing = False

    def join(self, page: Page) -> None:
        if not self._pages:
            self.board = replace(self.board, is_read=False)  # nobody has looked for a while
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
        look = await self._transactions.read(lambda uow: self._look(uow, now))
        self._touched = look.touched
        changed = look.board != self.board
        self.board = look.board
        for page in tuple(self._pages):
            _tell(page, look, changed)

    def _look(self, uow: UnitOfWork, now: datetime) -> _Look:
        rows = uow.conversations.changed_since(now - LOOK_BACK)
        touched = {str(conversation_id): (seq, mode) for conversation_id, seq, mode in rows}
        moved = frozenset(c for c, state in touched.items() if self._touched.get(c) != state)
        moved |= self._newly_noted(uow, now)
        waiting = self._lines(uow, uow.handoffs.waiting(), moved, now)
        claimed = self._lines(uow, uow.handoffs.claimed(), moved, now)
        returned = self._lines(uow, self._given_back(uow, bool(moved), now), moved, now)
        self._items = {item.handoff.id: item for item in (*waiting, *claimed, *returned)}
        staff = uow.staff.all()
        board = Board(
            waiting=waiting,
            chats=_by_holder(claimed),
            online=tuple(_without_time(one) for one in staff if _is_online(one, now)),
            returned=tuple(item for item in returned if item.conversation.mode is Mode.BOT),
            listeners=_by_handoff(uow.listeners.all(now)),
            names={member.id: member.name for member in staff},
            requests=pending(uow, {one.approval.id: one for one in self.board.requests}),
            decided=tuple(uow.approvals.decided_since(now - DECIDED_WITHIN)),
            is_read=True,
        )
        return _Look(board, touched, moved)

    def _newly_noted(self, uow: UnitOfWork, now: datetime) -> frozenset[str]:
        """Return the conversations with a new note; notes are no part of the message log."""
        notes = uow.notes.since(now - LOOK_BACK)
        new = frozenset(note.conversation_id for note in notes if note.id not in self._noted)
        self._noted = frozenset(note.id for note in notes)
        return new

    def _given_back(self, uow: UnitOfWork, moved: bool, now: datetime) -> Sequence[Handoff]:
        """Return the latest handoff of each chat that was returned, looked for now and then."""
        last = self._returned_at
        if moved or last is None or now - last >= RETURNED_EVERY:
            self._returned_at = now
            found = uow.handoffs.returned_since(now - RETURNED_WITHIN)
            latest: dict[str, Handoff] = {}
            for handoff in found:
                latest.setdefault(handoff.conversation_id, handoff)
            self._returned = tuple(latest.values())
        return self._returned

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


def _by_holder(items: Sequence[QueueItem]) -> dict[str, tuple[QueueItem, ...]]:
    chats: dict[str, tuple[QueueItem, ...]] = {}
    for item in items:
        holder = item.handoff.claimed_by or ""
        chats[holder] = (*chats.get(holder, ()), item)
    return chats


def _by_handoff(listening: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    listeners: dict[str, tuple[str, ...]] = {}
    for handoff_id, staff_id in listening:
        listeners[handoff_id] = (*listeners.get(handoff_id, ()), staff_id)
    return listeners


def _is_online(member: StaffMember, now: datetime) -> bool:
    return member.active and member.seen_at is not None and member.seen_at >= now - ONLINE_WITHIN


def _without_time(member: StaffMember) -> StaffMember:
    """A page shows who is there, not since when: the board stays the same from beat to beat."""
    return replace(member, seen_at=None)


def _tell(page: Page, look: _Look, board_changed: bool) -> None:
    """Tell one page; what goes wrong on it must not keep the others from hearing."""
    try:
        if board_changed:
            page.on_board(look.board)
        if look.moved:
            page.on_changes(look.moved)
    except Exception:
        log.exception("desk.page.failed", staff_id=page.member.id)
