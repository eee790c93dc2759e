"""The engine's HTTP protocol, seen from the gateway."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from amends.conversations.model import Choice, Reply, TurnRequest
from amends.conversations.ports import EngineRefused, EngineUnavailable
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


def engine(answer: Callable[[httpx.Request], httpx.Response]) -> HttpEngine:
    made = HttpEngine("http://engine.test")
    made._client = httpx.AsyncClient(
        base_url="http://engine.test", transport=httpx.MockTransport(answer)
    )
    return made


def answering(status: int, body: Any) -> HttpEngine:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return engine(lambda request: httpx.Response(status, content=content))


class TestUnderstand:
    async def test_given_parse_when_understood_then_every_field_is_read(self):
        found = await answering(200, PARSE).understand("It is broken")

        assert (found.intent, found.confidence) == ("report_damaged_item", 0.8)
        assert (found.category, found.secondary) == ("damaged_item", ("billing_error",))
        assert (found.flags, found.severity) == (frozenset({"safety"}), "high")
        assert found.waiting_hours == 72.0
        assert found.parse == PARSE

    @pytest.mark.parametrize(
        "body", [b"no json", [], {}, {"intent": {}}, PARSE | {"assessment": {"sentiment": 3}}]
    )
    async def test_given_nothing_usable_when_understood_then_refused(self, body):
        with pytest.raises(EngineRefused) as refused:
            await answering(200, body).understand("secret words")

        assert "secret words" not in str(refused.value)


class TestTurn:
    async def test_given_request_when_sent_then_body_of_the_protocol(self):
        sent = []

        def answer(request: httpx.Request) -> httpx.Response:
            sent.append((request.url.path, json.loads(request.content)))
            return httpx.Response(
                200,
                json={
                    "replies": [
                        {"text": "Sorry.", "choices": [{"title": "Yes", "payload": "/agree"}]},
                        {"text": None, "choices": [], "card": {"kind": "survey"}},
                        {"text": "", "choices": [], "card": None},
                    ],
                    "replayed": False,
                },
            )

        replies = await engine(answer).turn(REQUEST)

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
        with pytest.raises(error):
            await answering(status, body).turn(REQUEST)

    async def test_given_engine_away_when_asked_then_unavailable_but_not_refused(self):
        def away(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("refused")

        for each in (engine(away), answering(503, {"status": "loading"})):
            with pytest.raises(EngineUnavailable) as unavailable:
                await each.turn(REQUEST)
            assert not isinstance(unavailable.value, EngineRefused)


class TestReady:
    async def test_given_health_when_asked_then_only_200_is_ready(self):
        def away(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("refused")

        assert await answering(200, {"status": "ready"}).ready()
        assert not await answering(503, {"status": "loading"}).ready()
        assert not await engine(away).ready()
