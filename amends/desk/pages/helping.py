"""What helps in the open chat: suggested steps, canned replies, requests and what came of them."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from nicegui.events import GenericEventArguments

from amends.desk import help_views, words
from amends.desk.components.canned_picker import CannedPicker
from amends.desk.components.dialogs import Dialogs
from amends.desk.components.help_card import HelpCard
from amends.desk.components.help_dialogs import HelpDialogs
from amends.desk.components.request_list import RequestList
from amends.desk.help_actions import Help, HelpActions, Replies, filled
from amends.desk.live import Board
from amends.desk.pages.excepting import Excepting
from amends.desk.pages.granting import Granting
from amends.desk.pages.open_chat import OpenChat
from amends.desk.pages.open_page import OpenPage
from amends.desk.speech import mark, tr
from amends.handoff.approval_model import Approval
from amends.handoff.approvals import Decided
from amends.handoff.model import HandoffState
from amends.handoff.rights import Right, may
from amends.values import Clock

LONGEST_QUERY = 80


class Helping:
    """Panels are set when the page is built."""

    card: HelpCard
    picker: CannedPicker
    dialogs: HelpDialogs
    resolving: Dialogs
    requests: RequestList | None = None  # for those who decide

    def __init__(
        self,
        page: OpenPage,
        actions: HelpActions,
        chat: OpenChat,
        granting: Granting,
        clock: Clock,
        after_change: Callable[[], Awaitable[None]],
    ) -> None:
        self._page, self._actions, self._chat = page, actions, chat
        self._granting, self._clock, self._after_change = granting, clock, after_change
        self.excepting = Excepting(page, actions, chat, after_change)
        self._since = clock()
        self._told: set[str] = set()
        self._help: Help | None = None
        self._replies: tuple[str, Replies] | None = None  # of which chat
        self._deciding: Approval | None = None
        self._search = 0

    @property
    def decides(self) -> bool:
        return may(self._page.member, Right.APPROVE)

    # What is shown

    async def refresh(self) -> None:
        """Read what helps in the open chat, and show it."""
        handoff_id, read = self._chat.handoff_id, self._chat.read
        if handoff_id is None or read is None:
            return
        if not read.is_readable:
            self.card.clear()
            return
        found = await self._page.told(self._actions.look(handoff_id))
        if found is None or self._chat.handoff_id != handoff_id:
            return
        self._help = found
        handoff = read.summary.handoff
        under_way = handoff.passing is not None  # to somebody else: nothing is to be done here now
        is_told = not under_way and (self._chat.is_mine or handoff.state is HandoffState.WAITING)
        with self._page.changing():
            steps = help_views.steps(found, self._clock(), may_act=self._chat.is_mine)
            me = self._page.member
            asked = [help_views.request(one, found.names, me) for one in found.approvals]
            self.card.update(steps if is_told else None, asked)

    def on_board(self, board: Board) -> bool:
        """Show what waits for a decision; whether one fell that the open chat should show."""
        if self.requests is not None:
            rows = [help_views.request_row(one, board.names) for one in board.requests]
            self.requests.update(rows, self._chat.handoff_id)
        fresh = [one for one in board.decided if self._is_news(one)]
        for one in fresh:
            self._told.add(one.id)
            if one.asked_by == self._page.member.id:
                self._tell(one, board)
        return any(one.handoff_id == self._chat.handoff_id for one in fresh)

    def _is_news(self, one: Approval) -> bool:
        decided_at: datetime | None = one.decided_at
        return one.id not in self._told and decided_at is not None and decided_at > self._since

    def _tell(self, one: Approval, board: Board) -> None:
        with self._page.changing():
            sentence = help_views.told(one, board.names)
        if sentence:
            self._page.call("toast", sentence, "news")

    # What the browser tells

    async def search(self, number: int, query: str) -> None:
        """Find canned replies for the open chat; they are read anew when the picker is opened."""
        handoff_id, self._search = self._chat.handoff_id, number
        if handoff_id is None:
            return
        if not query or self._replies is None or self._replies[0] != handoff_id:
            known = await self._page.told(self._actions.replies(handoff_id))
            if known is None:
                return
            self._replies = (handoff_id, known)
        if number != self._search:
            return  # something else was typed meanwhile
        with self._page.changing():
            found = help_views.replies(self._replies[1], query[:LONGEST_QUERY].lstrip("/"))
            self.picker.update(found, number)

    async def on_act(self, event: GenericEventArguments) -> None:
        """Do what a button inside the card or a dialog says."""
        act, value = (str(part) for part in event.args)
        steps: dict[str, Callable[[str], Awaitable[None]]] = {
            "write": self._write,
            "insert": self._insert,
            "grant": self._grant,
            "resolve": self._resolve,
            "ask": self._ask,
            "exception": self.excepting.ask,
            "approve": self._approve,
            "refuse": self._refuse,
            "withdraw": self._withdraw,
        }
        if act in steps:
            await steps[act](value)

    async def _write(self, _: str) -> None:
        self._page.call("view", "chat")
        self._page.call("write", "reply")

    async def _insert(self, reply_id: str) -> None:
        if self._chat.handoff_id is None:
            return
        known = await self._page.told(self._actions.replies(self._chat.handoff_id))
        replies = known.replies if known else ()
        reply = next((one for one in replies if one.id == reply_id and one.wording.active), None)
        self._page.call("view", "chat")
        if known is None or reply is None:  # switched off, or not shipped with this installation
            await self._write("")
        else:
            self._page.call("insertReply", filled(known, reply)[1])

    async def _grant(self, key: str) -> None:
        await self._granting.ask()
        self._page.call("choose", "grant", key)

    async def _resolve(self, outcome: str) -> None:
        if outcome in words.OUTCOMES:
            with self._page.changing():
                self.resolving.ask_resolve()
            self._page.call("choose", "outcome", outcome)

    async def _ask(self, key: str) -> None:
        if self._chat.handoff_id is None:
            return
        preview = await self._page.told(self._actions.preview(self._chat.handoff_id))
        if preview is None or not preview.beyond:
            self._page.toast(mark("What may be granted has changed. Please choose again."), "error")
            return
        self._page.call("close", "grant")
        with self._page.changing():
            self.dialogs.ask(preview, key)

    async def asked(self, key: str, note: str) -> None:
        """Send a request; a refusal is said in the dialog, where what was written stays."""
        if self._chat.handoff_id is None:
            return
        done = await self._page.told(
            self._actions.ask(self._chat.handoff_id, key, note),
            refuse=lambda sentence: self._page.call("refuse", "ask", sentence),
        )
        if done is not None:
            self._page.call("asked")
            await self._after_change()
            self._page.toast(mark("Asked. You are told here as soon as somebody has decided."))

    async def _approve(self, approval_id: str) -> None:
        request = self._pick(approval_id)
        read = self._chat.read
        if request is not None and read is not None:
            with self._page.changing():
                customer = read.summary.customer
                name = customer.name if customer else tr("The customer")
                self.dialogs.approve(request.remedies, name)

    async def approved(self, _: str) -> None:
        approval, self._deciding = self._deciding, None
        if approval is None:
            return
        done = await self._page.told(self._actions.approve(approval.handoff_id, approval.id))
        await self._after_change()
        if done is not None:
            self._tell_outcome(done)
        self._page.call("settle")

    def _tell_outcome(self, done: Decided) -> None:
        if done.granted is not None:
            self._page.toast(mark("Approved and granted. The customer was told."))
            return
        with self._page.changing():
            reason = help_views.reason(done.approval)
        self._page.toast(mark("Nothing was granted. {reason}"), "error", reason=reason)

    async def _refuse(self, approval_id: str) -> None:
        request = self._pick(approval_id)
        if request is not None:
            with self._page.changing():
                self.dialogs.refuse(request)

    async def refused(self, reason: str) -> None:
        """Refuse a request; what was written stays until it is done."""
        approval = self._deciding
        if approval is None:
            return
        done = await self._page.told(
            self._actions.refuse(approval.handoff_id, approval.id, reason),
            refuse=lambda sentence: self._page.call("refuse", "refuse", sentence),
        )
        await self._after_change()
        if done is not None:
            self._page.call("refused")
            self._page.toast(mark("Refused. Whoever asked is told."))
            self._page.call("settle")

    async def _withdraw(self, approval_id: str) -> None:
        if self._chat.handoff_id is None:
            return
        done = await self._page.told(self._actions.withdraw(self._chat.handoff_id, approval_id))
        await self._after_change()
        if done is not None:
            self._page.toast(mark("The request is taken back."))
        self._page.call("settle")

    def _pick(self, approval_id: str) -> help_views.Request | None:
        """Remember which request is decided on, and return it as it is shown."""
        found = self._help
        self._deciding = next(
            (one for one in (found.approvals if found else ()) if one.id == approval_id), None
        )
        if self._deciding is None or found is None:
            return None
        with self._page.changing():
            return help_views.request(self._deciding, found.names, self._page.member)
