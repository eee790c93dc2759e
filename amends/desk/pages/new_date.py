"""The page on which a promise is given a new date, opened from a chat or from its case."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from amends.cases.errors import UnknownCase
from amends.conversations.transactions import Transactions
from amends.desk import promise_views
from amends.desk.case_query import normal_case_number
from amends.desk.case_words import moment_words
from amends.desk.forms import Form, read_form
from amends.desk.pages.frame import needs, page
from amends.desk.speech import tr
from amends.desk.zones import MINUTES, read_moment, zone_named, zone_of
from amends.handoff import new_dates
from amends.handoff.errors import DateRefused, HandoffError, WhyNoDate
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right
from amends.records.record import Record, record_of
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App

log = structlog.get_logger()

Editor = Annotated[StaffMember, needs(Right.EDIT_CASES)]
PATH = "/cases/{number}/promises/{promise_id}"


def create_new_date_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(include_in_schema=False)
    desk = _NewDates(app, transactions)

    @pages.get(PATH)
    async def show(
        request: Request, member: Editor, number: str, promise_id: str, chat: str = ""
    ) -> Response:
        return await desk.show(request, member, number, promise_id, _Typed(chat=chat))

    @pages.post(PATH)
    async def give(request: Request, member: Editor, number: str, promise_id: str) -> Response:
        form = await read_form(request)
        return await desk.give(request, member, number, promise_id, form)

    return pages


@dataclass(frozen=True, slots=True)
class _Typed:
    """What the form holds; `due` is empty until something was typed."""

    due: str = ""
    reason: str = ""
    chat: str = ""  # where the person came from, and goes back to
    error: str = ""


class _NewDates:
    def __init__(self, app: App, transactions: Transactions[UnitOfWork]) -> None:
        self._app = app
        self._transactions = transactions

    async def show(
        self, request: Request, member: StaffMember, number: str, promise_id: str, typed: _Typed
    ) -> Response:
        record = await self._record(number)
        promise = next((p for p in record.promises if p.id == promise_id), None) if record else None
        if record is None or promise is None:
            return _refused(request, number, DateRefused(WhyNoDate.UNKNOWN), 404)
        remedy = record.remedies.get(promise.remedy_id or "")
        why = new_dates.why_not(promise, record.promises, remedy, record.case, member)
        if why is not None:
            return _refused(request, number, DateRefused(why), 409)
        hours, now = self._app.thresholds.hours, self._app.clock()
        zone = zone_of(request, hours.zone)

        def written(moment: datetime) -> str:
            return moment.astimezone(zone).strftime(MINUTES)

        return page(
            request,
            "new_date.html",
            title=tr("Give a new date"),
            status_code=400 if typed.error else 200,
            case=record.case,
            what=promise_views.what_of(promise, remedy),
            was_due=moment_words(promise.due_at, zone),
            is_late=promise.due_at <= now,
            typed=typed,
            due=typed.due or written(new_dates.suggested(promise, hours, now)),
            earliest=written(max(now, promise.due_at)),
            latest=written(new_dates.latest(promise, now)),
            came_from=_back(number, typed.chat),
            zone=zone.key,
        )

    async def give(
        self, request: Request, member: StaffMember, number: str, promise_id: str, form: Form
    ) -> Response:
        hours, now = self._app.thresholds.hours, self._app.clock()
        typed = _Typed(form.get("due"), form.get("reason"), form.get("chat"))
        due_at = read_moment(typed.due, zone_named(form.get("zone"), hours.zone))
        if due_at is None:
            error = tr("Write the new date as a day and a time.")
            return await self.show(request, member, number, promise_id, replace(typed, error=error))

        def work(uow: UnitOfWork) -> None:
            case = uow.cases.by_number(normal_case_number(number))
            if case is None:
                raise DateRefused(WhyNoDate.UNKNOWN)
            new_dates.give(uow, hours, promise_id, case.id, due_at, typed.reason, member, now)

        try:
            await self._transactions.write(work)
        except HandoffError as refused:
            log.info("desk.new_date.refused", staff_id=member.id, reason=str(refused))
            error = promise_views.refusal(refused)
            return await self.show(request, member, number, promise_id, replace(typed, error=error))
        log.info("desk.new_date.given", staff_id=member.id, case_number=number)
        return RedirectResponse(_back(number, typed.chat, told=True), status_code=303)

    async def _record(self, number: str) -> Record | None:
        try:
            return await self._transactions.read(
                lambda uow: record_of(uow, normal_case_number(number))
            )
        except UnknownCase:
            return None


def _back(number: str, chat: str, *, told: bool = False) -> str:
    """Return where the person came from: a chat of the desk, or the case."""
    if chat.isalnum():
        return f"/?chat={chat}"
    return f"/cases/{normal_case_number(number)}" + ("?saved=1" if told else "")


def _refused(request: Request, number: str, error: DateRefused, status: int) -> Response:
    return page(
        request,
        "refused.html",
        title=tr("No new date"),
        status_code=status,
        sentence=promise_views.refusal(error),
    )
