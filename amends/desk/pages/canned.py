"""The pages on which canned replies are found, written, previewed and switched off."""

from dataclasses import replace
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from amends.conversations.transactions import Transactions
from amends.desk import canned_views, words
from amends.desk.canned_words import refusal
from amends.desk.forms import read_form
from amends.desk.pages.frame import needs, page
from amends.desk.pages.subject import Subject
from amends.desk.speech import mark, tr
from amends.handoff import canned_editing
from amends.handoff.canned import LONGEST_TEXT, LONGEST_TITLE, CannedReply, Wording, search
from amends.handoff.errors import CannedError, ReplyChanged, UnknownReply
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App

log = structlog.get_logger()

Editor = Annotated[StaffMember, needs(Right.EDIT_CANNED)]

NEW = Wording({}, {}, "")

_DONE = {
    "added": mark("Added. Everybody at the desk can use it now."),
    "saved": mark("Saved."),
    "off": mark("Switched off. Nobody is offered this reply any more."),
    "on": mark("Switched on. Everybody at the desk can use it now."),
}


def create_canned_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix="/admin/canned", include_in_schema=False)
    desk = _CannedDesk(app, transactions)
    _add_list(pages, desk)
    _add_new(pages, desk)
    _add_reply(pages, desk)
    return pages


class _CannedDesk(Subject[UnitOfWork]):
    """Reads, changes and shows replies; each change is one transaction and one log line."""

    async def everything(self) -> tuple[list[CannedReply], dict[str, str]]:
        """Return all replies, and the names of all staff by id."""

        def work(uow: UnitOfWork) -> tuple[list[CannedReply], dict[str, str]]:
            return list(uow.canned.all()), {one.id: one.name for one in uow.staff.all()}

        return await self._transactions.read(work)

    async def add(self, by: StaffMember, wording: Wording) -> CannedReply:
        now = self._app.clock()
        reply = await self._transactions.write(
            lambda uow: canned_editing.add(uow, wording, by, now)
        )
        log.info("desk.canned.added", by=by.id, reply_id=reply.id)
        return reply

    async def change(self, by: StaffMember, reply_id: str, wording: Wording, version: int) -> None:
        now = self._app.clock()
        await self._transactions.write(
            lambda uow: canned_editing.change(uow, reply_id, wording, version, by, now)
        )
        log.info("desk.canned.changed", by=by.id, reply_id=reply_id, active=wording.active)

    async def show(
        self, request: Request, reply_id: str, *, done: str = "", error: str = "",
        typed: Wording | None = None, conflict: bool = False,
    ) -> Response:  # fmt: skip
        """Return a reply's page, with what was typed when it is not stored (yet)."""
        replies, names = await self.everything()
        reply = next((one for one in replies if one.id == reply_id), None)
        if reply is None:
            return not_found(request)
        return page(
            request,
            "canned_reply.html",
            title=reply.title_in(request.state.staff.language),
            status_code=400 if error else 200,
            reply=reply,
            changed=canned_views.changed(reply, names, self.zone),
            notice=tr(_DONE[done]) if done in _DONE else "",
            error=error,
            conflict=conflict,
            is_preview=typed is not None and not error,
            **self.fields(typed or reply.wording),
        )

    def new(
        self, request: Request, wording: Wording, error: str = "", *, is_preview: bool = False
    ) -> Response:
        return page(
            request,
            "canned_new.html",
            title=tr("Add a canned reply"),
            status_code=400 if error else 200,
            error=error,
            is_preview=is_preview,
            **self.fields(wording),
        )

    def fields(self, wording: Wording) -> dict[str, Any]:
        """Return what the form offers, and what is written in it."""
        return {
            "wording": wording,
            "reply_languages": words.languages(),
            "categories": canned_views.categories(),
            "placeholders": canned_views.placeholders(),
            "samples": canned_views.samples(wording, self._app.settings.company_name),
            "longest_title": LONGEST_TITLE,
            "longest_text": LONGEST_TEXT,
        }


def not_found(request: Request) -> Response:
    sentence, title = tr("There is no such canned reply."), tr("This page does not exist")
    return page(request, "refused.html", title=title, status_code=404, sentence=sentence)


def _add_list(pages: APIRouter, desk: _CannedDesk) -> None:
    @pages.get("")
    async def show_all(request: Request, by: Editor, q: str = "", off: bool = False) -> Response:
        replies, names = await desk.everything()
        used = search(replies, q, None)
        unused = search([_as_used(one) for one in replies if not one.wording.active], q, None)
        return page(
            request,
            "canned_list.html",
            title=tr("Canned replies"),
            query=q,
            off=off,
            off_count=sum(not one.wording.active for one in replies),
            rows=[canned_views.row(one, names, desk.zone) for one in (unused if off else used)],
        )


def _as_used(reply: CannedReply) -> CannedReply:
    """Replies that are switched off are found by the same search."""
    return replace(reply, wording=replace(reply.wording, active=True))


def _add_new(pages: APIRouter, desk: _CannedDesk) -> None:
    @pages.get("/new")
    async def show_form(request: Request, by: Editor) -> Response:
        return desk.new(request, NEW)

    @pages.post("/new")
    async def add(request: Request, by: Editor) -> Response:
        form = await read_form(request)
        wording = canned_views.wording_of(form, active=True)
        if form.get("act") == "preview":
            return desk.new(request, wording, is_preview=True)
        try:
            reply = await desk.add(by, wording)
        except CannedError as error:
            return desk.new(request, wording, refusal(error))
        return RedirectResponse(f"/admin/canned/{reply.id}?done=added", status_code=303)


def _add_reply(pages: APIRouter, desk: _CannedDesk) -> None:
    @pages.get("/{reply_id}")
    async def show(request: Request, reply_id: str, by: Editor, done: str = "") -> Response:
        return await desk.show(request, reply_id, done=done)

    @pages.post("/{reply_id}")
    async def edit(request: Request, reply_id: str, by: Editor) -> Response:
        form = await read_form(request)
        act = form.get("act")
        wording = canned_views.wording_of(form, active=form.get("active") == "yes")
        if act == "preview":
            return await desk.show(request, reply_id, typed=wording)
        if act in ("on", "off"):
            wording = replace(wording, active=act == "on")
        try:
            await desk.change(by, reply_id, wording, _number(form.get("version")))
        except UnknownReply:
            return not_found(request)
        except ReplyChanged as error:
            return await desk.show(
                request, reply_id, error=refusal(error), typed=wording, conflict=True
            )
        except CannedError as error:
            return await desk.show(request, reply_id, error=refusal(error), typed=wording)
        done = act if act in ("on", "off") else "saved"
        return RedirectResponse(f"/admin/canned/{reply_id}?done={done}", status_code=303)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
