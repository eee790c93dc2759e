"""The desk itself: what one person sees. What is done in a chat is in `chat_steps.py` and
`granting.py`, the lists of chats are in `left_side.py`, the panels in `components/`."""

from datetime import datetime

from nicegui import Client, background_tasks, ui
from nicegui.events import GenericEventArguments

from amends.desk import views, words
from amends.desk.actions import Actions, Opened
from amends.desk.alerts import Watch
from amends.desk.chat_moves import ChatMoves
from amends.desk.components import base
from amends.desk.components.chat_head import ChatHead
from amends.desk.components.composer import Composer
from amends.desk.components.dialogs import Dialogs
from amends.desk.components.exception_dialog import ExceptionDialog
from amends.desk.components.header import Header
from amends.desk.components.help_dialogs import HelpDialogs
from amends.desk.components.move_dialogs import MoveDialogs
from amends.desk.components.summary_card import SummaryCard
from amends.desk.components.tabs import build_tabs
from amends.desk.components.transcript import Transcript
from amends.desk.help_actions import HelpActions
from amends.desk.live import Board, Live
from amends.desk.pages import news, standing
from amends.desk.pages.chat_steps import ChatSteps
from amends.desk.pages.granting import Granting
from amends.desk.pages.helping import Helping
from amends.desk.pages.left_side import LeftSide
from amends.desk.pages.open_chat import OpenChat
from amends.desk.pages.open_page import OpenPage
from amends.desk.pages.targets import targets
from amends.desk.read_marks import ReadMarks
from amends.desk.speech import mark, tr
from amends.handoff.model import StaffMember
from amends.handoff.queue import QueueItem
from amends.wiring.app import App

REFRESH_SECONDS = 15.0
"""Offers and promises move on without a message; the open card looks again this often."""


