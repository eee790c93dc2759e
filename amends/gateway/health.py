"""Is it alive, is it ready, and how is it doing."""

import asyncio
from datetime import timedelta

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from amends.conversations.ports import UnitOfWork
from amends.gateway.metrics import MODES_OF_LAST
from amends.gateway.service import CurrentService, Service

router = APIRouter(tags=["operation"])

CHECK_SECONDS = 2.0


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Answer as long as the process can answer at all."""
    return {"status": "alive"}


@router.get("/readyz")
async def ready(service: CurrentService) -> JSONResponse:
    """Answer 200 when a message would be stored and answered now, 503 and what is missing else."""
    database, engine = await asyncio.gather(_database(service), _engine(service))
    ok = database and engine
    body = {
        "status": "ready" if ok else "not_ready",
        "checks": {"database": database, "engine": engine},
    }
    return JSONResponse(body, status_code=200 if ok else 503)


@router.get("/metrics", include_in_schema=False)
async def metrics(service: CurrentService) -> Response:
    now = service.parts.clock()

    def read(uow: UnitOfWork) -> bytes:
        return service.metrics.render(
            uow.conversations.pending_ids(now + timedelta(days=1)),
            uow.conversations.changed_since(now - MODES_OF_LAST),
            service.changes.listeners(),
        )

    return Response(await service.transactions.read(read), media_type=CONTENT_TYPE_LATEST)


async def _database(service: Service) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await service.transactions.read(lambda uow: uow.conversations.get("-"))
    except Exception:
        return False
    return True


async def _engine(service: Service) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await service.parts.engine.ready()
    except Exception:
        return False
