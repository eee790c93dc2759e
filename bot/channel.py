"""The channel `amends`: JSON over loopback HTTP between the gateway and the engine.

`credentials.yml` names `bot.channel.AmendsInput`. Routes, under /webhooks/amends:

* GET  /health      the model in use, 503 until it is loaded or while the tracker store is lost
* POST /understand  one text to Rasa's parse data
* POST /turn        one message of a conversation to the bot's replies, exactly once
* POST /explain     one message to the words that raised flags, and what was done after it
* POST /model       another model of the same folder answers from the next turn on

A customer's text is never a command: Rasa reads `/intent{...}` only in a message that it parses
itself, and here it always gets the finished parse. Nothing a customer wrote is logged.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import ujson
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import (
    carried,
    connections,
    explaining,
    graph_runner,
    memory,
    patches,
    rule_index,
    tracker_store,
    turns,
    vader,
)
from bot.components.languages import readable
from bot.model_swap import ModelRefusedError, ModelSwap, settle
from bot.requests import BadRequestError, TurnRequest, read_explain, read_path, read_text, read_turn

patches.apply()
tracker_store.apply()
rule_index.apply()
graph_runner.apply()
connections.apply()
vader.apply()
memory.keep_low()
logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 65_536
# Rasa takes a leading "/" for a command; control characters would only confuse the components.
_LEADING = re.compile(r"^[\s/\x00-\x1f\x7f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

Handler = Callable[[Request, Agent], Awaitable[HTTPResponse]]


def clean(text: str) -> str:
    """Remove what could make a customer's text a command, and control characters.

    Of a text in which nothing can be read, invisible characters alone, nothing is left: some
    components would read no words in it, others one, and reading it would fail.
    """
    cleaned = _LEADING.sub("", _CONTROL.sub(" ", text)).strip()
    return cleaned if readable(cleaned).strip() else ""


async def understand(agent: Agent, text: str) -> dict[str, Any]:
    """Return Rasa's parse data for a text, as the running model reads it."""
    parse = await agent.processor.parse_message(UserMessage(clean(text)))
    parse.pop("text_tokens", None)
    parse["intent_ranking"] = parse.get("intent_ranking", [])[:5]
    return parse


def command_parse(intent: str, entities: dict[str, Any]) -> dict[str, Any]:
    """Build the parse data of a command: what a button means, decided by the gateway."""
    certain = {"name": intent, "confidence": 1.0}
    return {
        "text": "",
        "intent": certain,
        "intent_ranking": [certain],
        "entities": [
            {"entity": name, "value": value, "extractor": "command"}
            for name, value in entities.items()
        ],
    }


class AmendsInput(InputChannel):
    """The only channel of the engine; see the module's docstring."""

    @classmethod
    def name(cls) -> str:
        return "amends"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes; Rasa's own handler is not used, `bot.turns` takes its place."""
        routes = Blueprint("amends_webhook")
        routes.listener("after_server_start")(_settle)
        routes.add_route(_door(_health), "/health", methods=["GET"], name="health")
        routes.add_route(_door(_understand), "/understand", methods=["POST"], name="understand")
        routes.add_route(_door(_turn), "/turn", methods=["POST"], name="turn")
        routes.add_route(_door(_explain), "/explain", methods=["POST"], name="explain")
        routes.add_route(_door(_model), "/model", methods=["POST"], name="model")
        return routes


async def _settle(app: Sanic, loop: Any) -> None:
    """Keep to the folder of the model that the engine began with, and tidy up after loading it."""
    app.ctx.model_swap = ModelSwap()
    agent = getattr(app.ctx, "agent", None)
    if agent is not None:
        app.ctx.model_swap.keep_to_folder_of(agent)
    settle()


def _door(handler: Handler) -> Callable[[Request], Awaitable[HTTPResponse]]:
    """Wrap a handler: no model, no store or no actions is 503, a bad request 400 or 413, any
    failure 500."""

    @wraps(handler)
    async def answer(request: Request) -> HTTPResponse:
        carried.begin(request.headers)
        agent = getattr(request.app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            return json({"status": "loading"}, status=503)
        try:
            return await handler(request, agent)
        except BadRequestError as error:
            return json({"error": str(error)}, status=error.status)
        except ModelRefusedError as error:
            logger.error("amends.model.refused reason=%s", error)
            return json({"error": str(error)}, status=error.status)
        except tracker_store.StoreLostError as error:
            # 503: nothing is wrong with the message, which the gateway sends again
            logger.error("amends.store.lost type=%s", error)
            return json({"status": "store lost"}, status=503)
        except turns.ActionsAwayError as error:
            logger.error("amends.actions.away reason=%s", error)
            return json({"status": "actions away"}, status=503)
        except turns.TurnFailedError as error:
            logger.error("amends.turn.failed reason=%s", error)
            return json({"error": str(error)}, status=500)
        except Exception as error:
            # the type alone: a message could quote the customer
            logger.error("amends.request.failed type=%s", type(error).__name__)
            return json({"error": f"the engine failed: {type(error).__name__}"}, status=500)

    return answer


async def _health(request: Request, agent: Agent) -> HTTPResponse:
    if not await tracker_store.works(agent.tracker_store):
        return json({"status": "store lost"}, status=503)
    return json({"status": "ready", "model": agent.model_name})


async def _understand(request: Request, agent: Agent) -> HTTPResponse:
    return json(await understand(agent, read_text(_body(request))))


async def _turn(request: Request, agent: Agent) -> HTTPResponse:
    asked = read_turn(_body(request))
    message = await _message(agent, asked)
    turn = await turns.run_turn(agent, message)
    logger.info(
        "amends.turn.done sender_id=%s replayed=%s request_id=%s",
        asked.sender_id,
        turn.replayed,
        carried.headers().get("X-Request-ID", "-"),
    )
    answer = {"replies": turn.replies, "replayed": turn.replayed}
    return json({**answer, "steps": carried.steps()})


async def _model(request: Request, agent: Agent) -> HTTPResponse:
    seconds = await request.app.ctx.model_swap.to(agent, read_path(_body(request)))
    logger.info("amends.model.swapped model=%s seconds=%.1f", agent.model_name, seconds)
    return json({"status": "ready", "model": agent.model_name, "seconds": round(seconds, 2)})


async def _explain(request: Request, agent: Agent) -> HTTPResponse:
    asked = read_explain(_body(request))
    steps = await explaining.steps_of_turn(agent, asked.sender_id, asked.message_id)
    return json({"flag_words": explaining.flag_words(clean(asked.text)), "steps": steps})


async def _message(agent: Agent, asked: TurnRequest) -> UserMessage:
    text = clean(asked.text)
    if asked.command is not None:
        parse = command_parse(asked.command.intent, asked.command.entities)
    else:
        parse = dict(asked.parse or await understand(agent, text))
    parse["text"] = text
    return UserMessage(
        text,
        turns.silent_output(),
        asked.sender_id,
        parse_data=parse,
        input_channel=AmendsInput.name(),
        message_id=asked.message_id,
        metadata=asked.metadata,
    )


def _body(request: Request) -> Any:
    if len(request.body) > MAX_BODY_BYTES:
        raise BadRequestError(f"The body exceeds {MAX_BODY_BYTES} bytes.", status=413)
    try:
        return ujson.loads(request.body)
    except ValueError:
        raise BadRequestError("The body is not valid JSON.") from None
