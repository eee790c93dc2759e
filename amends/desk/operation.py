"""For whoever operates the desk: is it alive, is it ready, how is it doing.

These answer without a sign-in, for a watcher has none: they hold counts and names of parts, nothing
of a customer or a person. The desk listens on the staff's network only.
"""

import asyncio
from functools import partial

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from amends.conversations.transactions import Transactions
from amends.satisfaction.ports import UnitOfWork
from amends.wiring import readiness
from amends.wiring.app import App
from amends.wiring.metrics import ProcessMetrics

HINDERS = frozenset({"database", "migrations", "disk"})


def create_operation_routes(
    app: App, transactions: Transactions[UnitOfWork], metrics: ProcessMetrics
) -> APIRouter:
    router = APIRouter()
    migrations = readiness.Migrations(app.settings.database_url)

    @router.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        checks: dict[str, readiness.Check] = {
            "database": partial(_database, transactions),
            "migrations": migrations.check,
            "disk": lambda: asyncio.to_thread(readiness.disk_full, app.settings.var_dir),
        }
        report = await readiness.look(checks, HINDERS)
        return JSONResponse(report.as_json(), status_code=200 if report.is_ready else 503)

    @router.get("/metrics")
    async def figures() -> Response:
        return Response(metrics.render(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _database(transactions: Transactions[UnitOfWork]) -> str | None:
    await transactions.read(lambda uow: uow.conversations.get("-"))
    return None
