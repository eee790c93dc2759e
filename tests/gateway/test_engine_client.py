"""The engine's HTTP protocol, seen from the gateway."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.web import Request, Response

from amends.conversations.model import Choice, Reply, TurnRequest
from amends.conversations.ports import EngineNotServing, EngineRefused
from amends.wiring.engine_client import HttpEngine, to_command

PARSE = {
    "text": "It is broken",
    "intent": {"name": "report_damaged_item", "confidence": 0.8},
    "intent_ranking": [{"name": "report_damaged_item", "confidence": 0.8}],
    "entities": [],
    "assessment": {
        "complaint": True,
        "category": "damaged_item",
        "secondary": ["billing_error"],
        "sentiment": -0.5,
        "sentiment_label": "neg",
        "flags": ["safety"],
        "severity": "high",
        "waiting_hours": 72,
        "language": "en",
    },
}
REQUEST = TurnRequest("c.1", "c:2", "It is broken", PARSE, None, {"seq": 2})


@asynccontextmanager
async def engine(answer: Callable[[Request], Awaitable[Response]]) -> AsyncIterator[HttpEngine]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        client = HttpEngine(str(server.make_url("")))
        try:
            yield client
        finally:
            await client.close()


def answering(status: int, body: Any) -> AbstractAsyncContextManager[HttpEngine]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def answer(request: Request) -> Response:
        return Response(status=status, body=content)

    return engine(answer)


class TestUnderstand:
    async def test_given_parse_when_understood_then_every_field_is_read(self):
        async with answering(200, PARSE) as client:
            found = await client.understand("It is broken", "c")

        assert (found.intent, found.confidence) == ("report_damaged_item", 0.8)
        assert (found.category, found.secondary) == ("damaged_item", ("billing_error",))
        assert (found.flags, found.severity) == (frozenset({"safety"}), "high")
        assert found.waiting_hours == 72.0
        assert found.parse == PARSE

    @pytest.mark.parametrize(
        "body", [b"no json", [], {}, {"intent": {}}, PARSE | {"assessment": {"sentiment": 3}}]
    )
    async def test_given_nothing_usable_when_understood_then_refused(self, body):
        async with answering(200, body) as client:
            with pytest.raises(EngineRefused) as refused:
                await client.understand("secret words", "c")

        assert "secret words" not in str(refused.value)


class TestTurn:
    async def test_given_request_when_sent_then_body_of_the_protocol(self):
        sent = []

        async def answer(request: Request) -> Response:
            sent.append((request.path, await request.json()))
            return web.json_response(
                {
                    "replies": [
                        {"text": "Sorry.", "choices": [{"title": "Yes", "payload": "/agree"}]},
                        {"text": None, "choices": [], "card": {"kind": "survey"}},
                        {"text": "", "choices": [], "card": None},
                    ],
                    "replayed": False,
                }
            )

        async with engine(answer) as client:
            replies = await client.turn(REQUEST)

        assert replies == [
            Reply("Sorry.", (Choice("", "Yes", "/agree"),)),
            Reply("", (), {"kind": "survey"}),
        ]
        assert sent == [
            (
                "/webhooks/amends/turn",
                {
                    "sender_id": "c.1",
                    "message_id": "c:2",
                    "text": "It is broken",
                    "parse": PARSE,
                    "command": None,
                    "metadata": {"seq": 2},
                },
            )
        ]

    @pytest.mark.parametrize(
        ("payload", "command"),
        [
            ("/agree", {"intent": "agree", "entities": {}}),
            ('/agree{"chosen": "o1"}', {"intent": "agree", "entities": {"chosen": "o1"}}),
            ("Yes, please", None),
            ("/agree{broken", None),
            ("/agree{1}", None),
        ],
    )
    def test_given_payload_when_read_then_command_or_plain_words(self, payload, command):
        assert to_command(payload) == command

    @pytest.mark.parametrize(
        ("status", "body", "error"),
        [
            (500, {"error": "x"}, EngineRefused),
            (413, {"error": "x"}, EngineRefused),
            (200, {"replies": "x"}, EngineRefused),
            (200, b"", EngineRefused),
        ],
    )
    async def test_given_error_when_asked_then_refused(self, status, body, error):
        async with answering(status, body) as client:
            with pytest.raises(error):
                await client.turn(REQUEST)

    async def test_given_engine_away_when_asked_then_it_says_nothing_about_the_message(self):
        async with answering(503, {"status": "loading"}) as loading:
            away = HttpEngine("http://127.0.0.1:9")
            for each in (loading, away):
                with pytest.raises(EngineNotServing):
                    await each.turn(REQUEST)
            await away.close()


class TestReady:
    async def test_given_health_when_asked_then_only_200_is_ready(self):
        async with answering(200, {"status": "ready"}) as ready:
            assert await ready.ready()
        async with answering(503, {"status": "loading"}) as loading:
            assert not await loading.ready()
        away = HttpEngine("http://127.0.0.1:9")
        assert not await away.ready()
        await away.close()

    async def test_given_no_engine_ready_when_asked_why_then_it_says_so(self):
        for status, sentence in (
            ("loading", "the engine is loading its model"),
            ("store lost", "the engine has lost its database"),
            ("actions away", "the engine has lost its actions, or these their database"),
        ):
            async with answering(503, {"status": status}) as engine:
                assert not await engine.ready()
                assert engine.missing == sentence
