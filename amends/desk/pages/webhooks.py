"""The pages on which other systems are told of events: endpoints, deliveries, secrets."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from amends.conversations.transactions import Transactions
from amends.desk import webhook_views
from amends.desk.forms import read_form
from amends.desk.pages.frame import needs, page
from amends.desk.pages.subject import Subject
from amends.desk.speech import tr
from amends.desk.webhook_words import DONE, refusal
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right
from amends.satisfaction.ports import UnitOfWork as DeskUnitOfWork
from amends.values import new_id
from amends.webhooks import ports
from amends.webhooks import use_cases as webhooks
from amends.webhooks.errors import UnknownEndpoint, WebhookError
from amends.webhooks.model import TEST_EVENT, Answer, Dispatch, Endpoint, Event, Standing
from amends.wiring.app import App
from amends.wiring.webhooks import courier

log = structlog.get_logger()

Keeper = Annotated[StaffMember, needs(Right.EDIT_WEBHOOKS)]

LONGEST_DESCRIPTION = 200


class UnitOfWork(DeskUnitOfWork, ports.UnitOfWork, Protocol):
    """One transaction in which endpoints can be reached, too."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was written into the form for a new endpoint."""

    url: str = ""
    description: str = ""
    events: tuple[str, ...] = ()


def create_webhook_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix="/admin/webhooks", include_in_schema=False)
    desk = _WebhookDesk(app, transactions)
    _add_list(pages, desk)
    _add_endpoint(pages, desk)
    _add_steps(pages, desk)
    return pages


class _WebhookDesk(Subject[UnitOfWork]):
    """Reads, changes and shows endpoints; each change is one transaction and one log line."""

    async def endpoints(self) -> list[webhook_views.Row]:
        def work(uow: UnitOfWork) -> list[tuple[Endpoint, Standing]]:
            standings = uow.webhooks.standings()
            return [(one, standings.get(one.id, Standing())) for one in uow.webhooks.all()]

        found = await self._transactions.read(work)
        return [webhook_views.row(*one, self.zone) for one in found]

    async def add(self, by: StaffMember, typed: _Typed) -> Endpoint:
        # Looking up the address may take a moment, so it is done outside of a transaction.
        url = await asyncio.to_thread(courier(self._app).check, typed.url)
        now, description = self._app.clock(), typed.description.strip()[:LONGEST_DESCRIPTION]

        def work(uow: UnitOfWork) -> Endpoint:
            return webhooks.add_endpoint(uow, url, typed.events, description, now)

        endpoint = await self._transactions.write(work)
        log.info("desk.webhook.added", by=by.id, endpoint_id=endpoint.id)
        return endpoint

    async def rotate(self, by: StaffMember, endpoint_id: str) -> Endpoint:
        endpoint = await self._transactions.write(
            lambda uow: webhooks.rotate_secret(uow, endpoint_id)
        )
        log.info("desk.webhook.rotated", by=by.id, endpoint_id=endpoint_id)
        return endpoint

    async def test(self, by: StaffMember, endpoint_id: str) -> Answer:
        """Send an event of no meaning now, and return what the endpoint answered."""
        endpoint = await self._transactions.read(lambda uow: webhooks.endpoint_of(uow, endpoint_id))
        data = {"endpoint_id": endpoint_id}
        event = Event(f"evt_test_{new_id()}", TEST_EVENT, self._app.clock(), data)
        answer = await asyncio.to_thread(courier(self._app).send, endpoint, event)
        log.info("desk.webhook.tested", by=by.id, endpoint_id=endpoint_id, status=answer.status)
        return answer

    async def step(
        self, name: str, by: StaffMember, endpoint_id: str, event_id: str | None = None
    ) -> None:
        now = self._app.clock()
        steps: dict[str, Callable[[UnitOfWork], object]] = {
            "enable": lambda uow: webhooks.enable_endpoint(uow, endpoint_id),
            "disable": lambda uow: webhooks.disable_endpoint(uow, endpoint_id),
            "replay": lambda uow: webhooks.replay(uow, now, endpoint_id, event_id),
            "remove": lambda uow: webhooks.remove_endpoint(uow, endpoint_id),
        }
        await self._transactions.write(steps[name])
        log.info("desk.webhook.changed", step=name, by=by.id, endpoint_id=endpoint_id)

    async def show(
        self, request: Request, endpoint_id: str, *, done: str = "", error: str = "",
        tested: Answer | None = None,
    ) -> Response:  # fmt: skip
        """Return an endpoint's page."""

        def work(uow: UnitOfWork) -> tuple[Endpoint, Standing, Sequence[Dispatch]]:
            endpoint = webhooks.endpoint_of(uow, endpoint_id)
            standing = uow.webhooks.standings().get(endpoint_id, Standing())
            return endpoint, standing, uow.webhooks.latest(endpoint_id)

        try:
            endpoint, standing, latest = await self._transactions.read(work)
        except UnknownEndpoint as unknown:
            return _not_found(request, refusal(unknown))
        return page(
            request,
            "webhook.html",
            title=endpoint.description or tr("Endpoint"),
            status_code=400 if error else 200,
            endpoint=webhook_views.row(endpoint, standing, self.zone),
            deliveries=[webhook_views.line(one, self.zone) for one in latest],
            notice=tr(DONE[done]) if done in DONE else "",
            error=error,
            tested=tested,
        )


