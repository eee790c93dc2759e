"""The bar on top: counts, help, theme, and the menu of whoever is signed in."""

from markupsafe import Markup, escape
from nicegui import ui

from amends.desk.components import base
from amends.desk.pages.frame import menu
from amends.desk.speech import tr
from amends.desk.templating import render
from amends.handoff.model import StaffMember

_BRAND = Markup('<img src="/desk-static/icon.svg" alt="" width="22" height="22"> {}')
_COUNT = Markup("<b>{}</b>")
_LATE = Markup(' · <span class="late">{}</span>')


class Header:
    def __init__(self, me: StaffMember, company: str) -> None:
        with base.box("bar", tag="header"):
            base.text(tr("Desk"), "sr-text", "h1")
            brand = tr("{company} desk", company=company)
            base.markup(_BRAND.format(brand), "bar-brand only-wide")
            self._counts = base.markup("", "bar-counts", role="status")
            base.box("bar-space")
            self._local(tr("Keys"), "desk.dialog('help')", "only-wide", key="h")
            self._local(tr("Theme"), "desk.nextTheme()")
            base.markup(render("menu.html", **menu(me, "/", "/")), "bar-menu")
        self._trouble = base.text(
            tr("The database does not answer. What you see may be old; we keep trying."),
            "trouble", "p", role="alert", hidden=True,
        )  # fmt: skip

    def update(self, waiting: int, overdue: int, unread: int) -> None:
        counts = escape(tr("{count} waiting")).format(count=_COUNT.format(waiting))
        late = _LATE.format(tr("{count} overdue", count=overdue)) if overdue else ""
        base.put(self._counts, counts + late)
        new = tr("{count} new", count=unread) if unread else ""
        waits = tr("{count} waiting", count=waiting) if waiting else ""
        marks = ", ".join(filter(None, (new, waits)))
        title = f"({marks}) {tr('Desk')}" if marks else tr("Desk")
        ui.run_javascript(f"desk.title({title!r})")

    def show_trouble(self, failing: bool) -> None:
        base.show(self._trouble, failing)

    @staticmethod
    def _local(label: str, code: str, classes: str = "", key: str = "") -> None:
        made = base.button(label, None, f"btn-quiet {classes}", key)
        made.on("click", js_handler=f"() => {code}")
