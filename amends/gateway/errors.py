"""The one shape of every error: `{"error": {"code", "message", "details"}}`.

GatewayError
├── Unauthorised       no bearer token came with the request
├── IdentityRefused    the site's signed identity is not valid
├── CallbacksOff       no secret is set with which a refund system could sign
├── NotSigned          a callback that the refund system did not sign just now
├── CallbackContradicts  a callback says the opposite of what stands in the books
├── BridgeOff          no secret is set with which a help desk could sign
├── TakenAtTheDesk     a person wrote in the help desk to a customer whom another one answers
├── TooManyMessages    over the rate; `Retry-After` says when to try again
├── BodyTooLarge       the body is over the limit
└── BodyTooSlow        the body did not arrive in time
"""

import math
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from amends.compensation.errors import UnknownRemedy
from amends.conversations.errors import (
    ChoiceExpired,
    ConversationError,
    EmptyMessage,
    TextTooLong,
    UnknownConversation,
)
from amends.gateway.outages import OUTAGE_LOG
from amends.storage.errors import OUTAGES


class GatewayError(Exception):
    """Base of what this door itself refuses."""

    status = HTTPStatus.BAD_REQUEST
    code = "bad_request"

    def __init__(
        self,
        message: str,
        details: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.details, self.headers = message, details or {}, headers

    def response(self) -> JSONResponse:
        return error_response(self.status, self.code, self.message, self.details, self.headers)


class Unauthorised(GatewayError):
    status, code = HTTPStatus.UNAUTHORIZED, "unauthorised"

    def __init__(self) -> None:
        super().__init__(
            "Send the conversation's token in the header `Authorization: Bearer <token>`.",
            headers={"WWW-Authenticate": "Bearer"},
        )


class IdentityRefused(GatewayError):
    status, code = HTTPStatus.UNAUTHORIZED, "identity_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The signed identity of the customer is not accepted: {reason}.")


class CallbacksOff(GatewayError):
    status, code = HTTPStatus.SERVICE_UNAVAILABLE, "callbacks_off"

    def __init__(self) -> None:
        super().__init__(
            "Callbacks of a refund system are not taken here: set AMENDS_PAYMENTS_SECRET first."
        )


class NotSigned(GatewayError):
    status, code = HTTPStatus.UNAUTHORIZED, "not_signed"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The signature of the callback is not accepted: {reason}.")


class CallbackContradicts(GatewayError):
    status, code = HTTPStatus.CONFLICT, "callback_contradicts"

    def __init__(self, remedy_id: str, state: str, said: str) -> None:
        super().__init__(
            f"Remedy {remedy_id} is {state} in the books and cannot be {said} as well. "
            "A person has been asked to look at it.",
            {"remedy_id": remedy_id, "state": state},
        )


class BridgeOff(GatewayError):
    status, code = HTTPStatus.SERVICE_UNAVAILABLE, "bridge_off"

    def __init__(self) -> None:
        super().__init__("A help desk is not heard here: set AMENDS_CHATWOOT_WEBHOOK_SECRET first.")


class TakenAtTheDesk(GatewayError):
    status, code = HTTPStatus.CONFLICT, "taken_at_the_desk"

    def __init__(self) -> None:
        super().__init__(
            "Somebody at the desk of Amends answers this customer; the message was not delivered."
        )


class TooManyMessages(GatewayError):
    status, code = HTTPStatus.TOO_MANY_REQUESTS, "too_many_messages"

    def __init__(self, wait_seconds: float) -> None:
        seconds = max(1, math.ceil(wait_seconds))
        super().__init__(
            f"Too many messages in a short time. Please try again in {seconds} s.",
            {"retry_after_seconds": seconds},
            {"Retry-After": str(seconds)},
        )


class BodyTooLarge(GatewayError):
    status, code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The request body is over {limit} bytes.", {"limit": limit})


