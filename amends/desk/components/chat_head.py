"""Who the open chat is with, what is due, and what can be done with it now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from amends.desk.components import base
from amends.desk.rows import Clock
from amends.desk.speech import tr
from amends.desk.templating import render

Handlers = Mapping[str, Callable[[], Any]]


class Standing(StrEnum):
    """How the open chat stands to whoever looks at it."""

    CLAIMABLE = "claimable"  # it waits
    MINE = "mine"
    PASSED_ON = "passed_on"  # mine, and under way to somebody else
    PASSED_TO_ME = "passed_to_me"
    TAKE_OVER = "take_over"  # a colleague's, and this person may take it
    RETURNED = "returned"  # with the assistant, and this person may take it back
    WATCHED = "watched"  # nothing is to be done with it here


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a chat."""

    name: str
    about: str
    standing: Standing
    banner: str = ""
    clocks: Sequence[Clock] = ()
    listeners: str = ""


class ChatHead:
    def __init__(self, handlers: Handlers) -> None:
        with base.box("chat-head", hidden=True) as self._frame:
            with base.box("chat-who"):
                self._name = base.text("", tag="h2")
                self._about = base.text("", "sub")
                self._clocks = base.markup("", "clocks")
            with base.box("acts", role="toolbar", aria_label=tr("Actions")):
                self._buttons = self._build_buttons(handlers)
                case = base.button(tr("Case"), None, "only-narrow", "s")
                case.on("click", js_handler="() => desk.view('case')")
        self._banner = base.text("", "banner", "p", role="status", hidden=True)
        self._listeners = base.text("", "banner listeners", "p", role="status", hidden=True)

    def update(self, heading: Heading) -> None:
        base.show(self._frame, True)
        base.put(self._name, str(base.escape(heading.name)))
        base.put(self._about, str(base.escape(heading.about)))
        self.show_clocks(heading.clocks)
        for standing, buttons in self._buttons.items():
            for button in buttons:
                base.show(button, standing is heading.standing)
        for line, words in ((self._banner, heading.banner), (self._listeners, heading.listeners)):
            base.put(line, str(base.escape(words)))
            base.show(line, bool(words))

    def show_clocks(self, clocks: Sequence[Clock]) -> None:
        base.put(self._clocks, render("clocks.html", clocks=clocks))

    def hide(self) -> None:
        for part in (self._frame, self._banner, self._listeners):
            base.show(part, False)

    @staticmethod
    def _build_buttons(handlers: Handlers) -> dict[Standing, list[base.Html]]:
        def button(words: str, handler: str, classes: str, key: str) -> base.Html:
            return base.button(words, handlers[handler], classes, key)

        primary = "btn-primary"
        return {
            Standing.CLAIMABLE: [button(tr("Claim"), "claim", primary, "c")],
            Standing.PASSED_TO_ME: [button(tr("Take"), "take", primary, "c")],
            Standing.PASSED_ON: [button(tr("Take it back"), "recall", primary, "c")],
            Standing.RETURNED: [button(tr("Take back from the bot"), "take_back", primary, "c")],
            Standing.WATCHED: [button(tr("Open the most urgent"), "first", primary, "n")],
            Standing.TAKE_OVER: [button(tr("Take over"), "take_over", "", "o")],
            Standing.MINE: [
                button(tr("Grant"), "grant", "", "g"),
                button(tr("Pass on"), "pass_on", "", "p"),
                button(tr("Return to bot"), "return", "", "b"),
                button(tr("Put back"), "requeue", "", "q"),
                button(tr("Resolve"), "resolve", primary, "r"),
            ],
        }
