"""The desk as an ASGI application: routes, who may enter, and the poller's life."""

import asyncio
import copy
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
from fastapi import APIRouter, FastAPI, Request
from nicegui import Client, ui
from nicegui import app as pages
from nicegui.language import Language
from starlette.staticfiles import StaticFiles

from amends.conversations.transactions import Transactions
from amends.desk.actions import Actions
from amends.desk.assets import STATIC, head
from amends.desk.chat_moves import ChatMoves
from amends.desk.help_actions import HelpActions
from amends.desk.live import Live
from amends.desk.middleware import OPEN_FOLDERS, StaffOnly
from amends.desk.operation import create_operation_routes
from amends.desk.page_headers import SAFE, page_policy
from amends.desk.pages.canned import create_canned_pages
from amends.desk.pages.case import create_case_pages
from amends.desk.pages.cases import create_cases_pages
from amends.desk.pages.cause_actions import create_cause_action_pages
from amends.desk.pages.console import Console
from amends.desk.pages.dialogues import create_dialogues_pages
from amends.desk.pages.doors import create_doors
from amends.desk.pages.examples import create_examples_pages
from amends.desk.pages.frame import refuse_page
from amends.desk.pages.insight_list import create_insight_list_pages
from amends.desk.pages.insight_report import create_report_pages
from amends.desk.pages.insights import create_insights_pages
from amends.desk.pages.lost import broken_page, missing_page
from amends.desk.pages.models import create_models_pages
from amends.desk.pages.new_category import create_new_category_pages
from amends.desk.pages.new_date import create_new_date_pages
from amends.desk.pages.playground import create_playground_pages
from amends.desk.pages.review import create_review_pages
from amends.desk.pages.rules import create_rules_pages
from amends.desk.pages.second_factor import create_second_factor_pages
from amends.desk.pages.staff import create_staff_pages
from amends.desk.pages.training_changes import UnitOfWork as ChangesUnitOfWork
from amends.desk.pages.training_changes import create_training_changes_pages
from amends.desk.pages.webhooks import UnitOfWork as WebhooksUnitOfWork
from amends.desk.pages.webhooks import create_webhook_pages
from amends.desk.read_marks import ReadMarks
from amends.desk.review_reading import UnitOfWork as TrainingUnitOfWork
from amends.desk.session import Sessions, hash_session
from amends.handoff import canned_editing
from amends.handoff.errors import NotAllowed
from amends.handoff.load_canned import load_canned
from amends.insights.ports import UnitOfWork as InsightsUnitOfWork
from amends.satisfaction.ports import UnitOfWork
from amends.training.promotion.ports import UnitOfWork as ModelsUnitOfWork
from amends.wiring.app import App
from amends.wiring.metrics import ProcessMetrics
from amends.wiring.request_log import RequestLog
from amends.wiring.rules import StoredRules, keep_current, look
from amends.wiring.training_files import training_files

log = structlog.get_logger()

RECONNECT_SECONDS = 30.0
"""A page that lost its connection for less finds itself as it was. NiceGUI also derives from it how
long a page may be silent before its connection is closed (two fifths): a browser that is busy for
seconds must not lose what is pressed meanwhile."""

_HTML_LANGUAGE: dict[str, Language] = {"en": "en-US", "zh": "zh-CN"}


_Life = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class _Threads:
    """Threads to the database, a few for each kind of page, so that one slow page holds up few."""

    def __init__(self, app: App) -> None:
        self.desk: Transactions[UnitOfWork] = Transactions(app.db)
        self.hooks: Transactions[WebhooksUnitOfWork] = Transactions(app.db, threads=2)
        self.insights: Transactions[InsightsUnitOfWork] = Transactions(app.db, threads=2)
        self.training: Transactions[TrainingUnitOfWork] = Transactions(app.db, threads=2)
        self.changes: Transactions[ChangesUnitOfWork] = Transactions(app.db, threads=1)
        self.models: Transactions[ModelsUnitOfWork] = Transactions(app.db, threads=2)

    def close(self) -> None:
        for one in vars(self).values():
            one.close()


def create_app(app: App) -> FastAPI:
    """Return the desk; NiceGUI's own application is one per process, so this is too."""
    threads = _Threads(app)
    sessions = Sessions(threads.desk, app.clock)
    live = Live(threads.desk, app.clock)
    desk = FastAPI(
        title="Desk",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_life(app, threads, live),
    )
    metrics = ProcessMetrics(app.pulse, app.db, app.clock)
    _add_middleware(desk, app, sessions, metrics)
    desk.mount("/desk-static", StaticFiles(directory=STATIC))
    for router in _routers(app, threads, sessions, metrics):
        desk.include_router(router)
    _add_console(desk, app, threads, live)
    return desk


