"""The dialogs around requests: ask for one, approve it, refuse it."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui.events import GenericEventArguments

from amends.compensation.grants import Preview
from amends.desk import views, words
from amends.desk.components import base
from amends.desk.components.dialogs import Dialog
from amends.desk.help_views import Request
from amends.desk.speech import tr
from amends.desk.templating import render

_ASKING = "() => { const asked = desk.asking(); if (asked) emit(...asked); }"
_REFUSING = "() => emit(desk.reason())"


class HelpDialogs:
    def __init__(
        self,
        on_ask: Callable[[str, str], Awaitable[None]],
        on_approve: Callable[[str], Awaitable[None]],
        on_refuse: Callable[[str], Awaitable[None]],
    ) -> None:
        asking, refusing = base.in_language(on_ask), base.in_language(on_refuse)

        async def asked(event: GenericEventArguments) -> None:
            key, note = event.args
            await asking(str(key), str(note))

        async def refused(event: GenericEventArguments) -> None:
            await refusing(str(event.args))

        self._ask = Dialog("ask", tr("Ask a supervisor"), tr("Send the request"))
        self._ask.on_answer(_ASKING, asked)
        confirm = tr("Approve and tell the customer")
        self._approve = Dialog("approve", tr("Approve this request?"), confirm, on_approve)
        self._refuse = Dialog("refuse", tr("Refuse this request?"), tr("Refuse"))
        self._refuse.on_answer(_REFUSING, refused)

    def ask(self, preview: Preview, picked: str) -> None:
        role = preview.role_needed.value if preview.role_needed else None
        html = render(
            "ask_approval.html",
            choices=[views.choice(option) for option in preview.beyond],
            picked=picked,
            role_needed=words.word(words.ROLES, role).lower(),
        )
        base.put(self._ask.body, html)
        self._ask.open()

    def approve(self, lines: Sequence[tuple[str, str, str]], customer: str) -> None:
        html = render("sure.html", lines=lines, total="", message="", customer=customer)
        base.put(self._approve.body, html)
        self._approve.open()

    def refuse(self, request: Request) -> None:
        html = render("refuse_approval.html", lines=request.remedies, name=request.by)
        base.put(self._refuse.body, html)
        self._refuse.open()
