"""The customers' door as one ASGI application."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

import amends
from amends.gateway import (
    bridges,
    case_page,
    conversations,
    errors,
    feedback_page,
    health,
    pages,
    payments,
)
from amends.gateway.body_limit import BodyLimit
from amends.gateway.middleware import RequestLog
from amends.gateway.parts import Parts
from amends.gateway.service import Service, build_service
from amends.gateway.supervision import keep_running
from amends.wiring.https import is_public_https

DESCRIPTION = (
    "Open a conversation, post what went wrong, follow the replies live. Every error has the "
    'shape `{"error": {"code", "message", "details"}}`.'
)


type Background = Callable[[], Awaitable[None]]


def create_app(app: Parts, background: Mapping[str, Background] | None = None) -> FastAPI:
    """Return the gateway over the assembled application.

    Args:
        app: The application's parts.
        background: Work of other rooms that goes on as long as the gateway serves, by name.
    """
    service = build_service(app)
    api = FastAPI(
        title="Amends",
        version=getattr(amends, "__version__", "0.1.0"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        # Tokens travel in a header, never in a cookie: no other site can post in our name.
        strict_content_type=False,
    )
    api.state.service = service
    link = app.shared.link if app.shared else None
    api.state.case_limits = case_page.CaseLimits(link)
    api.state.feedback_limits = feedback_page.FeedbackLimits(link)
    api.state.background = {
        "turns": service.driver.run,
        "changes": service.changes.run,
        **(background or {}),
    }
    errors.install(api)
    _add_middleware(api, service)
    pages.mount_docs_files(api)
    for part in (conversations, payments, bridges, health, pages, case_page, feedback_page):
        api.include_router(part.router)
    return api


def _add_middleware(api: FastAPI, service: Service) -> None:
    """The one added last is the outermost."""
    settings = service.parts.settings
    api.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    api.add_middleware(
        RequestLog,
        metrics=service.metrics,
        tracing=service.parts.tracing,
        https=is_public_https(settings),
    )
    api.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.allowed_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID", "X-Request-ID"],
        expose_headers=["Retry-After", "X-Request-ID"],
        max_age=3600,
    )


@asynccontextmanager
async def _lifespan(api: FastAPI) -> AsyncIterator[None]:
    """Run the turn driver and the wake-ups as long as the gateway serves."""
    service: Service = api.state.service
    work: dict[str, Background] = api.state.background
    tasks = [asyncio.create_task(keep_running(name, run)) for name, run in work.items()]
    try:
        yield
    finally:
        service.changes.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await service.driver.stop()
        service.transactions.close()
        if service.parts.shared is not None:
            await service.parts.shared.close()