def _life(
    app: App, threads: _Threads, live: Live
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await _begin_with_canned_replies(app, threads.desk)
        await _finish_training_changes(app)
        await look(app.rules)
        works = (live.run(), keep_current(app.rules), _read_training_data(app))
        beside = [asyncio.create_task(work) for work in works]
        yield
        for one in beside:
            one.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        threads.close()

    return lifespan


def _add_middleware(desk: FastAPI, app: App, sessions: Sessions, metrics: ProcessMetrics) -> None:
    desk.state.company = app.settings.company_name
    required = app.settings.desk_second_factor == "required"
    desk.add_middleware(StaffOnly, sessions=sessions, second_factor_required=required)
    desk.add_middleware(
        RequestLog,
        process="desk",
        metrics=metrics,
        tracing=app.tracing,
        quiet=OPEN_FOLDERS,
        safe_headers={**SAFE, "Content-Security-Policy": page_policy()},
        when_broken=broken_page,
    )
    desk.add_exception_handler(NotAllowed, refuse_page)


def _routers(
    app: App, threads: _Threads, sessions: Sessions, metrics: ProcessMetrics
) -> Iterator[APIRouter]:
    required = app.settings.desk_second_factor == "required"
    yield create_doors(sessions)
    yield create_second_factor_pages(sessions, required=required)
    yield create_staff_pages(app, threads.desk)
    yield create_cases_pages(app, threads.desk)
    yield create_case_pages(app, threads.desk)
    yield create_new_date_pages(app, threads.desk)
    yield create_canned_pages(app, threads.desk)
    if isinstance(app.rules, StoredRules):  # a table that was given cannot be changed
        yield create_rules_pages(app, app.rules, threads.desk)
    yield create_cause_action_pages(app, threads.insights)
    yield create_webhook_pages(app, threads.hooks)
    yield create_insights_pages(app, threads.insights)
    yield create_insight_list_pages(app, threads.insights)
    yield create_report_pages(app, threads.insights)
    yield create_review_pages(app, threads.training)
    yield create_dialogues_pages(app, threads.training)
    yield create_new_category_pages(app, threads.training)
    yield create_examples_pages(app, threads.desk)
    yield create_playground_pages(app, threads.desk)
    yield create_training_changes_pages(app, threads.changes)
    yield create_models_pages(app, threads.models)
    yield create_operation_routes(app, threads.desk, metrics)


def _add_console(desk: FastAPI, app: App, threads: _Threads, live: Live) -> None:
    marks = ReadMarks()

    @ui.page("/", title="Desk", favicon=STATIC / "icon.svg")
    async def desk_page(request: Request, client: Client, chat: str = "") -> None:
        await _open_page(app, threads.desk, live, marks, request, client, chat)

    # Quasar's own bar for every request in the background has no name a screen reader could say.
    pages.config.quasar_config["loadingBar"]["skipHijack"] = True
    pages.state.company = app.settings.company_name  # it takes what no route of the desk takes
    pages.add_exception_handler(404, missing_page)
    ui.run_with(
        desk, title="Desk", tailwind=False, show_welcome_message=False,
        reconnect_timeout=RECONNECT_SECONDS,
    )  # fmt: skip


async def _begin_with_canned_replies(app: App, transactions: Transactions[UnitOfWork]) -> None:
    """Store the shipped replies at the first start; without them the desk works as well."""
    try:
        shipped = load_canned(app.clock())
        count = await transactions.write(lambda uow: canned_editing.begin_with(uow, shipped))
        log.info("desk.canned.loaded", count=count)
    except Exception:
        log.exception("desk.canned.not_loaded")


async def _finish_training_changes(app: App) -> None:
    """Lead changes of the training data to their end that a killed process left half-way."""
    try:
        await asyncio.to_thread(training_files(app).finish)
    except Exception:
        log.exception("desk.training.not_finished")


async def _read_training_data(app: App) -> None:
    """Read all examples once, before somebody opens the first page that needs them."""
    try:
        await asyncio.to_thread(training_files(app).corpus)
    except OSError as error:
        log.warning("desk.training.unreadable", reason=str(error))


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
    client.page = _spoken_page(client.page, member.language)
    actions = Actions(app, transactions, member, token_hash)
    moves = ChatMoves(app, transactions, member, token_hash)
    helps = HelpActions(app, transactions, member, token_hash)
    console = Console(app, live, marks, actions, moves, helps, member, token_hash, client)
    client.on_connect(lambda: _joined(live, console))
    client.on_disconnect(lambda: _left(live, console))
    await client.connected()
    with client:
        ui.run_javascript(f"desk.ready({member.language!r}); desk.readyHelp()")
    console.on_board(live.board)
    if chat:
        await console.open(chat)


def _spoken_page(page: ui.page, language: str) -> ui.page:
    """Return the page as it is for one person: with the language they read it in."""
    own = copy.copy(page)
    own.language = _HTML_LANGUAGE.get(language, "en-US")
    return own


async def _left(live: Live, console: Console) -> None:
    live.leave(console)
    await console.leave()


async def _joined(live: Live, console: Console) -> None:
    """Show what was missed while the page was away."""
    live.join(console)
    console.on_board(live.board)
    await console.refresh()
