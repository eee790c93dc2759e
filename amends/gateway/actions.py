"""The engine's custom actions, on a listener of their own that only this machine reaches."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.exceptions import HTTPException

from amends.gateway import errors, schemas
from amends.gateway.body_limit import BodyLimit
from amends.gateway.outages import OUTAGE_LOG
from amends.storage.errors import OUTAGES
from amends.wiring.tracing import OFF, REQUEST_ID, Tracing

log = structlog.get_logger()

Observe = Callable[[str, float], None]

PACKAGE = "actions"
LONGEST_ID = 255
MOST_BYTES = 16_777_216  # the engine sends the whole tracker and the domain with each call


class TrackerDump(BaseModel):
    """The state of a conversation as the engine dumps it; it may hold more."""

    model_config = ConfigDict(extra="allow")

    sender_id: str
    slots: dict[str, Any] = {}
    latest_message: dict[str, Any] | None = None
    events: list[dict[str, Any]] = []
    followup_action: str | None = None
    active_loop: dict[str, Any] = {}
    latest_action_name: str | None = None


class ActionCall(BaseModel):
    """What the engine wants done next; it may say more."""

    model_config = ConfigDict(extra="allow")

    next_action: str
    tracker: TrackerDump
    domain: dict[str, Any]


class ActionAnswer(BaseModel):
    events: list[dict[str, Any]]
    responses: list[dict[str, Any]]


class ActionFailed(BaseModel):
    """The shape that Rasa understands, unlike that of all other errors."""

    error: str
    action_name: str


def _schema() -> dict[str, Any]:
    """Return the schema of a call in one piece: a document of ours holds no other's references."""
    schema = ActionCall.model_json_schema()
    schema["properties"]["tracker"] = schema.pop("$defs")[TrackerDump.__name__]
    return schema


_BODY = {"required": True, "content": {"application/json": {"schema": _schema()}}}
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ActionFailed | schemas.ErrorAnswer},
    404: {"model": ActionFailed},
    408: {"model": schemas.ErrorAnswer},
    413: {"model": schemas.ErrorAnswer},
    422: {"model": schemas.ErrorAnswer},
    500: {"model": ActionFailed},
    503: {"model": ActionFailed},
}


def create_actions_app(
    package: str = PACKAGE, tracing: Tracing = OFF, observe: Observe = lambda _, __: None
) -> FastAPI:
    """Return the actions as the engine expects them: POST /webhook, GET /health, /openapi.json.

    Actions do their blocking work in threads themselves; here nothing waits but for them.

    Args:
        package: Where the actions are.
        tracing: Takes a span for each action, in the trace that the engine's request carries on.
        observe: Takes the seconds of each action, as the stage "actions".
    """
    executor = ActionExecutor()
    executor.register_package(package)
    api = FastAPI(title="Amends actions", docs_url=None, redoc_url=None)
    errors.install(api)
    api.add_middleware(BodyLimit, limit=MOST_BYTES)

    @api.get("/health")
    async def health() -> dict[str, Any]:
        return {"status": "ok", "actions": len(executor.actions)}

    @api.post(
        "/webhook",
        response_model=ActionAnswer,
        responses=_ERRORS,
        openapi_extra={"requestBody": _BODY},
    )
    async def webhook(request: Request) -> JSONResponse:
        call = await _call_of(request)
        structlog.contextvars.bind_contextvars(request_id=request.headers.get(REQUEST_ID))
        started = time.perf_counter()
        try:
            name = _known(executor, call)
            with tracing.span(f"action {name}", request.headers, _facts(call)):
                return await run_action(executor, call)
        finally:
            observe("actions", time.perf_counter() - started)

    return api


async def _call_of(request: Request) -> dict[str, Any]:
    """Return the body as it came, once it is what the engine sends.

    Raises:
        HTTPException, RequestValidationError: it is not.
    """
    try:
        call = await request.json()
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    try:
        ActionCall.model_validate(call)
    except ValidationError as error:
        raise RequestValidationError(errors.problems_in_body(error)) from None
    assert isinstance(call, dict)
    return call


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
        # Made here: what an action returns may be no JSON.
        return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})
    except ActionExecutionRejection as error:
        return JSONResponse({"error": str(error), "action_name": error.action_name}, 400)
    except ActionNotFoundException as error:
        return JSONResponse({"error": str(error), "action_name": error.action_name}, 404)
    except OUTAGES as error:
        OUTAGE_LOG.tell(error, name)
        return JSONResponse({"error": "the database is away", "action_name": name}, 503)
    except Exception:
        log.exception("gateway.action.failed", action=name)
        return JSONResponse({"error": "the action failed", "action_name": name}, 500)