class Console:
    """One open page. Methods named `on_` are called by the poller, inside the event loop."""

    def __init__(
        self, app: App, live: Live, marks: ReadMarks, actions: Actions, moves: ChatMoves,
        helps: HelpActions, member: StaffMember, token_hash: str, client: Client,
    ) -> None:  # fmt: skip
        self.member, self.token_hash = member, token_hash
        self._app, self._live, self._marks = app, live, marks
        self._actions, self._moves = actions, moves
        self._page = OpenPage(member, client)
        self._chat = OpenChat(member)
        self._steps = ChatSteps(
            self._page, actions, moves, self._chat, self._after_change, self.open
        )
        self._granting = Granting(self._page, actions, self._chat, self._after_change)
        self._helping = Helping(
            self._page, helps, self._chat, self._granting, app.clock, self._after_change
        )
        self._watch = Watch(member, self._is_unread)
        self._visible = True
        self._reading = 0
        self._listening_to: str | None = None
        self._counts: tuple[int, int, int] | None = None
        with self._page.changing():
            self._build()

    def _build(self) -> None:
        with base.box("app"):
            self._header = Header(self.member, self._app.settings.company_name)
            themes = {"data_theme_light": tr("Theme: light"), "data_theme_dark": tr("Theme: dark"),
                      "data_theme_system": tr("Theme: as your system")}  # fmt: skip
            with base.box("desk", data_view="queue", **themes):
                thresholds = self._app.thresholds
                self._left = LeftSide(self.member, thresholds, self.open, self._is_unread)
                self._build_middle()
                self._card = SummaryCard()
            build_tabs()
        self._dialogs = Dialogs(
            self._granting.pick,
            self._granting.grant,
            self._steps.resolve,
            self._steps.return_to_bot,
            self._steps.requeue,
        )
        self._granting.dialogs = self._dialogs
        self._move_dialogs = MoveDialogs(self._steps.pass_on, self._steps.take_over)
        self._helping.card, self._helping.picker = self._card.help, self._composer.canned
        self._helping.requests, self._helping.resolving = self._left.requests, self._dialogs
        self._helping.dialogs = HelpDialogs(
            self._helping.asked, self._helping.approved, self._helping.refused
        )
        self._helping.excepting.dialog = ExceptionDialog(self._helping.excepting.asked)
        base.box("toasts toasts-infos", role="status", aria_live="polite")
        base.box("toasts toasts-errors", role="alert")
        ui.timer(REFRESH_SECONDS, self.refresh)
        ui.on("desk_visible", self._on_visible)
        ui.on("desk_filter", self._on_filter)
        ui.on("desk_open", self._on_open)
        ui.on("desk_first", self._open_first)
        ui.on("desk_act", self._helping.on_act)

    def _build_middle(self) -> None:
        with base.box("middle", tag="section", aria_label=tr("Chat")):
            handlers = {
                "first": self._open_first,
                "claim": self._steps.claim,
                "take": self._steps.take_passed,
                "recall": self._steps.recall,
                "take_back": self._steps.take_back,
                "take_over": self._ask_take_over,
                "grant": self._granting.ask,
                "pass_on": self._ask_pass,
                "return": lambda: self._dialogs.ask_return(),
                "requeue": lambda: self._dialogs.ask_requeue(),
                "resolve": lambda: self._dialogs.ask_resolve(),
            }
            self._head = ChatHead(handlers)
            self._transcript = Transcript()
            self._transcript.show(False)
            self._composer = Composer(self._steps.send, self._helping.search)
            with base.box("nobody") as self._nobody:
                base.text(tr("No chat is open"), tag="h2")
                hint = tr("Open a chat on the left, or take the one that is most urgent.")
                base.text(hint, tag="p")
                base.button(tr("Open the most urgent"), self._open_first, "btn-primary", "n")

    # What the poller tells

    def on_board(self, board: Board) -> None:
        with self._page.changing():
            counts = self._left.update(board, self._chat.handoff_id)
            if counts != self._counts:
                self._counts = counts
                self._header.update(*counts)
            if self._helping.on_board(board):
                background_tasks.create(self.refresh(), name="show what was decided")
            for alert in self._watch.look(board):
                self._page.call("alert", news.told(alert, board, self._seen_id))
            if self._chat.read is not None:
                self._show_heading(self._chat.read, self._app.clock())

    def on_changes(self, conversation_ids: frozenset[str]) -> None:
        read = self._chat.read
        if read and read.summary.conversation.id in conversation_ids:
            background_tasks.create(self.refresh(), name="refresh the open chat")

    def on_failure(self, failing: bool) -> None:
        with self._page.changing():
            self._header.show_trouble(failing)

    def on_signed_out(self) -> None:
        self._page.to("/sign-in")

    # Opening and reading a chat

    async def open(self, handoff_id: str) -> None:
        self._chat.handoff_id, self._chat.read = handoff_id, None
        with self._page.changing():
            self._head.hide()  # until the chat is read: its buttons would act on this one already
            self._transcript.reset()
        self._page.call("openChat", handoff_id)
        self._page.call("view", "chat")
        await self.refresh()
        self.on_board(self._live.board)

    async def refresh(self) -> None:
        """Read the open chat again and show what is new."""
        handoff_id = self._chat.handoff_id
        if handoff_id is None:
            return
        self._reading = reading = self._reading + 1
        opened = await self._page.told(self._actions.open(handoff_id))
        if opened is None or self._chat.handoff_id != handoff_id or reading != self._reading:
            return  # another chat was opened meanwhile, or a later look is under way
        with self._page.changing():
            self._show(opened, self._app.clock())
        await self._helping.refresh()
        await self._listen(opened)

    def _show(self, opened: Opened, now: datetime) -> None:
        is_first_look = self._chat.read is None
        self._chat.read = opened
        self._show_heading(opened, now)
        self._composer.allow(standing.writing(opened, self.member))
        self._transcript.show(opened.is_readable)
        base.show(self._nobody, False)
        if opened.is_readable:
            self._show_lines(opened)
            self._card.update(opened, self.member, now)
            self._mark_read()
        else:
            self._transcript.reset()
            self._card.clear()
        if is_first_look and self._chat.is_mine:
            self._page.call("focus", ".composer textarea")

    def _show_heading(self, opened: Opened, now: datetime) -> None:
        board, handoff = self._live.board, opened.summary.handoff
        ids = board.listeners.get(handoff.id, ()) if handoff.claimed_by == self.member.id else ()
        names = words.listing([board.names[one] for one in ids if one in board.names])
        heading = standing.heading(opened, self.member, self._app.thresholds, names, now)
        self._head.update(heading)

    def _show_lines(self, opened: Opened) -> None:
        summary = opened.summary
        name = summary.customer.name if summary.customer else tr("Guest")
        rated = views.ratings(summary.messages, opened.survey)
        said = [
            views.line(one, name, self.member.name, rated.get(one.seq, ""))
            for one in summary.messages
        ]
        noted = [views.note_line(note, opened.names, self.member.id) for note in summary.notes]
        self._transcript.add(views.in_order([*said, *noted]))

    async def leave(self) -> None:
        """The page is gone: nobody listens in through it any more."""
        await self._stop_listening()

    async def _listen(self, opened: Opened) -> None:
        """Let the person who has the chat see that somebody listens in, and when no more."""
        handoff_id = opened.summary.handoff.id
        listens = standing.listens_in(opened, self.member)
        if self._listening_to is not None and (not listens or self._listening_to != handoff_id):
            await self._stop_listening()
        if listens:
            self._listening_to = handoff_id
            await self._page.told(self._moves.listen(handoff_id))

    async def _stop_listening(self) -> None:
        handoff_id, self._listening_to = self._listening_to, None
        if handoff_id is not None:
            await self._page.told(self._moves.listen_no_more(handoff_id))

    async def _open_first(self) -> None:
        waiting = self._left.waiting(self._live.board)
        if waiting:
            await self.open(waiting[0].handoff.id)
        else:
            self._page.toast(mark("Nobody waits."))

    async def _after_change(self) -> None:
        self._live.look_now()
        await self.refresh()

    # Dialogs that need to know more than the chat

    def _ask_pass(self) -> None:
        found = targets(self._live.board, self.member)
        if found:
            minutes = int(self._app.thresholds.transfer_within.total_seconds() // 60)
            with self._page.changing():
                self._move_dialogs.ask_pass(found, minutes)
        else:
            self._page.toast(
                mark("Nobody else is at the desk; put the chat back instead."), "error"
            )

    def _ask_take_over(self) -> None:
        read = self._chat.read
        if read is not None:
            self._move_dialogs.ask_take_over(read.claimed_by_name or tr("A colleague"))

    # What the browser tells

    def _on_visible(self, event: GenericEventArguments) -> None:
        self._visible = bool(event.args)
        self._mark_read()
        self.on_board(self._live.board)

    def _on_filter(self, event: GenericEventArguments) -> None:
        with self._page.changing():
            self._left.filter(only_mine=event.args == "me")
        self.on_board(self._live.board)

    async def _on_open(self, event: GenericEventArguments) -> None:
        await self.open(str(event.args))

    # What was read

    @property
    def _seen_id(self) -> str | None:
        """The chat that can be seen now."""
        return self._chat.handoff_id if self._visible else None

    def _mark_read(self) -> None:
        """What is on a page that can be seen counts as read."""
        if self._visible and self._chat.read and self._chat.is_mine:
            talk = self._chat.read.summary.conversation
            self._marks.read(self.member.id, talk.id, talk.last_customer_at)

    def _is_unread(self, item: QueueItem) -> bool:
        talk = item.conversation
        if item.handoff.id == self._seen_id:
            return False
        return self._marks.is_unread(self.member.id, talk.id, talk.last_customer_at)
