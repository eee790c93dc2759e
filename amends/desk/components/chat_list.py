"""A list of chats: who waits, or mine. Rows stay where the focus is while they change."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from nicegui.elements.html import Html

from amends.desk.components import base
from amends.desk.rows import Row
from amends.desk.speech import spoken, tr
from amends.desk.templating import render

MOST_SHOWN = 50
"""Rows of a list, until more are asked for: nobody reads two hundred, and all pages carry them."""


class ChatList:
    """Args:
    title: its heading.
    empty: what stands there when nobody is on it; without such words an empty list is hidden.
    on_open: what a row does.
    on_more: shows the list again, after more of it was asked for.
    """

    def __init__(
        self,
        title: str,
        empty: str,
        on_open: Callable[[str], Any],
        on_more: Callable[[], Any] | None = None,
    ) -> None:
        self._on_more = on_more
        self.most: int | None = MOST_SHOWN
        self._on_open = base.in_language(on_open)
        self._hidden_when_empty = not empty
        self._rows: dict[str, Html] = {}
        self._order: list[str] = []
        with base.box(tag="section", aria_label=title) as self._frame:
            with base.box("list-head") as self.head:
                base.text(title, tag="h2")
                self._count = base.text("", "count")
            self._list = base.box("list")
            self._empty = base.text(empty, "list-empty", "p")
            self._more = base.button("", self._show_all, "list-more")
        base.show(self._more, False)
        base.show(self._frame, not self._hidden_when_empty)

    def update(self, rows: Sequence[Row], selected: str | None, total: int | None = None) -> None:
        """Show rows; `total` is how many there are, when these are only the first of them."""
        count = len(rows) if total is None else total
        wanted = [row.handoff_id for row in rows]
        for gone in self._rows.keys() - set(wanted):
            self._rows.pop(gone).delete()
        for row in rows:
            self._show(row, row.handoff_id == selected)
        present = [one for one in self._order if one in self._rows]
        new = [one for one in wanted if one not in present]
        if present + new != wanted:
            for index, handoff_id in enumerate(wanted):
                self._rows[handoff_id].move(self._list, index)
        self._order = wanted
        base.put(self._count, str(count) if count else "")
        base.show(self._empty, not rows)
        base.put(self._more, str(base.escape(tr("Show {count} more", count=count - len(rows)))))
        base.show(self._more, count > len(rows))
        base.show(self._frame, bool(rows) or not self._hidden_when_empty)

    def _show_all(self) -> None:
        self.most = None
        if self._on_more:
            self._on_more()

    def _show(self, row: Row, selected: bool) -> None:
        html = _html(row, spoken())
        element = self._rows.get(row.handoff_id)
        if element is None:
            with self._list:
                element = base.markup(html, "row", "button", type="button")
            element.props["data-chat"] = row.handoff_id
            element.on("click", lambda: self._on_open(row.handoff_id))
            self._rows[row.handoff_id] = element
        base.put(element, html)
        base.set_attribute(element, "aria-current", "true" if selected else None)
        base.set_attribute(element, "data-key", f"Digit{row.key}" if row.key else None)
        base.set_attribute(element, "aria-keyshortcuts", f"Alt+{row.key}" if row.key else None)


@lru_cache(maxsize=4096)
def _html(row: Row, language: str) -> str:
    """Return a row as it is shown; most of what one page shows, others show too."""
    return render("row.html", row=row)
