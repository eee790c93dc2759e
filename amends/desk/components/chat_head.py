"""Who the open chat is with, and what can be done with it now."""

from collections.abc import Callable, Mapping
from typing import Any

from amends.desk.components import base
from amends.handoff.model import Handoff, HandoffState

Handlers = Mapping[str, Callable[[], Any]]


class ChatHead:
    def __init__(self, handlers: Handlers) -> None:
        with base.box("chat-head", hidden=True) as self._frame:
            with base.box("chat-who"):
                self._name = base.text("", tag="h2")
                self._note = base.text("", "sub")
            with base.box("acts", role="toolbar", aria_label="Actions"):
                self._claim = base.button("Claim", handlers["claim"], "btn-primary", "c")
                self._mine = [
                    base.button("Grant remedy", handlers["grant"], "", "g"),
                    base.button("Return to bot", handlers["return"], "", "b"),
                    base.button("Put back", handlers["requeue"], "", "q"),
                    base.button("Resolve", handlers["resolve"], "btn-primary", "r"),
                ]
                case = base.button("Case", None, "only-narrow", "s")
                case.on("click", js_handler="() => desk.view('case')")
        self._banner = base.text("", "banner", "p", role="status", hidden=True)

    def update(self, name: str, note: str, handoff: Handoff, me: str, holder: str | None) -> None:
        base.show(self._frame, True)
        base.put(self._name, str(base.escape(name)))
        base.put(self._note, str(base.escape(note)))
        waiting = handoff.state is HandoffState.WAITING
        mine = handoff.state is HandoffState.CLAIMED and handoff.claimed_by == me
        base.show(self._claim, waiting)
        for button in self._mine:
            base.show(button, mine)
        banner = "" if mine or waiting else _banner(handoff, holder)
        base.put(self._banner, str(base.escape(banner)))
        base.show(self._banner, bool(banner))

    def hide(self) -> None:
        base.show(self._frame, False)
        base.show(self._banner, False)


def _banner(handoff: Handoff, holder: str | None) -> str:
    if handoff.state is HandoffState.CLAIMED:
        return f"{holder or 'A colleague'} has this chat. You can read along."
    ends = {
        "resolved": "This chat was resolved.",
        "returned_to_bot": "This chat is with the assistant again.",
        "customer_left": "The customer needs nobody any more.",
    }
    return ends.get(handoff.outcome or "", "This chat has ended.")
