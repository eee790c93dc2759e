"""What all routes of one gateway share."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from amends.conversations import use_cases
from amends.conversations.model import Message
from amends.conversations.ports import TurnLock
from amends.conversations.transactions import Transactions
from amends.conversations.turns import TurnDriver, TurnOptions
from amends.gateway.changes import Changes, PolledChanges
from amends.gateway.errors import TooManyMessages, Unauthorised
from amends.gateway.limits import Rate, RateLimiter
from amends.gateway.metrics import Metrics, TurnObserver
from amends.gateway.parts import Parts
from amends.satisfaction.ports import UnitOfWork
from amends.storage.errors import OUTAGES
from amends.values import Clock
from amends.wiring.readiness import Migrations
from amends.wiring.shared import Shared

MOST_REMEMBERED_TOKENS = 10_000
STREAMS_PER_CONVERSATION = 20


@dataclass
class Service:
    """The gateway's own parts beside the application's."""

    parts: Parts
    transactions: Transactions[UnitOfWork]
    changes: Changes
    metrics: Metrics
    driver: TurnDriver[UnitOfWork]
    starts: RateLimiter
    posts: RateLimiter
    migrations: Migrations
    _known_tokens: OrderedDict[tuple[str, str], None] = field(default_factory=OrderedDict)

    async def authorise(self, conversation_id: str, token: str) -> None:
        """Let pass who holds the token of this conversation.

        Raises:
            UnknownConversation: There is none, or the token opens another one.
        """
        key = (conversation_id, use_cases.hash_token(token))
        if key in self._known_tokens:  # a token never changes
            self._known_tokens.move_to_end(key)
            return
        await self.transactions.read(
            lambda uow: use_cases.open_with_token(uow, conversation_id, token)
        )
        self._known_tokens[key] = None
        if len(self._known_tokens) > MOST_REMEMBERED_TOKENS:
            self._known_tokens.popitem(last=False)

    def note_delivery(self, message: Message) -> None:
        """Count how long a message took from the log to a live stream."""
        seconds = (self.parts.clock() - message.at).total_seconds()
        self.metrics.stage("deliver", max(0.0, seconds))

    def check_streams(self, conversation_id: str) -> None:
        """Raises: TooManyMessages when the conversation has too many open streams."""
        if self.changes.listeners(conversation_id) >= STREAMS_PER_CONVERSATION:
            raise TooManyMessages(10)


def build_service(parts: Parts) -> Service:
    settings = parts.settings
    transactions: Transactions[UnitOfWork] = Transactions(parts.db)
    shared = parts.shared
    link = shared.link if shared else None
    changes, lock = _between_gateways(transactions, parts.clock, shared)
    metrics = Metrics(parts.pulse, parts.db, parts.clock)
    driver = TurnDriver(
        transactions,
        parts.engine,
        parts.clock,
        check_handoff=parts.check_handoff,
        ask_person=parts.ask_person,
        listener=TurnObserver(changes, metrics, parts.tracing),
        options=TurnOptions(
            patience_seconds=settings.engine_timeout_seconds,
            person_after_seconds=settings.engine_retry_seconds,
            outages=OUTAGES,
        ),
        lock=lock,
    )
    return Service(
        parts,
        transactions,
        changes,
        metrics,
        driver,
        RateLimiter("starts", Rate.per_minute(settings.conversations_per_minute), link),
        RateLimiter("posts", Rate.per_minute(settings.messages_per_minute), link),
        Migrations(settings.database_url),
    )


def _between_gateways(
    transactions: Transactions[UnitOfWork], clock: Clock, shared: Shared | None
) -> tuple[Changes, TurnLock | None]:
    """Return what carries wake-ups and what keeps two gateways from one conversation."""
    if shared is None:
        return PolledChanges(transactions, clock), None
    from amends.gateway.shared_changes import SharedChanges  # these bring redis-py with them
    from amends.wiring.turn_locks import RedisTurnLock

    return SharedChanges(transactions, clock, shared), RedisTurnLock(shared.link)


def _service(request: Request) -> Service:
    return cast(Service, request.app.state.service)


def bearer(request: Request) -> str:
    """Return the token of the `Authorization` header.

    Raises:
        Unauthorised: There is none.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or not token.isascii():
        raise Unauthorised
    return token.strip()


_TOKEN = HTTPBearer(auto_error=False, scheme_name="token", description="The conversation's own.")
"""For the document alone: `bearer` reads the header, and refuses in our one shape."""


async def _authorised(
    request: Request, conversation_id: str, _: Annotated[object, Security(_TOKEN)]
) -> str:
    await _service(request).authorise(conversation_id, bearer(request))
    return conversation_id


def client_address(request: Request, trust_forwarded_for: bool) -> str:
    """Return the customer's network address; behind a proxy, the one that the proxy saw."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if trust_forwarded_for and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return request.client.host if request.client else "unknown"


CurrentService = Annotated[Service, Depends(_service)]
OpenedConversation = Annotated[str, Depends(_authorised)]
