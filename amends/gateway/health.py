"""Is it alive, is it ready, and how is it doing."""

import asyncio
from functools import partial
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from amends.conversations.ports import Engine
from amends.gateway import schemas
from amends.gateway.service import CurrentService, Service
from amends.wiring import readiness
from amends.wiring.engines import each_engine

router = APIRouter(tags=["operation"])

HINDERS_STORING = frozenset({"database", "migrations", "disk"})
HINDERS = {"store": HINDERS_STORING, "answer": HINDERS_STORING | {"engine"}}


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Answer as long as the process can answer at all."""
    return {"status": "alive"}


@router.get(
    "/readyz",
    response_model=schemas.ReadyAnswer,
    responses={503: {"model": schemas.ReadyAnswer}},
)
async def ready(service: CurrentService, to: Literal["store", "answer"] = "answer") -> JSONResponse:
    """Answer 200 when a message would be stored and answered now, 503 and what is missing else.

    With `to=store` it need only be stored: so a load balancer keeps a gateway whose engines are
    all away, for its customers are told so.

    What hinders nobody is named with the status `degraded`: jobs that are stuck, Redis, or one
    of several engines that is not there.
    """
    engine, shared = service.parts.engine, service.parts.shared
    report = await readiness.look(
        {
            "database": partial(_database, service),
            "engine": partial(_engine, engine),
            **{f"engine {url}": partial(_engine, one) for url, one in each_engine(engine).items()},
            "migrations": service.migrations.check,
            "disk": partial(_disk, service),
            "jobs": partial(_jobs, service),
            **({"redis": shared.link.why_missing} if shared else {}),
        },
        HINDERS[to],
    )
    return JSONResponse(report.as_json(), status_code=200 if report.is_ready else 503)


@router.get("/metrics", include_in_schema=False)
async def metrics(service: CurrentService) -> Response:
    """What the database knows was read by a job; a scrape asks nobody but the engine."""
    try:
        async with asyncio.timeout(readiness.CHECK_SECONDS):
            engine_ready = await service.parts.engine.ready()
    except Exception:
        engine_ready = False
    model = getattr(service.parts.engine, "model", "") or "unknown"
    body = service.metrics.render(service.changes.listeners(), engine_ready, model)
    return Response(body, media_type=CONTENT_TYPE_LATEST)


async def _database(service: Service) -> str | None:
    await service.transactions.read(lambda uow: uow.conversations.get("-"))
    return None


async def _engine(engine: Engine) -> str | None:
    if await engine.ready():
        return None
    return getattr(engine, "missing", "") or "the engine does not answer"


async def _disk(service: Service) -> str | None:
    return await asyncio.to_thread(readiness.disk_full, service.parts.settings.var_dir)


async def _jobs(service: Service) -> str | None:
    return readiness.jobs_stuck(service.parts.pulse)
