"""What was changed in the training data, by whom, and the patch of each change."""

import asyncio
from datetime import datetime
from typing import Annotated, Protocol

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from amends.conversations.transactions import Transactions
from amends.desk import change_views as views
from amends.desk.change_words import about, refusal
from amends.desk.forms import read_form
from amends.desk.pages.frame import needs, page
from amends.desk.pages.subject import Subject
from amends.desk.speech import mark, tr
from amends.desk.training_tabs import tabs_at
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right
from amends.satisfaction.ports import UnitOfWork as DeskUnitOfWork
from amends.training import changes_ports
from amends.training.changes import Change, ChangeState, NotWritable, TrainingFilesError
from amends.training.changes_patch import as_mail
from amends.training.changes_ports import Place
from amends.wiring.app import App
from amends.wiring.training_files import Author, TrainingFiles, training_files

log = structlog.get_logger()

Trainer = Annotated[StaffMember, needs(Right.TRAIN)]

PATH = "/training/changes"
ON_A_PAGE = 30
LONGEST_WHY = 200

_DONE = {
    "reverted": mark("Taken back. This is the change that did it."),
    "made": mark("Done. This is the change."),
}


class UnitOfWork(DeskUnitOfWork, changes_ports.UnitOfWork, Protocol):
    """One transaction in which changes of the training data can be read, too."""


def create_training_changes_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix=PATH, include_in_schema=False)
    desk = _ChangesDesk(app, transactions)
    _add_list(pages, desk)
    _add_change(pages, desk)
    return pages


class _ChangesDesk(Subject[UnitOfWork]):
    """Reads changes, and takes them back."""

    def __init__(self, app: App, transactions: Transactions[UnitOfWork]) -> None:
        super().__init__(app, transactions)
        self._files: TrainingFiles = training_files(app)

    async def latest(self, before: Place | None) -> list[views.Line]:
        await asyncio.to_thread(self._files.finish)

        def work(uow: UnitOfWork) -> tuple[list[Change], dict[str, str]]:
            found = list(uow.training_changes.latest(ON_A_PAGE + 1, before))
            return found, uow.training_changes.reverted([one.id for one in found])

        found, reverted = await self._transactions.read(work)
        return [views.line(one, reverted.get(one.id, ""), self.zone) for one in found]

    async def places(self, lines: list[views.Line]) -> str:
        """Return the address of the page behind these lines."""
        last = lines[ON_A_PAGE - 1].id
        change = await self.change(last)
        return f"{PATH}?before={change.at.isoformat()}&id={last}" if change else ""

    async def change(self, change_id: str) -> Change | None:
        return await self._transactions.read(lambda uow: uow.training_changes.get(change_id))

    async def revert(self, by: StaffMember, change_id: str, why: str) -> Change:
        done = await asyncio.to_thread(self._files.revert, change_id, Author(by.name), why)
        log.info("desk.training.reverted", by=by.id, change=change_id, with_change=done.id)
        return done

    async def show(
        self, request: Request, change_id: str, *, done: str = "", error: str = "", why: str = ""
    ) -> Response:
        change = await self.change(change_id)
        if change is None:
            return _not_found(request)
        reverted = await self._transactions.read(
            lambda uow: uow.training_changes.reverted_by(change_id)
        )
        lines, left = views.patch_lines(change.patch)
        return page(
            request,
            "training_change.html",
            title=change.why,
            status_code=400 if error else 200,
            tabs=tabs_at(PATH),
            change=change,
            shown=views.line(change, reverted or "", self.zone),
            about=about(change),
            lines=lines,
            left=left,
            notice=tr(_DONE[done]) if done in _DONE else "",
            error=error,
            why=why or tr("Take back: {why}", why=change.why)[:LONGEST_WHY],
            longest_why=LONGEST_WHY,
            may_revert=change.state is not ChangeState.KEPT and not reverted,
        )


def _add_list(pages: APIRouter, desk: _ChangesDesk) -> None:
    @pages.get("")
    async def show_all(request: Request, by: Trainer, before: str = "", id: str = "") -> Response:
        place = _place(before, id)
        lines = await desk.latest(place)
        more = await desk.places(lines) if len(lines) > ON_A_PAGE else ""
        return page(
            request,
            "training_changes.html",
            title=tr("Changes of the training data"),
            tabs=tabs_at(PATH),
            changes=lines[:ON_A_PAGE],
            first=PATH if place else "",
            next=more,
            further=tr("Further changes"),
        )


def _add_change(pages: APIRouter, desk: _ChangesDesk) -> None:
    @pages.get("/{change_id}")
    async def show(request: Request, change_id: str, by: Trainer, done: str = "") -> Response:
        return await desk.show(request, change_id, done=done)

    @pages.get("/{change_id}/patch")
    async def patch(request: Request, change_id: str, by: Trainer) -> Response:
        change = await desk.change(change_id)
        if change is None:
            return _not_found(request)
        name = f"amends-{change.at:%Y-%m-%d}-{change.id[:8]}.patch"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(as_mail(change), media_type="text/x-patch", headers=headers)

    @pages.post("/{change_id}/revert")
    async def revert(request: Request, change_id: str, by: Trainer) -> Response:
        why = (await read_form(request)).get("why")[:LONGEST_WHY]
        try:
            done = await desk.revert(by, change_id, why)
        except NotWritable as refused:
            return RedirectResponse(f"{PATH}/{refused.change.id}", status_code=303)
        except TrainingFilesError as error:
            return await desk.show(request, change_id, error=refusal(error), why=why)
        return RedirectResponse(f"{PATH}/{done.id}?done=reverted", status_code=303)


def _place(before: str, change_id: str) -> Place | None:
    try:
        at = datetime.fromisoformat(before.replace(" ", "+"))
    except ValueError:
        return None
    return (at, change_id) if at.tzinfo else None


def _not_found(request: Request) -> Response:
    sentence, title = tr("There is no such change."), tr("This page does not exist")
    return page(request, "refused.html", title=title, status_code=404, sentence=sentence)
