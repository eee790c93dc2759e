"""The engine's custom actions over HTTP."""

import sys
import types

import httpx
import pytest
from rasa_sdk import Action
from rasa_sdk.interfaces import ActionExecutionRejection

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


@pytest.fixture
async def client(monkeypatch):
    package = types.ModuleType("tests_of_actions")
    package.__path__ = []
    for action in (_Greet, _Refuse, _Break):
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
    ("name", "status"), [("action_refuse", 400), ("action_none", 404), ("action_break", 500)]
)
async def test_given_failure_when_called_then_status_rasa_knows(client, name, status):
    answer = await client.post("/webhook", json=call(name))

    assert answer.status_code == status
    assert answer.json()["action_name"] == name
    assert "secret" not in answer.text


async def test_given_no_json_when_called_then_400(client):
    assert (await client.post("/webhook", content=b"{")).status_code == 400


async def test_given_health_when_asked_then_ok(client):
    assert (await client.get("/health")).json()["status"] == "ok"
