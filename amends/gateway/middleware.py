"""Around every request: one log line, safe headers, and a clean answer to the unexpected."""

import time
from http import HTTPStatus

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amends.gateway.errors import internal_error
from amends.gateway.metrics import Metrics

log = structlog.get_logger()

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
QUIET_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestLog:
    """ASGI middleware. Logs ids and counts, never what was written."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        structlog.contextvars.clear_contextvars()
        started = time.perf_counter()
        status = 0

        async def send_safely(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_safely)
        except Exception as error:
            self._metrics.errors.labels(type(error).__name__).inc()
            log.exception("gateway.request.broken", path=scope["path"])
            if not status:
                await internal_error()(scope, receive, send_safely)
        finally:
            self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        self._metrics.requests.labels(route, str(status)).observe(seconds)
        if scope["path"] in QUIET_PATHS and status == HTTPStatus.OK:
            return
        log.info(
            "gateway.request.done",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            conversation_id=scope.get("path_params", {}).get("conversation_id"),
        )