def _not_found(request: Request, sentence: str) -> Response:
    title = tr("This page does not exist")
    return page(request, "refused.html", title=title, status_code=404, sentence=sentence)


def _add_list(pages: APIRouter, desk: _WebhookDesk) -> None:
    @pages.get("")
    async def show_all(request: Request, by: Keeper, done: str = "") -> Response:
        return page(
            request,
            "webhook_list.html",
            title=tr("Webhooks"),
            endpoints=await desk.endpoints(),
            notice=tr(DONE[done]) if done in DONE else "",
        )

    @pages.get("/new")
    async def show_form(request: Request, by: Keeper) -> Response:
        return _new_page(request, _Typed())

    @pages.post("/new")
    async def add(request: Request, by: Keeper) -> Response:
        form = await read_form(request)
        typed = _Typed(form.get("url"), form.get("description"), form.all("events"))
        try:
            endpoint = await desk.add(by, typed)
        except WebhookError as error:
            return _new_page(request, typed, refusal(error))
        return _secret_page(request, endpoint)


def _add_endpoint(pages: APIRouter, desk: _WebhookDesk) -> None:
    @pages.get("/{endpoint_id}")
    async def show(request: Request, endpoint_id: str, by: Keeper, done: str = "") -> Response:
        return await desk.show(request, endpoint_id, done=done)

    @pages.post("/{endpoint_id}/test")
    async def test(request: Request, endpoint_id: str, by: Keeper) -> Response:
        try:
            answer = await desk.test(by, endpoint_id)
        except WebhookError as error:
            return _not_found(request, refusal(error))
        return await desk.show(request, endpoint_id, tested=answer)

    @pages.post("/{endpoint_id}/rotate")
    async def rotate(request: Request, endpoint_id: str, by: Keeper) -> Response:
        try:
            endpoint = await desk.rotate(by, endpoint_id)
        except WebhookError as error:
            return _not_found(request, refusal(error))
        return _secret_page(request, endpoint)


def _add_steps(pages: APIRouter, desk: _WebhookDesk) -> None:
    async def take(request: Request, endpoint_id: str, by: StaffMember, name: str) -> Response:
        event_id = (await read_form(request)).get("event") or None
        try:
            await desk.step(name, by, endpoint_id, event_id)
        except WebhookError as error:
            return await desk.show(request, endpoint_id, error=refusal(error))
        place = "" if name == "remove" else f"/{endpoint_id}"
        return RedirectResponse(f"/admin/webhooks{place}?done={name}", status_code=303)

    @pages.post("/{endpoint_id}/enable")
    async def enable(request: Request, endpoint_id: str, by: Keeper) -> Response:
        return await take(request, endpoint_id, by, "enable")

    @pages.post("/{endpoint_id}/disable")
    async def disable(request: Request, endpoint_id: str, by: Keeper) -> Response:
        return await take(request, endpoint_id, by, "disable")

    @pages.post("/{endpoint_id}/replay")
    async def replay(request: Request, endpoint_id: str, by: Keeper) -> Response:
        return await take(request, endpoint_id, by, "replay")

    @pages.post("/{endpoint_id}/remove")
    async def remove(request: Request, endpoint_id: str, by: Keeper) -> Response:
        return await take(request, endpoint_id, by, "remove")


def _new_page(request: Request, typed: _Typed, error: str = "") -> Response:
    return page(
        request,
        "webhook_new.html",
        title=tr("Add an endpoint"),
        status_code=400 if error else 200,
        typed=typed,
        error=error,
        choices=webhook_views.event_choices(),
    )


def _secret_page(request: Request, endpoint: Endpoint) -> Response:
    title = tr("The endpoint's secret")
    return page(request, "webhook_secret.html", title=title, endpoint=endpoint)
