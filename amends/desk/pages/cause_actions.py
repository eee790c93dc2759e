"""Actions on causes: what is done, by whom, until when, and whether it helped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from amends.conversations.transactions import Transactions
from amends.desk import cause_action_views as views
from amends.desk.cause_action_words import STATES, refusal
from amends.desk.effect_views import shown
from amends.desk.forms import Form, read_form
from amends.desk.pages.frame import needs, page
from amends.desk.pages.subject import Subject
from amends.desk.speech import mark, tr
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right, may
from amends.insights import action_editing as editing
from amends.insights.action_effect import Effect, effect_of
from amends.insights.action_errors import ActionChanged, ActionError, UnknownAction
from amends.insights.actions import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    ActionEntry,
    ActionState,
    CauseAction,
    Plan,
    in_order,
)
from amends.insights.ports import UnitOfWork
from amends.wiring.app import App

log = structlog.get_logger()

PATH = "/insights/actions"
Reader = Annotated[StaffMember, needs(Right.SEE_INSIGHTS)]
Editor = Annotated[StaffMember, needs(Right.EDIT_ACTIONS)]
_DONE = {
    "added": mark("Added. It is on everybody's list now."),
    "saved": mark("Saved."),
    "noted": mark("The note is added."),
}


@dataclass(frozen=True, slots=True)
class _Found:
    action: CauseAction
    entries: list[ActionEntry]
    effect: Effect | None
    staff: list[StaffMember]

    @property
    def names(self) -> dict[str, str]:
        return {one.id: one.name for one in self.staff}


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the page is shown beside what is stored."""

    done: str = ""
    error: str = ""
    typed: Plan | None = None  # what could not be stored
    note: str = ""
    conflict: bool = False


def create_cause_action_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix=PATH, include_in_schema=False)
    desk = _ActionsDesk(app, transactions)
    _add_list(pages, desk)
    _add_new(pages, desk)
    _add_action(pages, desk)
    return pages


class _ActionsDesk(Subject[UnitOfWork]):
    """Reads, changes and shows actions; each change is one transaction and one log line."""

    @property
    def today(self) -> date:
        return self._app.clock().astimezone(self.zone).date()

    async def everything(self) -> tuple[list[CauseAction], list[StaffMember]]:
        def work(uow: UnitOfWork) -> tuple[list[CauseAction], list[StaffMember]]:
            return list(uow.cause_actions.all()), list(uow.staff.all())

        return await self._transactions.read(work)

    async def find(self, action_id: str) -> _Found:
        today = self.today

        def work(uow: UnitOfWork) -> _Found:
            action = editing.action_of(uow, action_id)
            entries = list(uow.cause_actions.entries(action_id))
            return _Found(action, entries, effect_of(uow, action, today), list(uow.staff.all()))

        return await self._transactions.read(work)

    async def write[T](self, by: StaffMember, what: str, work: Callable[[UnitOfWork], T]) -> T:
        try:
            result = await self._transactions.write(work)
        except ActionError as error:
            log.info(f"desk.action.{what}.refused", by=by.id, reason=type(error).__name__)
            raise
        log.info(f"desk.action.{what}", by=by.id)
        return result

    async def add(self, by: StaffMember, plan: Plan) -> CauseAction:
        now = self._app.clock()
        return await self.write(by, "added", lambda uow: editing.add(uow, plan, by, now))

    async def change(self, by: StaffMember, action_id: str, plan: Plan, version: int) -> None:
        now = self._app.clock()
        await self.write(
            by, "changed", lambda uow: editing.change(uow, action_id, plan, version, by, now)
        )

    async def move(self, by: StaffMember, action_id: str, form: Form) -> None:
        now, today, state = self._app.clock(), self.today, ActionState(form.get("state"))
        on, version = views.day_of(form.get("on")) or today, _number(form.get("version"))
        await self.write(
            by,
            "moved",
            lambda uow: editing.move(uow, action_id, state, on, version, by, now, today),
        )

    async def note(self, by: StaffMember, action_id: str, text: str) -> None:
        now = self._app.clock()
        await self.write(by, "noted", lambda uow: editing.note(uow, action_id, text, by, now))

    async def show(
        self, request: Request, by: StaffMember, action_id: str, beside: _Shown
    ) -> Response:
        try:
            found = await self.find(action_id)
        except UnknownAction:
            return _not_found(request)
        action = found.action
        return page(
            request,
            "action_page.html",
            title=action.plan.title,
            status_code=400 if beside.error else 200,
            notice=tr(_DONE[beside.done]) if beside.done in _DONE else "",
            error=beside.error,
            conflict=beside.conflict,
            note=beside.note,
            may_edit=may(by, Right.EDIT_ACTIONS),
            row=views.row(action, found.names, self.today),
            stored_version=action.version,
            facts=views.facts(action, found.names),
            dates=views.dates(action),
            moves=views.moves(action),
            history=views.history(found.entries, found.names, self.zone),
            effect=shown(found.effect) if found.effect else None,
            cases=views.cases_address(action.plan),
            **self.fields(beside.typed or action.plan, found.staff),
        )

    async def new(self, request: Request, plan: Plan, error: str = "") -> Response:
        _, staff = await self.everything()
        return page(
            request,
            "action_new.html",
            title=tr("Plan an action"),
            status_code=400 if error else 200,
            error=error,
            **self.fields(plan, staff),
        )

    def fields(self, plan: Plan, staff: list[StaffMember]) -> dict[str, Any]:
        """Return what the form offers, and what is written in it."""
        return {
            "plan": plan,
            "today": self.today.isoformat(),
            "causes": views.causes(),
            "categories": views.categories(),
            "measures": views.measures(),
            "owners": views.owners(staff, plan.owner),
            "longest_title": LONGEST_TITLE,
            "longest_text": LONGEST_TEXT,
        }


