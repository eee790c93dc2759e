"""The bar on top: counts, help, theme, and who is signed in."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup
from nicegui import ui

from amends.desk import words
from amends.desk.components import base
from amends.desk.components.presence import initials
from amends.handoff.model import StaffMember

_BRAND = Markup('<img src="/desk-static/icon.svg" alt="" width="22" height="22"> {}')
_COUNTS = Markup("<b>{}</b> waiting{}")
_LATE = Markup(' · <span class="late">{} overdue</span>')


class Header:
    def __init__(
        self,
        me: StaffMember,
        company: str,
        on_password: Callable[[], Any],
        on_leave: Callable[[], Any],
    ) -> None:
        with base.box("bar", tag="header"):
            base.text("Desk", "sr-text", "h1")
            base.markup(_BRAND.format(f"{company} desk"), "bar-brand only-wide")
            self._counts = base.markup("", "bar-counts", role="status")
            base.box("bar-space")
            with base.box("me only-wide"):
                base.text(initials(me.name), "avatar", aria_hidden="true")
                base.text(me.name)
                base.text(words.word(words.ROLES, me.role.value), "role")
            self._local("Keys", "desk.dialog('help')", "only-wide", key="h")
            self._local("Theme", "desk.nextTheme()")
            base.button("Password", on_password, "btn-quiet only-wide")
            base.button("Sign out", on_leave, "btn-quiet")
        self._trouble = base.text(
            "The database does not answer. What you see may be old; we keep trying.",
            "trouble", "p", role="alert", hidden=True,
        )  # fmt: skip

    def update(self, waiting: int, overdue: int, unread: int) -> None:
        late = _LATE.format(overdue) if overdue else ""
        base.put(self._counts, _COUNTS.format(waiting, late))
        marks = [f"{unread} new" if unread else "", f"{waiting} waiting" if waiting else ""]
        counts = ", ".join(filter(None, marks))
        title = f"({counts}) Desk" if counts else "Desk"
        ui.run_javascript(f"desk.title({title!r})")

    def show_trouble(self, failing: bool) -> None:
        base.show(self._trouble, failing)

    @staticmethod
    def _local(label: str, code: str, classes: str = "", key: str = "") -> None:
        made = base.button(label, None, f"btn-quiet {classes}", key)
        made.on("click", js_handler=f"() => {code}")
