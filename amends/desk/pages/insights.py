"""The pages of insights: figures of a period, with what each rests on and how sure it is."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from amends.conversations.transactions import Transactions
from amends.desk import words
from amends.desk.insight_pages import (
    CAUSES,
    COST,
    OVERVIEW,
    QUALITY,
    SATISFACTION,
    InsightPage,
    service_page_of,
)
from amends.desk.insight_query import LASTS, USUAL, Asked, Links, read_asked
from amends.desk.insight_views.parts import Reader, View
from amends.desk.pages.frame import needs, page, signed_in
from amends.desk.speech import tr
from amends.desk.zones import zone_of
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right, may
from amends.insights.charts import style
from amends.insights.ports import UnitOfWork
from amends.wiring.app import App

Viewer = Annotated[StaffMember, needs(Right.SEE_INSIGHTS)]


def create_insights_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix="/insights", include_in_schema=False)
    desk = _Insights(app, transactions)

    @pages.get("/charts.css")
    async def charts_style() -> Response:
        headers = {"Cache-Control": "public, max-age=86400"}
        return Response(style(), media_type="text/css", headers=headers)

    @pages.get("")
    async def overview_page(request: Request, member: Viewer) -> Response:
        return await desk.show(request, OVERVIEW)

    @pages.get("/satisfaction")
    async def satisfaction_page(request: Request, member: Viewer) -> Response:
        return await desk.show(request, SATISFACTION)

    @pages.get("/service")
    async def service_page(request: Request, member: Viewer) -> Response:
        return await desk.show(request, service_page_of(app.thresholds))

    @pages.get("/cost")
    async def cost_page(request: Request, member: Viewer) -> Response:
        return await desk.show(request, COST)

    @pages.get("/causes")
    async def causes_page(request: Request, member: Viewer) -> Response:
        return await desk.show(request, CAUSES)

    @pages.get("/quality")
    async def quality_page(request: Request, member: Viewer) -> Response:
        return await desk.show(request, QUALITY)

    return pages


@dataclass(frozen=True, slots=True)
class _Shown:
    view: View
    is_empty: bool  # there is no conversation at all yet


class _Insights:
    def __init__(self, app: App, transactions: Transactions[UnitOfWork]) -> None:
        self._app = app
        self._transactions = transactions

    async def show(self, request: Request, one: InsightPage) -> Response:
        zone = zone_of(request, self._app.thresholds.hours.zone)
        asked = read_asked(request.query_params, self._app.clock(), zone)
        may_plan = may(signed_in(request), Right.EDIT_ACTIONS)
        reader = Reader(Links(asked), zone, may_plan)

        def work(uow: UnitOfWork) -> _Shown:
            return _Shown(one.make(uow, asked, reader), uow.facts.first_day() is None)

        shown = await self._transactions.read(work)
        return page(
            request,
            "insights_page.html",
            title=tr(one.title),
            status_code=400 if asked.problems else 200,
            here=one.path,
            view=shown.view,
            is_empty=shown.is_empty,
            zone=zone.key,
            **filter_values(asked, one.path),
        )


def filter_values(asked: Asked, path: str) -> dict[str, Any]:
    """Return what `insights_filters.html` shows."""
    last = "" if asked.has_own_dates else asked.fields["last"] or str(USUAL)
    return {
        "fields": asked.fields,
        "kept": asked.kept,
        "problems": asked.problems,
        "lasts": [
            (_last_words(days), path + _with_last(asked, days), last == str(days)) for days in LASTS
        ],
        "choices": {
            "category": [(key, words.word(words.CATEGORIES, key)) for key in words.CATEGORIES],
            "language": [(key, words.language(key)) for key in words.LANGUAGES],
        },
    }


def _last_words(days: int) -> str:
    return {7: tr("7 days"), 28: tr("28 days"), 91: tr("91 days"), 364: tr("364 days")}[days]


def _with_last(asked: Asked, days: int) -> str:
    fields = {**asked.fields, "last": str(days), "from": "", "to": ""}
    return Asked(fields, asked.period, ()).kept
