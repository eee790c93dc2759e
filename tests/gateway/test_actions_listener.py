"""The engine's custom actions over HTTP."""

import math
import sys
import types

import httpx
import pytest
from rasa_sdk import Action
from rasa_sdk.interfaces import ActionExecutionRejection
from sqlalchemy.exc import OperationalError

from amends.gateway.actions import create_actions_app


class _Greet(Action):
    def name(self) -> str:
        return "action_greet"

    async def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=f"Hello {tracker.sender_id}")
        return [{"event": "slot", "name": "greeted", "value": True}]


class _Refuse(_Greet):
    def name(self) -> str:
        return "action_refuse"

    async def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection(self.name())


class _Break(_Greet):
    def name(self) -> str:
        return "action_break"

    async def run(self, dispatcher, tracker, domain):
        raise RuntimeError("secret")


class _Lose(_Greet):
    def name(self) -> str:
        return "action_lose"

    async def run(self, dispatcher, tracker, domain):
        raise OperationalError("SELECT secret", {}, Exception("the server closed the connection"))


class _Babble(_Greet):
    def name(self) -> str:
        return "action_babble"

    async def run(self, dispatcher, tracker, domain):
        return [{"event": "slot", "name": "greeted", "value": math.nan}]


@pytest.fixture
async def client(monkeypatch):
    package = types.ModuleType("tests_of_actions")
    package.__path__ = []
    for action in (_Greet, _Refuse, _Break, _Lose, _Babble):
        monkeypatch.setattr(action, "__module__", "tests_of_actions")
    monkeypatch.setitem(sys.modules, "tests_of_actions", package)
    transport = httpx.ASGITransport(create_actions_app("tests_of_actions"))
    async with httpx.AsyncClient(transport=transport, base_url="http://actions") as opened:
        yield opened


def call(name: str) -> dict:
    tracker = {
        "sender_id": "c.1",
        "slots": {},
        "latest_message": {},
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {"next_action": name, "tracker": tracker, "domain": {"actions": []}}


async def test_given_action_when_called_then_events_and_responses(client):
    answer = await client.post("/webhook", json=call("action_greet"))

    assert answer.status_code == 200
    assert answer.json()["events"][0]["name"] == "greeted"
    assert answer.json()["responses"][0]["text"] == "Hello c.1"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("action_refuse", 400),
        ("action_none", 404),
        ("action_break", 500),
        ("action_lose", 503),  # nothing is wrong with the message: its turn is driven again
        ("action_babble", 500),  # what it returns is no JSON
    ],
)
async def test_given_failure_when_called_then_status_rasa_knows(client, name, status):
    answer = await client.post("/webhook", json=call(name))

    assert answer.status_code == status
    assert answer.json()["action_name"] == name
    assert "secret" not in answer.text


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000])
async def test_given_no_json_when_called_then_400(client, body):
    assert_code(await client.post("/webhook", content=body), 400, "invalid_json")


@pytest.mark.parametrize(
    "body",
    [
        [1],
        {},
        call("action_greet") | {"next_action": ["action_greet"]},
        call("action_greet") | {"tracker": []},
        call("action_greet") | {"tracker": {}},
        call("action_greet") | {"domain": None},
    ],
)
async def test_given_no_call_of_the_engine_when_called_then_422(client, body):
    assert_code(await client.post("/webhook", json=body), 422, "invalid_request")


def assert_code(answer, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_given_openapi_when_read_then_call_and_answers(client):
    document = (await client.get("/openapi.json")).json()
    webhook = document["paths"]["/webhook"]["post"]

    body = webhook["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["next_action", "tracker", "domain"]
    assert body["properties"]["tracker"]["required"] == ["sender_id"]
    assert {"200", "400", "404", "422", "500"} <= set(webhook["responses"])


async def test_given_health_when_asked_then_ok(client):
    assert (await client.get("/health")).json()["status"] == "ok"
