"""The left-hand side of a page: the lists of chats, who is online, and what is told as news."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from amends.desk import rows
from amends.desk.components import base
from amends.desk.components.chat_list import ChatList
from amends.desk.components.notify import Notify
from amends.desk.components.presence import Presence
from amends.desk.components.request_list import RequestList
from amends.desk.live import Board
from amends.desk.rows import Row
from amends.desk.speech import tr
from amends.handoff.fit import in_order_for, is_for, is_passed_to
from amends.handoff.model import StaffMember
from amends.handoff.queue import QueueItem
from amends.handoff.rights import Right, may
from amends.handoff.thresholds import Thresholds

DIGITS = 9


class LeftSide:
    def __init__(
        self,
        me: StaffMember,
        thresholds: Thresholds,
        on_open: Callable[[str], Any],
        is_unread: Callable[[QueueItem], bool],
    ) -> None:
        self._me, self._thresholds, self._is_unread = me, thresholds, is_unread
        self._only_mine = False
        self._shown: tuple[Board, str | None] = (Board(), None)
        with base.box("left", tag="nav", aria_label=tr("Chats")):
            self.requests = RequestList(on_open) if may(me, Right.APPROVE) else None
            self._passed = ChatList(tr("Passed to you"), "", on_open)
            empty = tr("You have no chat. Claim one below.")
            self._mine = ChatList(tr("My chats"), empty, on_open)
            nobody = tr("Nobody waits. Well done.")
            self._waiting = ChatList(tr("Waiting"), nobody, on_open, self._show_again)
            with self._waiting.head:
                self._build_filter()
            self._returned = ChatList(tr("Returned to the bot"), "", on_open)
            self._all = ChatList(tr("All chats"), "", on_open, self._show_again)
            self._presence = Presence(me)
            Notify()

    def filter(self, only_mine: bool) -> None:
        """Show what is for this person alone, or all that waits; the board is shown after it."""
        self._only_mine = only_mine
        for button, pressed in ((self._for_me, only_mine), (self._for_all, not only_mine)):
            base.set_attribute(button, "aria-pressed", "true" if pressed else "false")

    def update(self, board: Board, selected: str | None) -> tuple[int, int, int]:
        """Show a board; returns how many wait, are overdue, and are unread."""
        self._shown = (board, selected)
        mine = self._rows_of_mine(board)
        waiting = self.waiting(board)
        shown = [item for item in waiting if not self._only_mine or is_for(item, self._me)]
        self._mine.update(mine, selected)
        first = [self._waiting_row(item) for item in shown[: self._waiting.most]]
        self._waiting.update(first, selected, len(shown))
        self._passed.update(self._rows_of_passed(board), selected)
        self._returned.update(self._rows_of_returned(board), selected)
        others = self._others(board)
        first = [self._row_of_other(item, board) for item in others[: self._all.most]]
        self._all.update(first, selected, len(others))
        self._presence.update(board.online)
        overdue = sum(item.is_overdue for item in waiting)
        return len(waiting), overdue, sum(row.unread for row in mine)

    def _show_again(self) -> None:
        self.update(*self._shown)

    def waiting(self, board: Board) -> Sequence[QueueItem]:
        """Return who waits, in this person's order."""
        return in_order_for(board.waiting, self._me)

    def _build_filter(self) -> None:
        with base.box("filter", role="group", aria_label=tr("Which chats are shown")):
            pressed = {"aria_pressed": "false"}
            self._for_me = base.button(tr("For me"), None, "", **pressed)
            self._for_all = base.button(tr("All"), None, "", aria_pressed="true")
        for button, wanted in ((self._for_me, "me"), (self._for_all, "all")):
            code = f"() => {{ desk.keepFilter('{wanted}'); emitEvent('desk_filter', '{wanted}'); }}"
            button.on("click", js_handler=code)

    def _rows_of_mine(self, board: Board) -> list[Row]:
        return [
            replace(
                rows.row(item, self._thresholds),
                unread=self._is_unread(item),
                unanswered=rows.unanswered(item),
                aside=tr("Passed on") if item.handoff.passing else "",
                key=str(number) if number <= DIGITS else "",
            )
            for number, item in enumerate(board.chats.get(self._me.id, ()), start=1)
        ]

    def _waiting_row(self, item: QueueItem) -> Row:
        return replace(rows.row(item, self._thresholds), other=rows.unfit(item, self._me))

    def _rows_of_passed(self, board: Board) -> list[Row]:
        return [
            replace(
                rows.row(item, self._thresholds),
                aside=rows.passed_by(item, board.names),
                other=rows.unfit(item, self._me),
            )
            for item in board.claimed
            if is_passed_to(item.handoff, self._me)
        ]

    def _rows_of_returned(self, board: Board) -> list[Row]:
        everybodys = may(self._me, Right.TAKE_OVER)
        return [
            rows.row(item, self._thresholds)
            for item in board.returned
            if everybodys or item.handoff.claimed_by == self._me.id
        ]

    def _others(self, board: Board) -> list[QueueItem]:
        """Return the chats of colleagues that are shown to whoever may listen in.

        What was passed to this person stands above, and only there.
        """
        if not may(self._me, Right.LISTEN_IN):
            return []
        return [
            item
            for item in board.claimed
            if item.handoff.claimed_by != self._me.id and not is_passed_to(item.handoff, self._me)
        ]

    def _row_of_other(self, item: QueueItem, board: Board) -> Row:
        return replace(
            rows.row(item, self._thresholds),
            aside=rows.holder(item, board.names),
            unanswered=rows.others_unanswered(item),
        )
