"""The list of cases: searched, filtered, in pages, and as a file."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from amends.cases.search import MOST_COUNTED, CaseQuery, Place
from amends.conversations.transactions import Transactions
from amends.desk import words
from amends.desk.case_query import MINE, NO_CAUSE, UNRESOLVED, Asked, read_query
from amends.desk.case_views import case_row
from amends.desk.case_words import ROOT_CAUSES, SORTS
from amends.desk.forms import read_form
from amends.desk.pages.frame import needs, page
from amends.desk.speech import tr, trn
from amends.desk.zones import zone_of
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right, may
from amends.records import lists
from amends.records.indexing import people_of
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App

log = structlog.get_logger()

Reader = Annotated[StaffMember, needs(Right.SEE_ALL_CASES)]
Exporter = Annotated[StaffMember, needs(Right.EXPORT_CASES)]

FORMATS = {"csv": "text/csv", "jsonl": "application/x-ndjson"}


def create_cases_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(include_in_schema=False)
    desk = _CasesDesk(app, transactions)

    @pages.get("/cases")
    async def cases(request: Request, member: Reader) -> Response:
        return await desk.show(request, member)

    @pages.post("/cases/export")
    async def export(request: Request, member: Exporter) -> Response:
        return await desk.export(request, member)

    return pages


@dataclass(frozen=True, slots=True)
class _Found:
    rows: tuple[Any, ...]
    next: Place | None
    count: int


class _CasesDesk:
    def __init__(self, app: App, transactions: Transactions[UnitOfWork]) -> None:
        self._app = app
        self._transactions = transactions

    async def show(self, request: Request, member: StaffMember) -> Response:
        zone = zone_of(request, self._app.thresholds.hours.zone)
        names = await self._names()
        asked = read_query(request.query_params, names, member.id, zone)
        found = await self._find(asked, names, zone)
        return page(
            request,
            "cases.html",
            title=tr("Cases"),
            status_code=400 if asked.problems else 200,
            rows=found.rows,
            count=_count_words(found.count),
            fields=asked.fields,
            filtered=asked.filtered,
            problems=asked.problems,
            first=asked.address() if asked.after else "",
            next=asked.address(found.next) if found.next else "",
            query=asked.address().partition("?")[2],
            may_export=may(member, Right.EXPORT_CASES),
            zone=zone.key,
            choices=_choices(names),
        )

    async def export(self, request: Request, member: StaffMember) -> Response:
        """Stream the whole list that an address asks for; personal data only when wanted."""
        form = await read_form(request)
        zone = zone_of(request, self._app.thresholds.hours.zone)
        fields = dict(parse_qsl(form.get("query")))
        asked = read_query(fields, await self._names(), member.id, zone)
        kind = form.get("format") if form.get("format") in FORMATS else "csv"
        personal = form.get("personal") == "yes"
        log.info(
            "desk.cases.exported",
            staff_id=member.id,
            format=kind,
            personal=personal,
            filters=sorted(name for name, value in asked.fields.items() if value),
        )
        stamp = f"{self._app.clock():%Y-%m-%d}"
        return StreamingResponse(
            self._stream(asked.query, kind, personal),
            media_type=f"{FORMATS[kind]}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="cases-{stamp}.{kind}"'},
        )

    async def _stream(self, query: CaseQuery, kind: str, personal: bool) -> AsyncIterator[str]:
        now, after = self._app.clock(), None
        if kind == "csv":
            yield lists.csv_head()
        while True:
            batch = await self._transactions.read(
                lambda uow, after=after: lists.batch_of(  # type: ignore[misc]
                    uow, query, now, after, personal=personal
                )
            )
            yield lists.to_csv(batch.rows) if kind == "csv" else lists.to_json_lines(batch.rows)
            after = batch.next
            if after is None:
                return

    async def _names(self) -> Mapping[str, str]:
        return await self._transactions.read(
            lambda uow: {member.id: member.name for member in uow.staff.all()}
        )

    async def _find(self, asked: Asked, names: Mapping[str, str], zone: ZoneInfo) -> _Found:
        now = self._app.clock()

        def work(uow: UnitOfWork) -> _Found:
            found = uow.case_search.find(asked.query, now, asked.after)
            rows = []
            for case in found.cases:
                people = people_of(uow, case)
                rows.append(case_row(case, people[0] if people else None, names, now, zone))
            count = uow.case_search.count(asked.query, now)
            return _Found(tuple(rows), found.next, count)

        return await self._transactions.read(work)


def _count_words(count: int) -> str:
    if count > MOST_COUNTED:
        return tr("More than {count} cases", count=f"{MOST_COUNTED:,}")
    return trn("{count} case", "{count} cases", count)


def _choices(names: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Return the choices of each select box: value and what it is called."""

    def listed(table: dict[str, str]) -> list[tuple[str, str]]:
        return [(key, words.word(table, key)) for key in table]

    people = sorted(names.items(), key=lambda one: one[1].casefold())
    return {
        "status": [(UNRESOLVED, tr("Not resolved yet")), *listed(words.STATUSES)],
        "category": listed(words.CATEGORIES),
        "cause": [(NO_CAUSE, tr("Not set")), *listed(ROOT_CAUSES)],
        "owner": [(MINE, tr("Mine")), ("bot", tr("Assistant")), *people],
        "severity": listed(words.SEVERITIES),
        "flag": listed(words.FLAGS),
        "language": listed(words.LANGUAGES),
        "sort": [(key.value, tr(title)) for key, title in SORTS.items()],
    }
