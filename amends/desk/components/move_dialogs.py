"""The dialogs that move a chat: pass it on, take it over."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from nicegui.events import GenericEventArguments

from amends.desk.components import base
from amends.desk.components.dialogs import Dialog
from amends.desk.speech import tr
from amends.desk.templating import render

_PASSING = "() => { const chosen = desk.passing(); if (chosen) emit(...chosen); }"


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a chat can be passed on to."""

    value: str
    title: str
    about: str


class MoveDialogs:
    def __init__(
        self,
        on_pass: Callable[[str, str], Awaitable[None]],
        on_take_over: Callable[[str], Awaitable[None]],
    ) -> None:
        passing = base.in_language(on_pass)

        async def passed(event: GenericEventArguments) -> None:
            target, note = event.args
            await passing(str(target), str(note))

        self._pass = Dialog("pass", tr("Pass the chat on"), tr("Pass on"))
        self._pass.on_answer(_PASSING, passed)
        over = tr("Take this chat over?")
        self._over = Dialog("takeover", over, tr("Take over"), on_take_over)

    def ask_pass(self, targets: Sequence[Target], minutes: int) -> None:
        base.put(self._pass.body, render("pass_on.html", targets=targets, minutes=minutes))
        self._pass.open()

    def ask_take_over(self, name: str) -> None:
        words = tr(
            "{name} is writing with this customer now. From here on the chat is yours; "
            "{name} and the customer are told so.",
            name=name,
        )
        base.put(self._over.body, f"<p>{base.escape(words)}</p>")
        self._over.open()
