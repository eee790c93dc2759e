"""The engine's custom actions, on a listener of their own that only this machine reaches."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.exceptions import HTTPException

from amends.gateway import errors
from amends.gateway.limits import BodyLimit

log = structlog.get_logger()

PACKAGE = "actions"
MOST_BYTES = 16_777_216  # the engine sends the whole tracker and the domain with each call


def create_actions_app(package: str = PACKAGE) -> FastAPI:
    """Return the actions as the engine expects them: POST /webhook, GET /health.

    Actions do their blocking work in threads themselves; here nothing waits but for them.
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
        return await run_action(executor, call)

    return api


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
