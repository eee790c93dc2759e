"""The model registry: examination, promotion, rollback, shadow run."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from amends.conversations.transactions import Transactions
from amends.desk.forms import read_form
from amends.desk.model_desk import PATH, ModelsDesk, not_found
from amends.desk.model_words import refusal
from amends.desk.pages.frame import needs
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right
from amends.training.promotion.errors import PromotionError, UnknownModel
from amends.training.promotion.ports import UnitOfWork
from amends.wiring.app import App

Trainer = Annotated[StaffMember, needs(Right.TRAIN)]
Promoter = Annotated[StaffMember, needs(Right.PROMOTE_MODELS)]


def create_models_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix=PATH, include_in_schema=False)
    desk = ModelsDesk(app, transactions)
    _add_overview(pages, desk)
    _add_work(pages, desk)
    _add_changes(pages, desk)
    _add_model(pages, desk)
    return pages


def _add_overview(pages: APIRouter, desk: ModelsDesk) -> None:
    @pages.get("")
    async def show(request: Request, by: Trainer, done: str = "") -> Response:
        return await desk.overview(request, by, done)


def _add_work(pages: APIRouter, desk: ModelsDesk) -> None:
    @pages.post("/work")
    async def begin(request: Request, by: Trainer) -> Response:
        form = await read_form(request)
        try:
            await desk.ask_for_work(by, form.get("model") or None, form.get("cross") == "yes")
        except PromotionError as error:
            return await desk.overview(request, by, error=refusal(error))
        return _back("asked")

    @pages.post("/work/cancel")
    async def cancel(request: Request, by: Trainer) -> Response:
        await desk.cancel(by, (await read_form(request)).get("work"))
        return _back("cancelled")


def _add_changes(pages: APIRouter, desk: ModelsDesk) -> None:
    @pages.post("/rollback")
    async def roll_back(request: Request, by: Promoter) -> Response:
        try:
            await desk.roll_back(by, _number((await read_form(request)).get("read")))
        except PromotionError as error:
            return await desk.overview(request, by, error=refusal(error))
        return _back("rolled_back")

    @pages.post("/shadow/stop")
    async def stop_shadow(request: Request, by: Trainer) -> Response:
        try:
            await desk.stop_shadow(by)
        except PromotionError as error:
            return await desk.overview(request, by, error=refusal(error))
        return _back("stopped")


def _add_model(pages: APIRouter, desk: ModelsDesk) -> None:
    @pages.get("/{name}")
    async def show(request: Request, name: str, by: Trainer) -> Response:
        return await desk.model(request, by, name)

    @pages.get("/{name}/record.json")
    async def download(request: Request, name: str, by: Trainer) -> Response:
        try:
            found = await desk.record(name)
        except UnknownModel:
            return not_found(request)
        kept = {"Content-Disposition": f'attachment; filename="{find_name(name)}.record.json"'}
        return JSONResponse(found, headers=kept)

    @pages.post("/{name}/promote")
    async def promote(request: Request, name: str, by: Promoter) -> Response:
        form = await read_form(request)
        reason = form.get("reason")
        try:
            await desk.promote(by, name, reason, _number(form.get("read")))
        except PromotionError as error:
            return await desk.model(request, by, name, refusal(error), reason)
        return _back("promoted")

    @pages.post("/{name}/shadow")
    async def shadow(request: Request, name: str, by: Trainer) -> Response:
        try:
            await desk.start_shadow(by, name)
        except PromotionError as error:
            return await desk.model(request, by, name, refusal(error))
        return _back("shadowed")


def find_name(name: str) -> str:
    """Return a model's name as it may stand in a header: nothing but letters, digits, - _ ."""
    return "".join(one for one in name if one.isascii() and (one.isalnum() or one in "-_."))


def _back(done: str) -> Response:
    return RedirectResponse(f"{PATH}?done={done}", status_code=303)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 9 else None
