"""Around every request: one log line, a request id, one span, and a figure.

The line holds ids, a status and milliseconds; never what was written.
"""

import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amends.values import new_id
from amends.wiring.metrics import ProcessMetrics
from amends.wiring.tracing import OFF, REQUEST_ID, Tracing, span_if

log = structlog.get_logger()

QUIET_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_noted: ContextVar[dict[str, str] | None] = ContextVar("noted_of_request", default=None)

Answerer = Callable[[], ASGIApp]


def note(**ids: str | None) -> None:
    """Let the line of the present request hold these ids, such as `case_id`."""
    noted = _noted.get()
    if noted is not None:
        noted.update({name: value for name, value in ids.items() if value})


def request_id_of(headers: Headers) -> str:
    """Return the id that the caller gave this request, or a new one."""
    given = headers.get(REQUEST_ID, "")
    return given if _USABLE_ID.fullmatch(given) else new_id()


class RequestLog:
    """ASGI middleware of one process.

    Args:
        app: What answers.
        process: Begins the names of log lines: "gateway", "desk".
        metrics: Takes times and errors.
        tracing: Takes a span for each request that ends; a live stream has none.
        quiet: Folders whose files are not worth a line or a span.
        safe_headers: Added where the answer does not say otherwise.
        when_broken: Answers when an unexpected error left the request without an answer.
    """

    def __init__(
        self,
        app: ASGIApp,
        process: str,
        metrics: ProcessMetrics,
        tracing: Tracing = OFF,
        quiet: tuple[str, ...] = (),
        safe_headers: dict[str, str] | None = None,
        when_broken: Answerer | None = None,
    ) -> None:
        self._app = app
        self._process = process
        self._metrics = metrics
        self._tracing = tracing
        self._quiet = quiet
        self._safe_headers = safe_headers or {}
        self._when_broken = when_broken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = request_id_of(headers)
        structlog.contextvars.unbind_contextvars("conversation_id", "case_id")
        structlog.contextvars.bind_contextvars(request_id=request_id)
        _noted.set({})
        is_worth_it = not self._is_quiet(scope["path"]) and not scope["path"].endswith("/stream")
        name = f"{self._process} {scope['method']}"
        with span_if(self._tracing, is_worth_it, name, headers, request_id=request_id):
            await self._answer(scope, receive, send, request_id)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started = time.perf_counter()
        status = 0

        async def send_safely(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id
                for name, value in self._safe_headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_safely)
        except Exception as error:
            self._metrics.errors.labels(type(error).__name__).inc()
            log.exception(f"{self._process}.request.broken", path=scope["path"])
            if self._when_broken is None:
                raise
            if not status:
                await self._when_broken()(scope, receive, send_safely)
        finally:
            self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        self._metrics.requests.labels(route, str(status)).observe(seconds)
        if self._is_quiet(scope["path"]) and status < HTTPStatus.BAD_REQUEST:
            return
        log.info(
            f"{self._process}.request.done",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            **{"conversation_id": None, **_ids_in(scope), **(_noted.get() or {})},
        )

    def _is_quiet(self, path: str) -> bool:
        return path in QUIET_PATHS or (bool(self._quiet) and path.startswith(self._quiet))


_NAMES_IN_PATHS = {"conversation_id": "conversation_id", "number": "case_number"}


def _ids_in(scope: Scope) -> dict[str, str]:
    parameters: dict[str, Any] = scope.get("path_params") or {}
    found = {
        name: str(parameters[key]) for key, name in _NAMES_IN_PATHS.items() if key in parameters
    }
    staff = (scope.get("state") or {}).get("staff")
    return found if staff is None else {**found, "staff_id": str(staff.id)}