def _not_found(request: Request) -> Response:
    sentence, title = tr("There is no such action."), tr("This page does not exist")
    return page(request, "refused.html", title=title, status_code=404, sentence=sentence)


def _add_list(pages: APIRouter, desk: _ActionsDesk) -> None:
    @pages.get("")
    async def show_all(request: Request, by: Reader, mine: bool = False) -> Response:
        actions, staff = await desk.everything()
        names, today = {one.id: one.name for one in staff}, desk.today
        chosen = [one for one in in_order(actions, today) if not mine or one.plan.owner == by.id]
        return page(
            request,
            "action_list.html",
            title=tr("Actions on causes"),
            mine=mine,
            may_edit=may(by, Right.EDIT_ACTIONS),
            still_open=[views.row(one, names, today) for one in chosen if one.is_open],
            closed=[views.row(one, names, today) for one in chosen if not one.is_open],
        )


def _add_new(pages: APIRouter, desk: _ActionsDesk) -> None:
    @pages.get("/new")
    async def show_form(request: Request, by: Editor) -> Response:
        given = Form({name: [value] for name, value in request.query_params.items()})
        plan = views.plan_of(given)
        return await desk.new(request, plan if plan.owner else views.owned_by(plan, by.id))

    @pages.post("/new")
    async def add(request: Request, by: Editor) -> Response:
        plan = views.plan_of(await read_form(request))
        try:
            action = await desk.add(by, plan)
        except ActionError as error:
            return await desk.new(request, plan, refusal(error))
        return RedirectResponse(f"{PATH}/{action.id}?done=added", status_code=303)


def _add_action(pages: APIRouter, desk: _ActionsDesk) -> None:
    @pages.get("/{action_id}")
    async def show(request: Request, action_id: str, by: Reader, done: str = "") -> Response:
        return await desk.show(request, by, action_id, _Shown(done=done))

    @pages.post("/{action_id}")
    async def edit(request: Request, action_id: str, by: Editor) -> Response:
        form = await read_form(request)
        plan = views.plan_of(form)
        try:
            await desk.change(by, action_id, plan, _number(form.get("version")))
        except ActionError as error:
            conflict = isinstance(error, ActionChanged)
            beside = _Shown(error=refusal(error), typed=plan, conflict=conflict)
            return await desk.show(request, by, action_id, beside)
        return RedirectResponse(f"{PATH}/{action_id}?done=saved", status_code=303)

    @pages.post("/{action_id}/move")
    async def move(request: Request, action_id: str, by: Editor) -> Response:
        form = await read_form(request)
        if form.get("state") not in STATES:
            return await desk.show(request, by, action_id, _Shown())
        try:
            await desk.move(by, action_id, form)
        except ActionError as error:
            return await desk.show(request, by, action_id, _Shown(error=refusal(error)))
        return RedirectResponse(f"{PATH}/{action_id}?done=saved", status_code=303)

    @pages.post("/{action_id}/note")
    async def add_note(request: Request, action_id: str, by: Editor) -> Response:
        text = (await read_form(request)).get("note")
        try:
            await desk.note(by, action_id, text)
        except ActionError as error:
            beside = _Shown(error=refusal(error), note=text)
            return await desk.show(request, by, action_id, beside)
        return RedirectResponse(f"{PATH}/{action_id}?done=noted", status_code=303)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
