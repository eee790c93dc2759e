"""The engine over HTTP: JSON on loopback, a custom Rasa channel named `amends`."""

import json
import re
from http import HTTPStatus
from typing import Any

import aiohttp
from pydantic import BaseModel, Field, ValidationError

from amends.conversations.model import Choice, Reply, TurnRequest, Understanding
from amends.conversations.ports import EngineNotServing, EngineRefused, EngineUnavailable
from amends.wiring.tracing import OFF, Stage, Tracing, carried_headers

CHANNEL = "/webhooks/amends"
READY_TIMEOUT = aiohttp.ClientTimeout(total=1.0)
KEPT_OPEN_SECONDS = 3.0
"""Shorter than the engine's own five: a connection that it is closing is never used again."""
FAILURES = (aiohttp.ClientError, TimeoutError, OSError)
AWAY = (aiohttp.ClientConnectionError, OSError)
"""The connection broke; a mere time-out is told apart."""
NOT_SERVING = {
    "store lost": "the engine has lost its database",
    "actions away": "the engine has lost its actions, or these their database",
}
_COMMAND = re.compile(r"/(?P<intent>\w+)\s*(?P<entities>\{.*\})?\s*", re.DOTALL)


class _Intent(BaseModel):
    name: str | None = None
    confidence: float = 0.0


class _Assessment(BaseModel):
    complaint: bool
    category: str | None = None
    secondary: tuple[str, ...] = ()
    sentiment: float = Field(0.0, ge=-1, le=1)
    sentiment_label: str = "neu"
    flags: frozenset[str] = frozenset()
    severity: str = "low"
    waiting_hours: float | None = None
    language: str = "en"


class _Parse(BaseModel):
    intent: _Intent
    assessment: _Assessment


class _Choice(BaseModel):
    title: str
    payload: str


class _Reply(BaseModel):
    text: str | None = None
    choices: tuple[_Choice, ...] = ()
    card: dict[str, Any] | None = None


class _Replies(BaseModel):
    replies: list[_Reply]
    steps: list[Stage] = []


class EngineAway(EngineUnavailable):
    """The engine broke off while it had the message."""


class HttpEngine:
    """Implements the Engine port of the conversations room."""

    def __init__(self, base_url: str, timeout_seconds: float = 4.0, tracing: Tracing = OFF) -> None:
        self._base_url = base_url
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._opened: aiohttp.ClientSession | None = None
        self._tracing = tracing
        self.model = ""  # that answered when it was last asked whether it is ready
        self.missing = ""  # why it was not ready then

    async def understand(self, text: str, conversation_id: str) -> Understanding:
        """Return what the engine makes of one message.

        Raises:
            EngineUnavailable: No answer in time; EngineRefused: an error, or nothing usable.
        """
        with self._tracing.span("engine understand"):
            parse = await self._post("understand", {"text": text})
        try:
            checked = _Parse.model_validate(parse)
        except ValidationError as error:
            raise EngineRefused(f"unusable understanding: {_first(error)}") from None
        found = checked.assessment
        return Understanding(
            intent=checked.intent.name or "nlu_fallback",
            confidence=checked.intent.confidence,
            parse=parse,
            **found.model_dump(),
        )

    async def turn(self, request: TurnRequest) -> list[Reply]:
        """Let the engine answer one message; the same message_id replays the first answer.

        Raises:
            EngineUnavailable: No answer in time; EngineRefused: an error, or nothing usable.
        """
        facts = {"message_id": request.message_id}
        with self._tracing.span("engine turn", facts=facts):
            answer = await self._post("turn", turn_body(request))
            try:
                checked = _Replies.model_validate(answer)
            except ValidationError as error:
                raise EngineRefused(f"unusable replies: {_first(error)}") from None
            self._tracing.stages("engine", checked.steps)
        return [_to_reply(r) for r in checked.replies if r.text or r.choices or r.card]

    async def ready(self) -> bool:
        try:
            async with self._session.get(f"{CHANNEL}/health", timeout=READY_TIMEOUT) as answer:
                told = _told_in(await answer.read())
                self.model = told.get("model") or ""
                ready = answer.status == HTTPStatus.OK
                self.missing = "" if ready else _missing(told)
                return ready
        except FAILURES:
            self.missing = f"nothing usable answers at {self._base_url}"
            return False

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()

    @property
    def _session(self) -> aiohttp.ClientSession:
        """One for all calls, opened on the event loop that makes the first."""
        if self._opened is None:
            # trust_env=False: a proxy of the environment must never see what customers write.
            self._opened = aiohttp.ClientSession(
                self._base_url,
                timeout=self._timeout,
                connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=KEPT_OPEN_SECONDS),
                trust_env=False,
            )
        return self._opened

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            async with self._session.post(
                f"{CHANNEL}/{path}", json=body, headers=carried_headers(self._tracing)
            ) as answer:
                status, content = answer.status, await answer.read()
        except FAILURES as error:
            raise _kind(error)(f"{path}: {type(error).__name__}") from error
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise EngineNotServing(f"{path}: {_missing(_told_in(content))}")
        if status != HTTPStatus.OK:
            raise EngineRefused(f"{path}: status {status}")
        try:
            found = json.loads(content)
        except ValueError:
            raise EngineRefused(f"{path}: no JSON") from None
        if not isinstance(found, dict):
            raise EngineRefused(f"{path}: not a JSON object")
        return found


def _kind(error: Exception) -> type[EngineUnavailable]:
    if isinstance(error, aiohttp.ClientConnectorError):
        return EngineNotServing  # nothing listens there
    away = isinstance(error, AWAY) and not isinstance(error, TimeoutError)
    return EngineAway if away else EngineUnavailable


def _told_in(content: bytes) -> dict[str, str]:
    """Return what an engine says of itself; nothing where that cannot be read."""
    try:
        told = json.loads(content)
    except ValueError:
        return {}
    return {k: v for k, v in told.items() if isinstance(v, str)} if isinstance(told, dict) else {}


def _missing(told: dict[str, str]) -> str:
    return NOT_SERVING.get(told.get("status", ""), "the engine is loading its model")


def turn_body(request: TurnRequest) -> dict[str, Any]:
    """Return the request as the channel reads it."""
    text, command = request.text, None
    if request.payload:
        command = to_command(request.payload)
        text = request.text if command else request.payload
    return {
        "sender_id": request.sender_id,
        "message_id": request.message_id,
        "text": text,
        "parse": request.parse,
        "command": command,
        "metadata": request.metadata,
    }


def to_command(payload: str) -> dict[str, Any] | None:
    """Read a payload the bot wrote itself, `/intent{"entity": value}`; None for plain words."""
    match = _COMMAND.fullmatch(payload)
    if match is None:
        return None
    try:
        entities = json.loads(match["entities"] or "{}")
    except ValueError:
        return None
    return {"intent": match["intent"], "entities": entities}


def _to_reply(reply: _Reply) -> Reply:
    choices = tuple(Choice("", choice.title, choice.payload) for choice in reply.choices)
    return Reply(reply.text or "", choices, reply.card)


def _first(error: ValidationError) -> str:
    detail = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(str(part) for part in detail['loc'])}: {detail['msg']}"
