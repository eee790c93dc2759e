"""The desk itself: what one person sees and does. Panels are in `components/`."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from nicegui import Client, background_tasks, ui
from nicegui.events import GenericEventArguments

from amends.compensation.grants import Preview
from amends.desk import views, words
from amends.desk.actions import Actions, Opened, Refused, SignedOut
from amends.desk.components import base
from amends.desk.components.chat_head import ChatHead
from amends.desk.components.chat_list import ChatList
from amends.desk.components.composer import Composer
from amends.desk.components.dialogs import Dialogs
from amends.desk.components.header import Header
from amends.desk.components.presence import Presence
from amends.desk.components.summary_card import SummaryCard
from amends.desk.components.tabs import build_tabs
from amends.desk.components.transcript import Transcript
from amends.desk.live import Board, Live
from amends.desk.read_marks import ReadMarks
from amends.handoff.model import HandoffState, StaffMember
from amends.handoff.queue import QueueItem
from amends.wiring.app import App

log = structlog.get_logger()

REFRESH_SECONDS = 15.0
"""Offers and promises move on without a message; the open card looks again this often."""


class Console:
    """One open page. Methods named `on_` are called by the poller, inside the event loop."""

    def __init__(
        self, app: App, live: Live, marks: ReadMarks, actions: Actions, member: StaffMember,
        token_hash: str, client: Client,
    ) -> None:  # fmt: skip
        self.member, self.token_hash = member, token_hash
        self._app, self._live, self._marks = app, live, marks
        self._actions, self._client = actions, client
        self._visible = True
        self._reading = 0
        self._open_id: str | None = None
        self._opened: Opened | None = None
        self._preview: Preview | None = None
        self._picked: str | None = None
        self._counts: tuple[int, int, int] | None = None
        self._build()

    def _build(self) -> None:
        with base.box("app"):
            self._header = Header(
                self.member, self._app.settings.company_name, _to_password, _sign_out
            )
            with base.box("desk", data_view="queue"):
                self._build_left()
                self._build_middle()
                self._card = SummaryCard()
            build_tabs()
        self._dialogs = Dialogs(
            self._pick_grant, self._grant, self._resolve, self._return, self._requeue
        )
        base.box("toasts toasts-infos", role="status", aria_live="polite")
        base.box("toasts toasts-errors", role="alert")
        ui.timer(REFRESH_SECONDS, self.refresh)
        ui.on("desk_visible", self._on_visible)

    def _build_left(self) -> None:
        with base.box("left", tag="nav", aria_label="Chats"):
            self._mine = ChatList("My chats", "You have no chat. Claim one below.", self.open)
            self._waiting = ChatList("Waiting", "Nobody waits. Well done.", self.open)
            self._presence = Presence(self.member)

    def _build_middle(self) -> None:
        with base.box("middle", tag="section", aria_label="Chat"):
            handlers = {
                "claim": self._claim,
                "grant": self._ask_grant,
                "return": lambda: self._dialogs.ask_return(),
                "requeue": lambda: self._dialogs.ask_requeue(),
                "resolve": lambda: self._dialogs.ask_resolve(),
            }
            self._head = ChatHead(handlers)
            self._transcript = Transcript()
            self._transcript.show(False)
            self._composer = Composer(self._send)
            with base.box("nobody") as self._nobody:
                base.text("No chat is open", tag="h2")
                base.text("Open a chat on the left, or take the one that is most urgent.", tag="p")
                base.button("Open the most urgent", self._open_first, "btn-primary", "n")

    # What the poller tells

    def on_board(self, board: Board) -> None:
        with self._client:
            thresholds = self._app.thresholds
            mine = [
                views.row(item, thresholds, self._is_unread(item))
                for item in board.chats.get(self.member.id, ())
            ]
            waiting = [views.row(item, thresholds) for item in board.waiting]
            self._mine.update(mine, self._open_id)
            self._waiting.update(waiting, self._open_id)
            self._presence.update(board.online)
            overdue = sum(row.due_state == "overdue" for row in waiting)
            counts = (len(waiting), overdue, sum(row.unread for row in mine))
            if counts != self._counts:
                self._counts = counts
                self._header.update(*counts)

    def on_changes(self, conversation_ids: frozenset[str]) -> None:
        if self._opened and self._opened.summary.conversation.id in conversation_ids:
            background_tasks.create(self.refresh(), name="refresh the open chat")

    def on_failure(self, failing: bool) -> None:
        with self._client:
            self._header.show_trouble(failing)

    def on_signed_out(self) -> None:
        with self._client:
            ui.navigate.to("/sign-in")

    # What the person does

    async def open(self, handoff_id: str) -> None:
        self._open_id, self._opened = handoff_id, None
        self._head.hide()  # until the chat is read: its buttons would act on this one already
        self._transcript.reset()
        self._run(f"desk.openChat({json.dumps(handoff_id)}); desk.view('chat')")
        await self.refresh()
        self.on_board(self._live.board)
        opened = self._opened
        if opened is not None and self._is_mine(opened):
            self._run("desk.focus('.composer textarea')")

    async def refresh(self) -> None:
        """Read the open chat again and show what is new."""
        handoff_id = self._open_id
        if handoff_id is None:
            return
        self._reading = reading = self._reading + 1
        opened = await self._told(self._actions.open(handoff_id))
        if opened is None or self._open_id != handoff_id or reading != self._reading:
            return  # another chat was opened meanwhile, or a later look is under way
        with self._client:
            self._show(opened, self._app.clock())

    def _show(self, opened: Opened, now: datetime) -> None:
        self._opened = opened
        summary = opened.summary
        name = summary.customer.name if summary.customer else "Guest"
        mine = self._is_mine(opened)
        self._head.update(
            name, self._note(opened), summary.handoff, self.member.id, opened.claimed_by_name
        )
        self._transcript.show(True)
        self._transcript.add([views.line(m, name, self.member.name) for m in summary.messages])
        self._composer.show(mine)
        self._card.update(opened, now)
        base.show(self._nobody, False)
        self._mark_read()

    def _note(self, opened: Opened) -> str:
        handoff = opened.summary.handoff
        reasons = [words.reason(key, self._app.thresholds) for key in handoff.reasons]
        number = opened.summary.case.number if opened.summary.case else "No case"
        return f"{number} · {', '.join(reasons)}"

    async def _open_first(self) -> None:
        if self._live.board.waiting:
            await self.open(self._live.board.waiting[0].handoff.id)
        else:
            self._toast("Nobody waits.")

    async def _claim(self) -> None:
        if self._open_id is None:
            return
        taken = await self._told(self._actions.claim(self._open_id))
        await self._after_change()
        if taken is not None:
            self._toast("The chat is yours. The assistant is silent.")
            self._run("desk.focus('.composer textarea')")

    async def _send(self, handoff_id: str, text: str) -> None:
        sent = await self._told(self._actions.answer(handoff_id, text))
        if sent is None:
            self._run(f"desk.giveBack({json.dumps(handoff_id)}, {json.dumps(text)})")
        await self._after_change()

    async def _ask_grant(self) -> None:
        if self._open_id is None:
            return
        self._preview = await self._told(self._actions.preview_grants(self._open_id))
        if self._preview is not None:
            with self._client:
                self._dialogs.ask_grant(self._preview)

    async def _pick_grant(self, key: str) -> None:
        options = self._preview.options if self._preview else ()
        picked = next((option for option in options if option.key == key), None)
        if picked is None or self._opened is None:
            self._toast("What may be granted has changed. Please choose again.", "error")
            return
        self._picked = key
        customer = self._opened.summary.customer
        name = customer.name if customer else "The customer"
        self._dialogs.ask_sure(views.choice(picked).remedies, name)

    async def _grant(self, _: str) -> None:
        key, self._picked = self._picked, None
        if self._open_id is None or key is None:
            return
        granted = await self._told(self._actions.grant(self._open_id, key))
        await self._after_change()
        if granted is not None:
            self._toast("Granted. The customer was told.")

    async def _resolve(self, outcome: str) -> None:
        if outcome in words.OUTCOMES:
            await self._end(lambda one: self._actions.resolve(one, outcome), "Resolved.")

    async def _return(self, _: str) -> None:
        await self._end(self._actions.return_to_bot, "The assistant has the chat again.")

    async def _requeue(self, _: str) -> None:
        await self._end(self._actions.requeue, "The chat is back in the queue.")

    async def _end(self, act: Callable[[str], Awaitable[object]], sentence: str) -> None:
        if self._open_id is None:
            return
        done = await self._told(_done(act(self._open_id)))
        await self._after_change()
        if done:
            self._toast(sentence)

    async def _after_change(self) -> None:
        self._live.look_now()
        await self.refresh()

    async def _told[T](self, work: Awaitable[T]) -> T | None:
        """Do it; a refusal becomes a sentence on the page."""
        try:
            return await work
        except SignedOut:
            self.on_signed_out()
        except Refused as refused:
            self._toast(str(refused), "error")
        except Exception:
            log.exception("desk.action.failed", staff_id=self.member.id)
            self._toast("That did not work; nothing was changed. Please try again.", "error")
        return None

    def _on_visible(self, event: GenericEventArguments) -> None:
        self._visible = bool(event.args)
        self._mark_read()
        self.on_board(self._live.board)

    def _mark_read(self) -> None:
        """What is on a page that can be seen counts as read."""
        if self._visible and self._opened and self._is_mine(self._opened):
            talk = self._opened.summary.conversation
            self._marks.read(self.member.id, talk.id, talk.last_customer_at)

    def _is_unread(self, item: QueueItem) -> bool:
        talk = item.conversation
        if self._visible and item.handoff.id == self._open_id:
            return False
        return self._marks.is_unread(self.member.id, talk.id, talk.last_customer_at)

    def _is_mine(self, opened: Opened) -> bool:
        handoff = opened.summary.handoff
        return handoff.state is HandoffState.CLAIMED and handoff.claimed_by == self.member.id

    def _toast(self, sentence: str, kind: str = "info") -> None:
        self._run(f"desk.toast({json.dumps(sentence)}, {json.dumps(kind)})")

    def _run(self, code: str) -> None:
        with self._client:
            ui.run_javascript(code)


async def _done(work: Awaitable[object]) -> bool:
    await work
    return True


def _to_password() -> None:
    ui.navigate.to("/password")


def _sign_out() -> None:
    ui.run_javascript("document.querySelector('form.sign-out').submit()")
