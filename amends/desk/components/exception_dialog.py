"""The dialog in which somebody asks for what no clause of the policy gives."""

from collections.abc import Awaitable, Callable

from nicegui.events import GenericEventArguments

from amends.compensation.exceptions import Allowance
from amends.desk import words
from amends.desk.components import base
from amends.desk.components.dialogs import Dialog
from amends.desk.speech import spoken, tr
from amends.desk.templating import render

_ASKING = "() => emit(desk.excepting())"


class ExceptionDialog:
    def __init__(self, on_ask: Callable[[str, str, str], Awaitable[None]]) -> None:
        asking = base.in_language(on_ask)

        async def asked(event: GenericEventArguments) -> None:
            kind, amount, note = event.args
            await asking(str(kind), str(amount), str(note))

        self._dialog = Dialog("exception", tr("Ask for an exception"), tr("Send the request"))
        self._dialog.on_answer(_ASKING, asked)

    def ask(self, allowance: Allowance) -> None:
        kinds = [(one.kind, one.title.get(spoken()) or one.title["en"]) for one in allowance.kinds]
        html = render(
            "ask_exception.html",
            kinds=kinds,
            currency=allowance.most.currency,
            most=words.amount(allowance.most),
            role_needed=words.word(words.ROLES, allowance.approver.value).lower(),
        )
        base.put(self._dialog.body, html)
        self._dialog.open()
