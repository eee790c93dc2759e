"""The report of a period, to open or to keep: all pages of insights in one file."""

import asyncio
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from amends.conversations.transactions import Transactions
from amends.desk.insight_query import read_asked
from amends.desk.pages.frame import needs
from amends.desk.report.page import write_page
from amends.desk.report.sections import Report, report_of
from amends.desk.speech import speaking
from amends.desk.zones import zone_of
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right
from amends.insights.ports import UnitOfWork
from amends.wiring.app import App

Viewer = Annotated[StaffMember, needs(Right.SEE_INSIGHTS)]
TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


def create_report_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix="/insights", include_in_schema=False)

    @pages.get("/report.{kind}")
    async def report(request: Request, kind: Literal["html", "pdf"], member: Viewer) -> Response:
        """Answer with a file, made of what the filters in the address ask for."""
        zone, now = zone_of(request, app.thresholds.hours.zone), app.clock()
        with speaking(member.language):
            asked = read_asked(request.query_params, now, zone)
            company, thresholds = app.settings.company_name, app.thresholds
            gathered = await transactions.read(
                lambda uow: report_of(uow, company, thresholds, asked, zone, now)
            )
            content = await asyncio.to_thread(_content, kind, gathered, app.settings.desk_url)
        last = (asked.period.until.astimezone(zone) - timedelta(seconds=1)).date()
        name = f"report-{asked.period.since.astimezone(zone).date()}-to-{last}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=TYPES[kind], headers=headers)

    return pages


def _content(kind: str, report: Report, desk_url: str) -> bytes:
    if kind == "html":
        return write_page(report, desk_url).encode()
    from amends.desk.report.paper import write_pdf  # half a second, for PDFs alone

    return write_pdf(report)
