"""The pages on which business hours and thresholds are changed: tried first, then stored."""

from dataclasses import dataclass, replace
from time import monotonic
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from amends.conversations.transactions import Transactions
from amends.desk import hours_views, rule_views, rule_words, threshold_views
from amends.desk.forms import Form, read_form
from amends.desk.pages.frame import needs, page
from amends.desk.speech import tr
from amends.handoff import preview, rules
from amends.handoff.errors import HandoffError
from amends.handoff.hours_text import DAYS, HoursForm, SpecialDay, form_of, yaml_of
from amends.handoff.load_hours import parse_hours
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right
from amends.handoff.rule_model import RuleKind, RuleVersion
from amends.handoff.thresholds import Thresholds, parse_thresholds
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App
from amends.wiring.rules import StoredRules, look

log = structlog.get_logger()

Ruler = Annotated[StaffMember, needs(Right.EDIT_RULES)]

FILE = "file"
"""What stands for the file's text where a version is named."""

PREVIEW_SECONDS = 5.0
MOST_VERSIONS = 200
MOST_BYTES = 1_000_000
MOST_FIELDS = 2_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody is writing."""

    text: str
    note: str = ""
    form: HoursForm | None = None  # the form as it was typed; None: the one that the text says
    is_tried: bool = False  # it can be used: show what it would come to, and offer to store it
    error: str = ""


def create_rules_pages(
    app: App, stored: StoredRules, transactions: Transactions[UnitOfWork]
) -> APIRouter:
    pages = APIRouter(prefix="/admin/rules", include_in_schema=False)
    desk = _RuleDesk(app, stored, transactions)
    _add_overview(pages, desk)
    for kind in RuleKind:
        _add_editor(pages, desk, kind)
        _add_history(pages, desk, kind)
    return pages


class _RuleDesk:
    """Reads, tries and stores rules; each version is one transaction and one log line."""

    def __init__(
        self, app: App, stored: StoredRules, transactions: Transactions[UnitOfWork]
    ) -> None:
        self.app = app
        self.stored = stored
        self._transactions = transactions

    @property
    def zone(self) -> ZoneInfo:
        return self.app.thresholds.hours.zone

    async def names(self) -> dict[str, str]:
        """Return the names of all staff by id, and see to it that the newest versions hold."""
        await look(self.stored)
        return await self._transactions.read(
            lambda uow: {one.id: one.name for one in uow.staff.all()}
        )

    async def versions(self, kind: RuleKind) -> list[RuleVersion]:
        return await self._transactions.read(
            lambda uow: list(uow.rules.latest(kind, MOST_VERSIONS))
        )

    async def text_of(self, kind: RuleKind, version: str) -> str | None:
        """Return the text of a version, or of the file; None when there is none."""
        if version == FILE:
            return self.stored.files.texts[kind]
        if not version.isdecimal() or len(version) > 9:
            return None
        found = await self._transactions.read(lambda uow: uow.rules.get(kind, int(version)))
        return found.text if found else None

    async def store(self, kind: RuleKind, draft: Draft, read: int, by: StaffMember) -> None:
        now = self.app.clock()
        version = await self._transactions.write(
            lambda uow: rules.publish(uow, kind, draft.text, draft.note, read, by, now)
        )
        log.info("desk.rules.stored", by=by.id, kind=kind.value, version=version.version)
        await look(self.stored)

    async def compare(self, new: Thresholds) -> threshold_views.Comparison:
        """Judge past chats by a table and by the one in force."""
        in_force = self.app.thresholds
        until = monotonic() + PREVIEW_SECONDS
        found = await self._transactions.read(
            lambda uow: preview.preview(
                preview.past_chats(uow), in_force, new, lambda: monotonic() > until
            )
        )
        return threshold_views.comparison(found, in_force, new, self.zone)

    def holds(self, kind: RuleKind, names: dict[str, str]) -> rule_views.Holds:
        files = self.stored.files
        return rule_views.holds(
            self.stored.in_force(kind), files.names[kind], files.texts[kind], names, self.zone
        )

    async def edit(
        self,
        request: Request,
        kind: RuleKind,
        draft: Draft | None = None,
        *,
        is_stored: bool = False,
    ) -> Response:
        """Return the page on which a text is written, with what was typed."""
        names = await self.names()
        in_force = self.stored.in_force(kind)
        shown = draft or Draft(in_force.text)
        values = await self._hours(shown) if kind is RuleKind.HOURS else await self._table(shown)
        return page(
            request,
            f"rules_{kind.value}.html",
            title=tr(rule_words.KINDS[kind]),
            status_code=400 if shown.error else 200,
            kind=kind.value,
            lead=tr(rule_words.LEADS[kind]),
            holds=self.holds(kind, names),
            notice=tr("Stored. It holds within a few seconds everywhere.") if is_stored else "",
            read=in_force.newest,
            draft=shown,
            diff=rule_views.diff(in_force.text, shown.text) if shown.is_tried else [],
            may_go_back=in_force.text != self.stored.files.texts[kind],
            longest_text=rules.LONGEST_TEXT,
            longest_note=rules.LONGEST_NOTE,
            **values,
        )

    async def _hours(self, draft: Draft) -> dict[str, Any]:
        in_force = self.app.thresholds
        tried = parse_hours(draft.text, rules.THE_TEXT) if draft.is_tried else None
        hours = tried or in_force.hours
        form = draft.form or form_of(hours)
        spare = (SpecialDay(),) * hours_views.EMPTY_LINES
        return {
            "outlook": hours_views.outlook(hours, in_force, self.app.clock()),
            "form": form,
            "days": list(zip(DAYS, map(tr, rule_words.DAYS), form.week, strict=True)),
            "special": [*form.special, *spare],
            "zones": sorted(available_timezones()),
        }

    async def _table(self, draft: Draft) -> dict[str, Any]:
        tried = parse_thresholds(draft.text, rules.THE_TEXT) if draft.is_tried else None
        table = tried or self.app.thresholds
        return {
            "rows": threshold_views.rows(table),
            "targets": threshold_views.targets(table),
            "comparison": await self.compare(tried) if tried else None,
        }


def _add_overview(pages: APIRouter, desk: _RuleDesk) -> None:
    @pages.get("")
    async def show(request: Request, by: Ruler) -> Response:
        names = await desk.names()
        thresholds = desk.app.thresholds
        outlook = hours_views.outlook(thresholds.hours, thresholds, desk.app.clock())
        return page(
            request,
            "rules.html",
            title=tr("Rules"),
            kinds=[
                (kind.value, tr(words), tr(rule_words.LEADS[kind]), desk.holds(kind, names))
                for kind, words in rule_words.KINDS.items()
            ],
            outlook=outlook,
            rows=threshold_views.rows(thresholds),
            targets=threshold_views.targets(thresholds),
        )


def _add_editor(pages: APIRouter, desk: _RuleDesk, kind: RuleKind) -> None:
    @pages.get(f"/{kind.value}", name=f"edit_{kind.value}")
    async def show(request: Request, by: Ruler, version: str = "", done: bool = False) -> Response:
        if not version:
            return await desk.edit(request, kind, is_stored=done)
        text = await desk.text_of(kind, version)
        if text is None:
            return _not_found(request)
        return await desk.edit(request, kind, _tried(kind, Draft(text)))

    @pages.post(f"/{kind.value}", name=f"change_{kind.value}")
    async def change(request: Request, by: Ruler) -> Response:
        form = await read_form(request, MOST_BYTES, MOST_FIELDS)
        draft = _draft(form)
        if form.get("act") == "lines":
            return await desk.edit(request, kind, draft)
        tried = _tried(kind, draft)
        if form.get("act") != "save" or tried.error:
            return await desk.edit(request, kind, tried)
        try:
            await desk.store(kind, tried, _number(form.get("read")), by)
        except HandoffError as error:
            refused = replace(tried, error=rule_words.refusal(error))
            return await desk.edit(request, kind, refused)
        return RedirectResponse(f"/admin/rules/{kind.value}?done=true", status_code=303)


def _add_history(pages: APIRouter, desk: _RuleDesk, kind: RuleKind) -> None:
    @pages.get(f"/{kind.value}/history", name=f"history_{kind.value}")
    async def show(request: Request, by: Ruler, older: str = "", newer: str = "") -> Response:
        names, versions = await desk.names(), await desk.versions(kind)
        chosen = _two(versions, older, newer)
        texts = [await desk.text_of(kind, one) for one in chosen]
        if None in texts:
            return _not_found(request)
        in_force = desk.stored.in_force(kind)
        return page(
            request,
            "rules_history.html",
            title=tr("History"),
            kind=kind.value,
            kind_words=tr(rule_words.KINDS[kind]),
            holds=desk.holds(kind, names),
            versions=rule_views.history(versions, in_force, names, desk.zone),
            older=chosen[0],
            newer=chosen[1],
            diff=rule_views.diff(texts[0] or "", texts[1] or ""),
        )


def _draft(form: Form) -> Draft:
    """Return what was typed: into the form of hours, or as text."""
    note = form.get("note")
    if form.get("view") == "form":
        typed = hours_views.form_typed(form)
        return Draft(yaml_of(typed), note, typed)
    return Draft(form.get("text").replace("\r\n", "\n"), note)


def _tried(kind: RuleKind, draft: Draft) -> Draft:
    try:
        rules.check_text(kind, draft.text)
    except HandoffError as error:
        return replace(draft, error=rule_words.refusal(error))
    return replace(draft, is_tried=True)


def _two(versions: list[RuleVersion], older: str, newer: str) -> tuple[str, str]:
    """Return which two are compared: those asked for, else the newest and the one before it."""
    known = [str(one.version) for one in versions] + [FILE]
    return older or known[min(1, len(known) - 1)], newer or known[0]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 9 else 0


def _not_found(request: Request) -> Response:
    sentence, title = tr("There is no such version."), tr("This page does not exist")
    return page(request, "refused.html", title=title, status_code=404, sentence=sentence)
