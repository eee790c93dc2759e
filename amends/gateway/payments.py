"""What the company's refund system says later: a remedy that it took on is settled, or failed."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from amends.compensation.model import Report, Step
from amends.gateway import schemas
from amends.gateway.errors import (
    CallbackContradicts,
    CallbacksOff,
    NotSigned,
    problems_in_body,
)
from amends.gateway.service import CurrentService, Service
from amends.wiring import standard_webhooks
from amends.wiring.standard_webhooks import SignatureRefused

_ERROR = {"model": schemas.ErrorAnswer}
_STEPS = {"settled": Step.SETTLED, "failed": Step.FAILED}
_HEADERS: list[dict[str, Any]] = [
    {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
    for name in (
        standard_webhooks.ID,
        standard_webhooks.TIMESTAMP,
        standard_webhooks.SIGNATURE,
    )
]

router = APIRouter(
    prefix="/api/payments",
    tags=["payments"],
    responses=dict.fromkeys((400, 401, 404, 408, 409, 413, 422, 503), _ERROR),
)


@router.post(
    "/callbacks",
    response_model=schemas.CallbackAnswer,
    openapi_extra={
        "parameters": _HEADERS,
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": schemas.CallbackRequest.model_json_schema()}
            },
        },
    },
)
async def callback(request: Request, service: CurrentService) -> schemas.CallbackAnswer:
    """Tell what became of a remedy that was taken on.

    Signed after Standard Webhooks with the secret `AMENDS_PAYMENTS_SECRET`. The same callback
    again answers 200 and changes nothing; one that contradicts the books answers 409, and a person
    is asked to look.
    """
    body = await _signed_body(request, service)
    report = Report(_STEPS[body.status], reference=body.reference, reason=body.reason)
    parts = service.parts
    recorded = await service.transactions.write(
        lambda uow: parts.hear_payment(uow, body.remedy_id, report, parts.clock())
    )
    if recorded.contradicts:
        raise CallbackContradicts(body.remedy_id, recorded.remedy.state.value, body.status)
    return schemas.CallbackAnswer(recorded=bool(recorded.steps))


async def _signed_body(request: Request, service: Service) -> schemas.CallbackRequest:
    """Return the body once its signature is proven: nobody else's words are even read.

    Raises:
        CallbacksOff, NotSigned: it is not proven.
        RequestValidationError: it is signed, but says nothing that can be used.
    """
    secret = service.parts.settings.payments_secret.get_secret_value()
    if not secret:
        raise CallbacksOff
    body = await request.body()
    try:
        standard_webhooks.verify(secret, request.headers, body, service.parts.clock())
    except SignatureRefused as refused:
        raise NotSigned(str(refused)) from None
    try:
        return schemas.CallbackRequest.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(problems_in_body(error)) from None
