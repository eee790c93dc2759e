"""The desk as an ASGI application: routes, who may enter, and the poller's life."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request
from nicegui import Client, ui
from nicegui import app as pages
from starlette.staticfiles import StaticFiles

from amends.conversations.transactions import Transactions
from amends.desk.actions import Actions
from amends.desk.assets import STATIC, head
from amends.desk.live import Live
from amends.desk.middleware import StaffOnly
from amends.desk.pages.console import Console
from amends.desk.pages.doors import create_doors
from amends.desk.read_marks import ReadMarks
from amends.desk.session import Sessions, hash_session
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App

RECONNECT_SECONDS = 30.0
"""A page that lost its connection for less finds itself as it was."""


def create_app(app: App) -> FastAPI:
    """Return the desk; NiceGUI's own application is one per process, so this is too."""
    transactions: Transactions[UnitOfWork] = Transactions(app.db)
    sessions = Sessions(transactions, app.clock)
    live = Live(transactions, app.clock)
    marks = ReadMarks()

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        polling = asyncio.create_task(live.run())
        yield
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        transactions.close()

    desk = FastAPI(title="Desk", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    desk.add_middleware(StaffOnly, sessions=sessions)
    desk.mount("/desk-static", StaticFiles(directory=STATIC))
    desk.include_router(create_doors(sessions, app.settings.company_name))

    @desk.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @ui.page("/", title="Desk", favicon=STATIC / "icon.svg", reconnect_timeout=RECONNECT_SECONDS)
    async def desk_page(request: Request, client: Client, chat: str = "") -> None:
        await _open_page(app, transactions, live, marks, request, client, chat)

    # Quasar's own bar for every request in the background has no name a screen reader could say.
    pages.config.quasar_config["loadingBar"]["skipHijack"] = True
    ui.run_with(desk, title="Desk", tailwind=False, show_welcome_message=False)
    return desk


async def _open_page(
    app: App,
    transactions: Transactions[UnitOfWork],
    live: Live,
    marks: ReadMarks,
    request: Request,
    client: Client,
    chat: str,
) -> None:
    member, token_hash = request.state.staff, hash_session(request.state.token)
    ui.add_head_html(head())
    ui.add_body_html('<form class="sign-out" method="post" action="/sign-out" hidden></form>')
    actions = Actions(app, transactions, member, token_hash)
    console = Console(app, live, marks, actions, member, token_hash, client)
    client.on_connect(lambda: _joined(live, console))
    client.on_disconnect(lambda: live.leave(console))
    await client.connected()
    with client:
        ui.run_javascript("desk.ready()")
    console.on_board(live.board)
    if chat:
        await console.open(chat)


async def _joined(live: Live, console: Console) -> None:
    """Show what was missed while the page was away."""
    live.join(console)
    console.on_board(live.board)
    await console.refresh()
