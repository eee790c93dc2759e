"""Asking for an exception in the open chat."""

from collections.abc import Awaitable, Callable

from amends.desk.components.exception_dialog import ExceptionDialog
from amends.desk.help_actions import HelpActions
from amends.desk.pages.open_chat import OpenChat
from amends.desk.pages.open_page import OpenPage
from amends.desk.speech import mark


class Excepting:
    """The dialog is set when the page is built."""

    dialog: ExceptionDialog

    def __init__(
        self,
        page: OpenPage,
        actions: HelpActions,
        chat: OpenChat,
        after_change: Callable[[], Awaitable[None]],
    ) -> None:
        self._page, self._actions = page, actions
        self._chat, self._after_change = chat, after_change

    async def ask(self, _: str) -> None:
        """Open the dialog with what may be asked for now."""
        if self._chat.handoff_id is None:
            return
        preview = await self._page.told(self._actions.preview(self._chat.handoff_id))
        if preview is None or preview.exception is None:
            self._page.toast(mark("No exception is possible in this case."), "error")
            return
        self._page.call("close", "grant")
        with self._page.changing():
            self.dialog.ask(preview.exception)

    async def asked(self, kind: str, amount: str, note: str) -> None:
        """Send a request; a refusal is said in the dialog, where what was written stays."""
        if self._chat.handoff_id is None:
            return
        done = await self._page.told(
            self._actions.ask_exception(self._chat.handoff_id, kind, amount, note),
            refuse=lambda sentence: self._page.call("refuse", "exception", sentence),
        )
        if done is not None:
            self._page.call("close", "exception")
            await self._after_change()
            self._page.toast(mark("Asked. You are told here as soon as somebody has decided."))
