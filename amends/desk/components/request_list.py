"""What waits for a decision, for those who decide. Hidden while nothing waits."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui.elements.html import Html

from amends.desk.components import base
from amends.desk.help_views import RequestRow
from amends.desk.speech import tr
from amends.desk.templating import render


class RequestList:
    def __init__(self, on_open: Callable[[str], Any]) -> None:
        self._on_open = base.in_language(on_open)
        self._rows: dict[str, Html] = {}
        with base.box("request-list", tag="section", aria_label=tr("Requests")) as self._frame:
            with base.box("list-head"):
                base.text(tr("Requests"), tag="h2")
                self._count = base.text("", "count", role="status")
            self._list = base.box("list")
        base.show(self._frame, False)

    def update(self, rows: Sequence[RequestRow], selected: str | None) -> None:
        """Show requests, oldest first; a request never changes its place."""
        wanted = {row.id for row in rows}
        for gone in self._rows.keys() - wanted:
            self._rows.pop(gone).delete()
        for row in rows:
            current = "true" if row.handoff_id == selected else None
            base.set_attribute(self._row(row), "aria-current", current)
        base.put(self._count, str(len(rows)) if rows else "")
        base.show(self._frame, bool(rows))

    def _row(self, row: RequestRow) -> Html:
        element = self._rows.get(row.id)
        if element is None:
            html = render("request_row.html", row=row)
            with self._list:
                element = base.markup(html, "row", "button", type="button")
            element.on("click", lambda: self._on_open(row.handoff_id))
            self._rows[row.id] = element
        return element
