"""Where staff write, to the customer or to each other. The browser keeps the drafts of each chat,
apart for replies and notes, so typing never waits for us and a note never becomes a reply."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from nicegui import ui
from nicegui.events import GenericEventArguments

from amends.desk.actions import LONGEST_ANSWER
from amends.desk.components import base
from amends.desk.components.canned_picker import CannedPicker, build_opener
from amends.desk.speech import tr
from amends.desk.templating import render

_SEND = "() => { const taken = desk.takeText(); if (taken) emit(...taken); }"
LONGEST_KEY = 64
Search = Callable[[int, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a chat; the browser gives it a key, and sends it until it is told."""

    handoff_id: str
    text: str
    kind: str
    key: str
    again: bool = False

    @property
    def is_note(self) -> bool:
        return self.kind == "note"


Send = Callable[[Typed], Awaitable[None]]


class Writing(StrEnum):
    """What may be written in the open chat."""

    BOTH = "both"
    NOTE = "note"
    NOTHING = "nothing"


class Composer:
    def __init__(self, on_send: Send, on_search: Search) -> None:
        sending = base.in_language(on_send)

        async def send(event: GenericEventArguments) -> None:
            await sending(_typed(event.args))

        async def send_again(event: GenericEventArguments) -> None:
            await sending(replace(_typed(event.args), again=True))

        # A connection that breaks loses what was on its way.
        ui.on("desk_again", send_again)
        with base.box("composer", hidden=True, data_kind="reply") as self._frame:
            self._build_switch()
            self.canned = CannedPicker(on_search)
            with base.box("composer-box"):
                field = base.box(
                    tag="textarea", rows=1, maxlength=LONGEST_ANSWER,
                    aria_label=tr("Message to the customer"),
                    placeholder=tr("Write to the customer"),
                    data_reply_label=tr("Message to the customer"),
                    data_reply_hint=tr("Write to the customer"),
                    data_note_label=tr("Internal note"),
                    data_note_hint=tr("Write to your colleagues"),
                )  # fmt: skip
                base.shortcut(field, "m")
                made = base.button(
                    tr("Send"), None, "btn-primary send",
                    data_reply_label=tr("Send"), data_note_label=tr("Save note"),
                )  # fmt: skip
                made.on("click", send, js_handler=_SEND)
            base.markup(render("composer_hint.html"), "composer-hint", "p")

    def allow(self, writing: Writing) -> None:
        base.show(self._frame, writing is not Writing.NOTHING)
        base.show(self._reply, writing is Writing.BOTH)
        base.set_attribute(self._frame, "data-allowed", writing.value)

    def _build_switch(self) -> None:
        with base.box("composer-kinds", role="group", aria_label=tr("What you write")):
            self._reply = base.button(tr("Reply"), None, "kind", aria_pressed="true",
                                      data_writes="reply")  # fmt: skip
            note = base.button(tr("Note"), None, "kind", "i", aria_pressed="false",
                               data_writes="note")  # fmt: skip
            for button, kind in ((self._reply, "reply"), (note, "note")):
                button.on("click", js_handler=f"() => desk.write('{kind}')")
            base.text(tr("Only your colleagues see this, never the customer."), "kind-hint")
            build_opener()


def _typed(sent: Sequence[object]) -> Typed:
    handoff_id, text, kind, key = map(str, sent)
    return Typed(handoff_id, text, kind, key[:LONGEST_KEY])
