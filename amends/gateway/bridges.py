"""A help desk of the company's own speaks: what a person did there reaches the customer."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from amends.gateway import schemas
from amends.gateway.errors import BridgeOff, NotSigned, TakenAtTheDesk, problems_in_body
from amends.gateway.service import CurrentService, Service
from amends.handoff.errors import AlreadyClaimed
from amends.handoff.help_desk import Heard
from amends.wiring import chatwoot_events
from amends.wiring.standard_webhooks import SignatureRefused

_ERROR = {"model": schemas.ErrorAnswer}

router = APIRouter(
    prefix="/api/bridges",
    tags=["bridges"],
    responses=dict.fromkeys((400, 401, 408, 409, 413, 422, 503), _ERROR),
)

Secret = Annotated[
    str | None,
    Query(max_length=200, description="For a Chatwoot that does not sign: the secret itself."),
]


@router.post(
    "/chatwoot",
    response_model=schemas.HeardAnswer,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
    },
)
async def chatwoot(
    request: Request, service: CurrentService, secret: Secret = None
) -> schemas.HeardAnswer:
    """Take what Chatwoot sends: `message_created` and `conversation_status_changed`.

    Signed by Chatwoot with the secret `AMENDS_CHATWOOT_WEBHOOK_SECRET`. The same message again
    answers 200 and changes nothing; one to a customer whom somebody at the desk of Amends answers
    is refused with 409, which Chatwoot shows to its author.
    """
    heard = await _proven(request, service, secret)
    if heard is None:
        return schemas.HeardAnswer(heard=False)
    parts = service.parts
    try:
        done = await service.transactions.write(
            lambda uow: parts.hear_help_desk(uow, heard, parts.clock())
        )
    except AlreadyClaimed:
        raise TakenAtTheDesk from None
    if done:
        service.changes.wake(heard.conversation_id)
        service.driver.wake(heard.conversation_id)
    return schemas.HeardAnswer(heard=done)


async def _proven(request: Request, service: Service, given: str | None) -> Heard | None:
    """Return what a person did, once it is proven that Chatwoot says so.

    Raises:
        BridgeOff, NotSigned: it is not proven.
        RequestValidationError: it is, but says nothing that can be used.
    """
    secret = service.parts.settings.chatwoot_webhook_secret.get_secret_value()
    if not secret:
        raise BridgeOff
    body = await request.body()
    try:
        chatwoot_events.check(secret, request.headers, given, body, service.parts.clock())
    except SignatureRefused as refused:
        raise NotSigned(str(refused)) from None
    try:
        return chatwoot_events.read(body)
    except ValidationError as error:
        raise RequestValidationError(problems_in_body(error)) from None