class BodyTooSlow(GatewayError):
    status, code = HTTPStatus.REQUEST_TIMEOUT, "body_too_slow"

    def __init__(self) -> None:
        super().__init__("The request body did not arrive in time.")


BODY_STATUSES = (400, 408, 413, 415)
"""What may be wrong with a body before any route reads it: no JSON, slow, large, or of a kind."""

STATUS_OF = {
    UnknownConversation: (HTTPStatus.NOT_FOUND, "unknown_conversation"),
    TextTooLong: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "text_too_long"),
    EmptyMessage: (HTTPStatus.UNPROCESSABLE_ENTITY, "empty_message"),
    ChoiceExpired: (HTTPStatus.CONFLICT, "choice_expired"),
    UnknownRemedy: (HTTPStatus.NOT_FOUND, "unknown_remedy"),
}


def error_response(
    status: int,
    code: str,
    message: str,
    details: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    body = {"error": {"code": code, "message": message, "details": details or {}}}
    return JSONResponse(body, status_code=int(status), headers=headers)


def internal_error() -> JSONResponse:
    return error_response(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal_error",
        "Something went wrong on our side. Please try again in a moment.",
    )


def install(api: FastAPI) -> None:
    """Let every refusal, whoever raises it, leave in the one shape."""
    api.add_exception_handler(ConversationError, _refused_by_room)
    api.add_exception_handler(UnknownRemedy, _refused_by_room)
    api.add_exception_handler(GatewayError, _refused_by_door)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _http)
    for outage in OUTAGES:
        api.add_exception_handler(outage, _database_away)


async def _refused_by_room(request: Request, error: Exception) -> JSONResponse:
    status, code = STATUS_OF[type(error)]
    details: dict[str, Any] = {}
    if isinstance(error, TextTooLong):
        details = {"length": error.length, "limit": error.limit}
    return error_response(status, code, str(error), details)


async def _database_away(request: Request, error: Exception) -> JSONResponse:
    """Answer 503, by which a load balancer and the widget know to try again."""
    OUTAGE_LOG.tell(error, request.url.path)
    message = "We cannot reach our books just now. Please try again in a moment."
    return error_response(HTTPStatus.SERVICE_UNAVAILABLE, "database_away", message)


async def _refused_by_door(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, GatewayError)
    return error.response()


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """Name the fields and what is wrong with them; never repeat what was sent."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(problem["type"] == "json_invalid" for problem in found):
        return _not_json()
    kind = request.headers.get("Content-Type", "application/json")
    if "json" not in kind:
        return error_response(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "Send the body as JSON, with the header `Content-Type: application/json`.",
        )
    fields = [
        {"field": ".".join(str(part) for part in p["loc"]), "problem": p["msg"]} for p in found
    ]
    first = fields[0]
    message = f"The request cannot be used: {first['field']}: {first['problem']}."
    return error_response(
        HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", message, {"fields": fields}
    )


def problems_in_body(error: ValidationError) -> list[dict[str, Any]]:
    """Return the problems of a body that a route reads itself, as the framework states them."""
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    return [{**problem, "loc": ("body", *problem["loc"])} for problem in problems]


def _not_json() -> JSONResponse:
    return error_response(
        HTTPStatus.BAD_REQUEST, "invalid_json", "The request body is not valid JSON."
    )


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.BAD_REQUEST:  # JSON so deep that reading it fails in another way
        return _not_json()
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_methods_at(request)))
    return error_response(status, status.name.lower(), _sentence(status, request), None, headers)


def _methods_at(request: Request) -> set[str]:
    """Return what all routes of this address answer; the framework names those of the first."""
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        pattern = getattr(route, "path_regex", None)
        if pattern is not None and pattern.match(request.scope["path"]):
            found |= route.methods or set()
    return found


def _sentence(status: HTTPStatus, request: Request) -> str:
    if status is HTTPStatus.NOT_FOUND:
        return "There is nothing at this address."
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return f"This address does not answer {request.method}."
    return f"The request was refused: {status.phrase}."
