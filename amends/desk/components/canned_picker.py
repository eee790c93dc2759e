"""Canned replies at hand: a search field with a list, after the combobox pattern of ARIA."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui
from nicegui.events import GenericEventArguments

from amends.desk.components import base
from amends.desk.help_views import Reply
from amends.desk.speech import tr, trn
from amends.desk.templating import render


class CannedPicker:
    """Built inside the composer; the browser opens it, moves in it and puts the text in."""

    def __init__(self, on_search: Callable[[int, str], Awaitable[None]]) -> None:
        searching = base.in_language(on_search)

        async def searched(event: GenericEventArguments) -> None:
            number, query = event.args
            await searching(int(number), str(query))

        with base.box("canned", hidden=True):
            with base.box("canned-head"):
                self._field = base.box(
                    tag="input", type="text", role="combobox", autocomplete="off",
                    spellcheck="false", maxlength=80, aria_label=tr("Find a canned reply"),
                    aria_expanded="true", aria_controls="canned-list", aria_autocomplete="list",
                    placeholder=tr("Shortcut, title or text"),
                )  # fmt: skip
                close = base.button(tr("Close"), None, "btn-quiet canned-close")
                close.on("click", js_handler="() => desk.closeCanned()")
            label = tr("Canned replies")
            self._list = base.markup(
                "", "canned-list", "ul", id="canned-list", role="listbox", aria_label=label
            )
            self._count = base.text("", "canned-count", "p", role="status")
        ui.on("desk_canned", searched)

    def update(self, replies: Sequence[Reply], number: int) -> None:
        """Show what was found; `number` is that of the search, as the browser counts."""
        base.put(self._list, render("canned_options.html", replies=replies))
        found = trn("{count} reply", "{count} replies", len(replies))
        base.put(self._count, str(base.escape(found if replies else tr("No reply is found."))))
        ui.run_javascript(f"desk.showCanned({number})")


def build_opener() -> None:
    """The button in the composer that opens the picker."""
    opener = base.button(
        tr("Replies"), None, "canned-open", "t", aria_haspopup="listbox", aria_expanded="false"
    )
    opener.on("click", js_handler="() => desk.openCanned()")
