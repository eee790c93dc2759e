"""Granting a remedy at the desk: what may be granted, which one, and whether one is sure."""

from collections.abc import Awaitable, Callable

from amends.compensation.grants import Preview
from amends.desk import views
from amends.desk.actions import Actions
from amends.desk.components.dialogs import Dialogs
from amends.desk.pages.open_chat import OpenChat
from amends.desk.pages.open_page import OpenPage
from amends.desk.speech import mark, tr


class Granting:
    """The steps of granting in the chat that is open."""

    def __init__(
        self,
        page: OpenPage,
        actions: Actions,
        chat: OpenChat,
        after_change: Callable[[], Awaitable[None]],
    ) -> None:
        self.dialogs: Dialogs | None = None
        self._page, self._actions = page, actions
        self._chat, self._after_change = chat, after_change
        self._preview: Preview | None = None
        self._picked: str | None = None

    async def ask(self) -> None:
        if self._chat.handoff_id is None:
            return
        previewed = self._actions.preview_grants(self._chat.handoff_id)
        self._preview = await self._page.told(previewed)
        if self._preview is not None and self.dialogs is not None:
            with self._page.changing():
                self.dialogs.ask_grant(self._preview)

    async def pick(self, key: str) -> None:
        options = views.grant_choices(self._preview) if self._preview else []
        picked = next((option for option in options if option.key == key), None)
        opened = self._chat.read
        if picked is None or opened is None or self.dialogs is None:
            self._page.toast(mark("What may be granted has changed. Please choose again."), "error")
            return
        self._picked = key
        customer = opened.summary.customer
        with self._page.changing():
            name = customer.name if customer else tr("The customer")
            self.dialogs.ask_sure(picked, name)

    async def grant(self, _: str) -> None:
        key, self._picked = self._picked, None
        if self._chat.handoff_id is None or key is None:
            return
        granted = await self._page.told(self._actions.grant(self._chat.handoff_id, key))
        await self._after_change()
        if granted is not None:
            self._page.toast(mark("Granted. The customer was told."))
