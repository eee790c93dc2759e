"""The page for whoever receives webhooks: its example works, its tables are true."""

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import HTTPServer
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from amends.values import utc_now
from amends.webhooks.decide import JITTER, PAUSES
from amends.webhooks.model import TEST_EVENT, Endpoint, Event, EventType
from amends.wiring import standard_webhooks
from amends.wiring.http_webhooks import HttpWebhooks
from tests.support.payment_server import SECRET
from tests.support.shop import PROJECT

PAGE = (PROJECT / "docs" / "how-to" / "receive-webhooks.md").read_text("utf-8")
SCHEMA = json.loads((PROJECT / "docs" / "schemas" / "webhooks-v1.json").read_text("utf-8"))
ENDPOINT = Endpoint("e1", "", SECRET, tuple(EventType), utc_now())
EVENT = Event("evt_1", "case.opened", utc_now(), {"case_number": "AM-GQTAMN"})


def block(language: str, containing: str) -> str:
    blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (found,) = [one for one in blocks if containing in one]
    return found


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The example's server, on a free port."""
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
    names: dict[str, Any] = {"__name__": "example"}
    exec(block("python", "class Hooks"), names)
    example = SimpleNamespace(**names)
    example.Hooks.log_message = lambda *arguments: None
    server = HTTPServer(("127.0.0.1", 0), example.Hooks)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


class TestExample:
    def test_given_the_example_when_an_event_comes_twice_then_it_is_heard_once(
        self, serving: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        courier = HttpWebhooks(utc_now, allow_private=True)

        answers = [courier.send(replace(ENDPOINT, url=serving), EVENT) for _ in range(2)]

        assert [one.status for one in answers] == [204, 204]
        assert capsys.readouterr().out == "case.opened AM-GQTAMN\n"

    def test_given_the_example_when_somebody_else_calls_then_refused(
        self, serving: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        body = b'{"type": "case.opened", "data": {}}'
        forged = standard_webhooks.sign("whsec_" + "QUFB" * 8, "evt_1", utc_now(), body)

        answer = httpx.post(serving, content=body, headers=forged, trust_env=False)

        assert answer.status_code == 401
        assert capsys.readouterr().out == ""


class TestTables:
    def test_given_the_events_then_the_page_tells_of_each(self) -> None:
        told = re.findall(r"^\| `([a-z]+\.[a-z]+)` \|", PAGE, re.MULTILINE)

        assert sorted(told) == sorted([*EventType, TEST_EVENT])

    def test_given_the_event_shown_then_it_fits_the_schema(self) -> None:
        shown = json.loads(block("json", "remedy.issued"))

        assert list(Draft202012Validator(SCHEMA).iter_errors(shown)) == []

    def test_given_the_pauses_then_the_page_names_them_all(self) -> None:
        seconds = [int(pause.total_seconds()) for pause in PAUSES]

        assert "after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours" in PAGE
        assert seconds == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
        assert "a fifth of it by chance" in PAGE
        assert JITTER == 1 / 5
