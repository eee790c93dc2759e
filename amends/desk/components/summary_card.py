"""The case at a glance, so that nobody has to be asked again. One section changes at a time."""

from datetime import datetime

from nicegui.elements.html import Html

from amends.desk import card_views
from amends.desk.actions import Opened
from amends.desk.components import base
from amends.desk.components.help_card import HelpCard
from amends.desk.speech import mark, tr
from amends.desk.templating import render
from amends.handoff.model import StaffMember

_SECTIONS = {
    "case": (mark("Case"), True),
    "mood": (mark("Mood"), True),
    "order": (mark("Order"), True),
    "offers": (mark("Offers"), True),
    "promises": (mark("Promises"), True),
    "earlier": (mark("Earlier cases"), False),
    "timeline": (mark("Timeline"), False),
}


class SummaryCard:
    def __init__(self) -> None:
        with base.box("right", tag="aside", aria_label=tr("Case"), tabindex="0"):
            with base.box("only-narrow-bar"):
                back = base.button(tr("Back to the chat"), None, "only-narrow btn-quiet")
                back.on("click", js_handler="() => desk.view('chat')")
            self._empty = base.text(tr("Open a chat to see its case."), "right-empty", "p")
            with base.box() as self._body:
                base.text(tr("The case at a glance"), "sr-text", "h2")
                self.help = HelpCard()
                self._parts = {key: _section(*parts) for key, parts in _SECTIONS.items()}
        base.show(self._body, False)

    def update(self, opened: Opened, reader: StaffMember, now: datetime) -> None:
        base.show(self._empty, False)
        base.show(self._body, True)
        for key, values in card_views.sections(opened, reader, now).items():
            base.put(self._parts[key], render(f"{key}.html", **values))

    def clear(self) -> None:
        base.show(self._body, False)
        base.show(self._empty, True)


def _section(title: str, is_open: bool) -> Html:
    attributes = {"open": True} if is_open else {}
    with base.box("section", tag="details", **attributes):
        base.markup(f"<h3>{base.escape(tr(title))}</h3>", tag="summary")
        return base.markup("")
