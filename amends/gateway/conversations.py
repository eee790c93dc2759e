"""The customers' API: thin routes over the use cases of the conversations room."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from amends.cases.use_cases import current_case
from amends.conversations import turn_steps, use_cases
from amends.conversations.model import Delivery, Message
from amends.conversations.ports import UnitOfWork
from amends.gateway import identity, schemas, stream
from amends.gateway.changes import Subscription
from amends.gateway.errors import BODY_STATUSES
from amends.gateway.service import CurrentService, OpenedConversation, Service, client_address
from amends.wiring.request_log import note

MOST_WAIT_SECONDS = 30
LARGEST_SEQ = 2**31 - 1

_ERROR: dict[str, Any] = {"model": schemas.ErrorAnswer}
_OF_BODIES: dict[int | str, dict[str, Any]] = dict.fromkeys(BODY_STATUSES, _ERROR)
router = APIRouter(
    prefix="/api/conversations",
    tags=["conversations"],
    responses=dict.fromkeys((401, 404, 422, 429), _ERROR),
)

Wait = Annotated[float, Query(ge=0, le=MOST_WAIT_SECONDS, allow_inf_nan=False)]
After = Annotated[int, Query(ge=0, le=LARGEST_SEQ)]


@router.post("", status_code=201, response_model=schemas.StartAnswer, responses=_OF_BODIES)
async def start(
    request: Request, service: CurrentService, body: schemas.StartRequest | None = None
) -> schemas.StartAnswer:
    """Open a conversation. Its first message says that an automated assistant answers."""
    settings, clock = service.parts.settings, service.parts.clock
    await service.starts.take(client_address(request, settings.trust_forwarded_for))
    body = body or schemas.StartRequest()
    customer_id = None
    if body.identity is not None:
        secret = settings.site_secret.get_secret_value()
        customer_id = identity.verify(secret, body.identity, clock())
        await service.starts.take(f"customer {customer_id}")  # from however many addresses
    started = await service.transactions.write(
        lambda uow: use_cases.start_conversation(
            uow,
            language=body.language or settings.language,
            company=settings.company_name,
            now=clock(),
            customer_id=customer_id,
            page=body.page,
        )
    )
    return schemas.StartAnswer(conversation_id=started.conversation.id, token=started.token)


@router.post(
    "/{conversation_id}/messages",
    status_code=202,
    response_model=schemas.AcceptedAnswer,
    responses={200: {"model": schemas.RepliesAnswer}, 409: _ERROR, **_OF_BODIES},
)
async def post(
    conversation_id: OpenedConversation,
    body: schemas.PostRequest,
    service: CurrentService,
    wait: Wait = 0,
) -> Response:
    """Put a message into the log; from here on it cannot be lost.

    The same `client_message_id` again answers with the same `seq`. With `wait` the answer holds
    the replies, if they come in time.
    """
    await service.posts.take(conversation_id)
    settings, clock = service.parts.settings, service.parts.clock
    posting = use_cases.Posting(body.client_message_id, body.text, body.choice_id)
    with service.changes.subscribe(conversation_id) as subscription:
        subscription.clear()
        message, turn, case = await service.transactions.write(
            lambda uow: (
                use_cases.post_message(
                    uow, conversation_id, posting, limit=settings.max_text_characters, now=clock()
                ),
                turn_steps.take(uow, conversation_id),
                current_case(uow, conversation_id),
            )
        )
        note(case_id=case.id if case else None)
        service.changes.wake(conversation_id, besides=subscription)
        if message.delivery is Delivery.PENDING:
            service.driver.wake(conversation_id, turn)
        if not wait:
            return JSONResponse({"seq": message.seq}, status_code=202)
        replies = await _replies(service, message, subscription, wait)
    body_out = {"seq": message.seq, "replies": [schemas.to_json(m) for m in replies or ()]}
    return JSONResponse(body_out, status_code=202 if replies is None else 200)


async def _replies(
    service: Service, message: Message, subscription: Subscription, wait: float
) -> list[Message] | None:
    """Return what was said to the message; None when it was not answered in time."""

    def read(uow: UnitOfWork) -> tuple[Delivery | None, list[Message]]:
        current = uow.conversations.message(message.conversation_id, message.seq)
        replies = uow.conversations.replies_to(message.conversation_id, message.seq)
        return (current or message).delivery, list(replies)

    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait
    news = message.delivery is not Delivery.PENDING
    while not service.changes.closed:
        if subscription.clear() or news:
            news = False
            delivery, replies = await service.transactions.read(read)
            if delivery is Delivery.ANSWERED:
                return replies
            if delivery is Delivery.TO_STAFF:
                return None
        if not await subscription.wait(deadline - loop.time()):
            return None
    return None


@router.get("/{conversation_id}/messages", response_model=schemas.PageAnswer)
async def read(
    conversation_id: OpenedConversation, service: CurrentService, after: After = 0
) -> Any:
    """Read up to 500 messages after a `seq`."""
    page = await service.transactions.read(
        lambda uow: use_cases.read_messages(uow, conversation_id, after)
    )
    return JSONResponse(
        {
            "messages": [schemas.to_json(message) for message in page.messages],
            "mode": page.mode.value,
            "last_seq": page.last_seq,
        }
    )


@router.get(
    "/{conversation_id}/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def listen(
    conversation_id: OpenedConversation,
    service: CurrentService,
    after: After = 0,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Follow the conversation live: events `message` (id: seq), `mode`, `typing`.

    Resumes after `Last-Event-ID`, or after the query's `after`.
    """
    service.check_streams(conversation_id)
    opened = stream.EventStream(
        service.transactions,
        service.changes,
        conversation_id,
        stream.resume_point(last_event_id, after),
        delivered=service.note_delivery,
    )
    return StreamingResponse(
        opened.events(), media_type="text/event-stream", headers=stream.HEADERS
    )


@router.post("/{conversation_id}/survey", status_code=201, responses=_OF_BODIES)
async def rate(
    conversation_id: OpenedConversation, body: schemas.SurveyRequest, service: CurrentService
) -> dict[str, Any]:
    """Say how the complaint was handled; a later answer to the same question replaces."""
    await service.posts.take(conversation_id)
    parts = service.parts
    await service.transactions.write(
        lambda uow: parts.record_survey(uow, conversation_id, body.answers, parts.clock())
    )
    return {}
