"""The conversations behind a number: as a list, as a file, and each one by itself."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from amends.conversations.transactions import Transactions
from amends.desk import words
from amends.desk.forms import read_form
from amends.desk.insight_filters import Listed, read_listed
from amends.desk.insight_list_views import (
    ConversationRow,
    conversation_row,
    drivers_of,
    fact_lines,
    place_text,
    read_place,
    review_lines,
    said_lines,
    score_lines,
)
from amends.desk.pages.frame import needs, page
from amends.desk.speech import tr, trn
from amends.desk.zones import zone_of
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right, may
from amends.insights import lists
from amends.insights.facts import ConversationFacts
from amends.insights.ports import UnitOfWork
from amends.insights.table import FactsQuery
from amends.satisfaction.model import Score
from amends.satisfaction.quality import Course, course_of, review
from amends.wiring.app import App

log = structlog.get_logger()

Viewer = Annotated[StaffMember, needs(Right.SEE_INSIGHTS)]
Exporter = Annotated[StaffMember, needs(Right.EXPORT_CASES)]

ROWS = 50


def create_insight_list_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix="/insights/conversations", include_in_schema=False)
    desk = _List(app, transactions)

    @pages.get("")
    async def conversations(request: Request, member: Viewer) -> Response:
        return await desk.show(request, member)

    @pages.post("/export")
    async def export(request: Request, viewer: Viewer, member: Exporter) -> Response:
        return await desk.export(request, member)

    @pages.get("/{conversation_id}")
    async def conversation(request: Request, member: Viewer, conversation_id: str) -> Response:
        return await desk.conversation(request, conversation_id)

    return pages


@dataclass(frozen=True, slots=True)
class _Batch:
    rows: tuple[ConversationRow, ...]
    count: int
    next: str  # empty on the last page


@dataclass(frozen=True, slots=True)
class _Whole:
    """All that is shown of one conversation."""

    facts: ConversationFacts
    course: Course
    score: Score | None


class _List:
    def __init__(self, app: App, transactions: Transactions[UnitOfWork]) -> None:
        self._app = app
        self._transactions = transactions

    async def show(self, request: Request, member: StaffMember) -> Response:
        zone = zone_of(request, self._app.thresholds.hours.zone)
        listed = self._read(dict(request.query_params), zone)
        after = request.query_params.get("after", "")
        batch = await self._find(listed, after, zone)
        return page(
            request,
            "insights_list.html",
            title=tr("Conversations"),
            status_code=400 if listed.problems else 200,
            here="",
            kept="",
            said=listed.said,
            problems=listed.problems,
            count=trn(
                "{number} conversation", "{number} conversations", batch.count,
                number=f"{batch.count:,}",
            ),
            rows=batch.rows,
            first=listed.address() if after else "",
            next=listed.address(batch.next) if batch.next else "",
            query=listed.text(),
            may_export=may(member, Right.EXPORT_CASES),
            zone=zone.key,
        )  # fmt: skip

    async def export(self, request: Request, member: StaffMember) -> Response:
        """Stream the whole list that an address asks for; it names nobody."""
        form = await read_form(request)
        zone = zone_of(request, self._app.thresholds.hours.zone)
        listed = self._read(dict(parse_qsl(form.get("query"))), zone)
        names = sorted(name for name, value in listed.fields.items() if value)
        log.info("desk.insights.exported", staff_id=member.id, filters=names)
        stamp = f"{self._app.clock():%Y-%m-%d}"
        return StreamingResponse(
            self._stream(listed.query),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="conversations-{stamp}.csv"'},
        )

    async def conversation(self, request: Request, conversation_id: str) -> Response:
        zone = zone_of(request, self._app.thresholds.hours.zone)
        whole = await self._transactions.read(lambda uow: _whole(uow, conversation_id))
        if whole is None:
            return page(
                request,
                "refused.html",
                title=tr("There is no such conversation"),
                status_code=404,
                sentence=tr("No figures are kept of this conversation. Go back to the list."),
            )
        facts, course = whole.facts, whole.course
        return page(
            request,
            "insights_conversation.html",
            title=tr("Conversation"),
            here="",
            kept="",
            case_number=facts.case_number or "",
            lines=said_lines(course.messages, course.understood, zone),
            facts=fact_lines(facts, zone, self._reason),
            predicted=facts.predicted,
            dimensions=score_lines(facts),
            drivers=drivers_of(whole.score),
            review=review_lines(review(course)),
            zone=zone.key,
        )

    def _read(self, parameters: dict[str, str], zone: ZoneInfo) -> Listed:
        return read_listed(parameters, self._app.clock(), zone, self._reason)

    def _reason(self, key: str) -> str:
        return words.reason(key, self._app.thresholds)

    async def _find(self, listed: Listed, after: str, zone: ZoneInfo) -> _Batch:
        def work(uow: UnitOfWork) -> _Batch:
            found = uow.facts.find(listed.query, read_place(after), ROWS + 1)
            rows = tuple(conversation_row(one, zone) for one in found[:ROWS])
            following = place_text(found[ROWS - 1]) if len(found) > ROWS else ""
            return _Batch(rows, uow.facts.count(listed.query), following)

        return await self._transactions.read(work)

    async def _stream(self, query: FactsQuery) -> AsyncIterator[str]:
        yield lists.csv_head()
        after = None
        while True:
            batch = await self._transactions.read(
                lambda uow, after=after: uow.facts.find(query, after, lists.BATCH)  # type: ignore[misc]
            )
            yield lists.to_csv(batch)
            if len(batch) < lists.BATCH:
                return
            after = (batch[-1].started_at, batch[-1].conversation_id)


def _whole(uow: UnitOfWork, conversation_id: str) -> _Whole | None:
    facts = uow.facts.get(conversation_id)
    if facts is None:
        return None
    score = uow.scores.of_conversation(conversation_id)
    return _Whole(facts, course_of(uow, conversation_id), score)
