"""Where staff write. The browser keeps the draft of each chat, so typing never waits for us."""

from collections.abc import Awaitable, Callable

from nicegui.events import GenericEventArguments

from amends.desk.actions import LONGEST_ANSWER
from amends.desk.components import base

_SEND = "() => { const taken = desk.takeText(); if (taken) emit(...taken); }"


class Composer:
    def __init__(self, on_send: Callable[[str, str], Awaitable[None]]) -> None:
        async def send(event: GenericEventArguments) -> None:
            handoff_id, text = event.args
            await on_send(str(handoff_id), str(text))

        with base.box("composer", hidden=True) as self._frame:
            with base.box("composer-box"):
                field = base.box(
                    tag="textarea", rows=1, maxlength=LONGEST_ANSWER,
                    aria_label="Message to the customer", placeholder="Write to the customer",
                )  # fmt: skip
                base.shortcut(field, "m")
                base.button("Send", None, "btn-primary send").on("click", send, js_handler=_SEND)
            base.markup(
                "<kbd>Enter</kbd> sends, <kbd>Shift Enter</kbd> starts a new line, "
                "<kbd>Alt M</kbd> comes here",
                "composer-hint", "p",
            )  # fmt: skip

    def show(self, shown: bool) -> None:
        base.show(self._frame, shown)
