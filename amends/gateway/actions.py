"""The engine's custom actions, on a listener of their own that only this machine reaches."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.exceptions import HTTPException

from amends.gateway import errors
from amends.gateway.body_limit import BodyLimit
from amends.wiring.tracing import OFF, REQUEST_ID, Tracing

log = structlog.get_logger()

Observe = Callable[[str, float], None]

PACKAGE = "actions"
LONGEST_ID = 255
MOST_BYTES = 16_777_216  # the engine sends the whole tracker and the domain with each call


def create_actions_app(
    package: str = PACKAGE, tracing: Tracing = OFF, observe: Observe = lambda _, __: None
) -> FastAPI:
    """Return the actions as the engine expects them: POST /webhook, GET /health.

    Actions do their blocking work in threads themselves; here nothing waits but for them.

    Args:
        package: Where the actions are.
        tracing: Takes a span for each action, in the trace that the engine's request carries on.
        observe: Takes the seconds of each action, as the stage "actions".
    """
    executor = ActionExecutor()
    executor.register_package(package)
    api = FastAPI(title="Amends actions", docs_url=None, redoc_url=None, openapi_url=None)
    errors.install(api)
    api.add_middleware(BodyLimit, limit=MOST_BYTES)

    @api.get("/health")
    async def health() -> dict[str, Any]:
        return {"status": "ok", "actions": len(executor.actions)}

    @api.post("/webhook")
    async def webhook(request: Request) -> JSONResponse:
        try:
            call = await request.json()
        except ValueError:
            raise HTTPException(400) from None
        structlog.contextvars.bind_contextvars(request_id=request.headers.get(REQUEST_ID))
        started = time.perf_counter()
        try:
            name = _known(executor, call)
            with tracing.span(f"action {name}", request.headers, _facts(call)):
                return await run_action(executor, call)
        finally:
            observe("actions", time.perf_counter() - started)

    return api


def _known(executor: ActionExecutor, call: dict[str, Any]) -> str:
    name = str(call.get("next_action"))
    return name if name in executor.actions else "unknown"


def _facts(call: dict[str, Any]) -> dict[str, str]:
    return {"sender_id": str(call.get("sender_id"))[:LONGEST_ID]}


async def run_action(executor: ActionExecutor, call: dict[str, Any]) -> JSONResponse:
    """Run one action, and answer failures in the words Rasa understands."""
    name = str(call.get("next_action"))
    try:
        result = await executor.run(call)
    except ActionExecutionRejection as error:
        return JSONResponse({"error": str(error), "action_name": error.action_name}, 400)
    except ActionNotFoundException as error:
        return JSONResponse({"error": str(error), "action_name": error.action_name}, 404)
    except Exception:
        log.exception("gateway.action.failed", action=name)
        return JSONResponse({"error": "the action failed", "action_name": name}, 500)
    return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})
