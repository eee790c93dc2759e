"""What a person at the desk is told of at once: pure, so that nothing is ever told twice.

A watch compares each board with the one before. What stands there when a page is opened is no
news; what comes later is told once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from amends.desk.live import Board
from amends.handoff.fit import MOST_URGENT, fits, is_for, is_passed_to
from amends.handoff.model import StaffMember
from amends.handoff.queue import QueueItem
from amends.handoff.rights import Right, may

SOON_MINUTES = 10
"""So long before a deadline it is warned of."""


class AlertKind(StrEnum):
    WAITING = "waiting"  # somebody waits whom this person can answer
    CRITICAL = "critical"  # somebody waits in danger: for anybody
    WROTE = "wrote"  # the customer wrote in a chat of this person's
    PASSED = "passed"  # a chat was passed to this person
    DEADLINE = "deadline"  # a deadline is near
    TAKEN_OVER = "taken_over"  # a colleague has taken this person's chat
    PASSED_TAKEN = "passed_taken"  # what this person passed on was taken
    PUT_BACK = "put_back"  # this person's chat went back into the queue by itself


@dataclass(frozen=True, slots=True)
class Alert:
    key: str
    kind: AlertKind
    item: QueueItem


class Watch:
    """What one page has told already."""

    def __init__(self, me: StaffMember, is_unread: Callable[[QueueItem], bool]) -> None:
        self._me, self._is_unread = me, is_unread
        self._told: frozenset[str] | None = None
        self._mine: dict[str, QueueItem] = {}

    def look(self, board: Board) -> list[Alert]:
        """Return what is new since the last look."""
        if not board.is_read:
            return []
        found = list(self._found(board))
        told, self._told = self._told, frozenset(alert.key for alert in found)
        self._mine = {item.handoff.id: item for item in board.chats.get(self._me.id, ())}
        return [] if told is None else [alert for alert in found if alert.key not in told]

    def _found(self, board: Board) -> Iterator[Alert]:
        mine = board.chats.get(self._me.id, ())
        if may(self._me, Right.ANSWER_CHATS):
            for item in board.waiting:
                yield from self._of_waiting(item)
        for item in mine:
            yield from self._of_mine(item)
        for item in board.claimed:
            if is_passed_to(item.handoff, self._me) and item.handoff.passing:
                at = item.handoff.passing.at
                yield _alert(AlertKind.PASSED, item, at)
        yield from self._lost(board)

    def _of_waiting(self, item: QueueItem) -> Iterator[Alert]:
        if item.handoff.priority == MOST_URGENT:
            yield _alert(AlertKind.CRITICAL, item, item.handoff.answer_due_at)
        elif fits(item, self._me):
            yield _alert(AlertKind.WAITING, item, item.handoff.answer_due_at)
        if is_for(item, self._me):
            yield from _near(item)

    def _of_mine(self, item: QueueItem) -> Iterator[Alert]:
        if self._is_unread(item):
            yield _alert(AlertKind.WROTE, item, item.conversation.last_customer_at)
        yield from _near(item)

    def _lost(self, board: Board) -> Iterator[Alert]:
        """Chats that were this person's at the last look and went without their doing."""
        for item in board.claimed:
            before = self._mine.get(item.handoff.id)
            if before is not None and item.handoff.claimed_by != self._me.id:
                was_passed = before.handoff.passing is not None
                kind = AlertKind.PASSED_TAKEN if was_passed else AlertKind.TAKEN_OVER
                yield _alert(kind, item, item.handoff.claimed_at)
        for item in board.waiting:
            handoff = item.handoff
            if handoff.id in self._mine and handoff.taken_from == self._me.id:
                yield _alert(AlertKind.PUT_BACK, item, handoff.taken_at)


def _near(item: QueueItem) -> Iterator[Alert]:
    if item.deadline and item.minutes_due is not None and 0 <= item.minutes_due < SOON_MINUTES:
        yield _alert(AlertKind.DEADLINE, item, f"{item.deadline.kind}:{item.deadline.due_at}")


def _alert(kind: AlertKind, item: QueueItem, moment: object) -> Alert:
    return Alert(f"{kind.value}:{item.handoff.id}:{moment}", kind, item)
