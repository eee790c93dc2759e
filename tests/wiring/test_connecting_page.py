"""The page for whoever connects a refund system: its examples work, its tables are true."""

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from amends.compensation.model import Instruction, Step
from amends.compensation.ports import PaymentsUnavailable
from amends.gateway.schemas import CallbackRequest
from amends.values import utc_now
from amends.wiring.http_payments import HttpPayments, body_of
from amends.wiring.standard_webhooks import verify
from tests.storage.samples import remedy
from tests.support.payment_server import SECRET
from tests.support.shop import PROJECT

PAGE = (PROJECT / "docs" / "how-to" / "connect-your-refund-system.md").read_text("utf-8")
ASKED = Instruction(remedy("r-1", order_number="10045", code="ABCD"), "AM-1")


def block(language: str, containing: str) -> str:
    blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (found,) = [one for one in blocks if containing in one]
    return found


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The example in Python, run as a module of its own."""
    monkeypatch.setenv("AMENDS_PAYMENTS_SECRET", SECRET)
    names: dict[str, Any] = {"__name__": "example"}
    exec(block("python", "class Remedies"), names)
    return SimpleNamespace(**names)


@pytest.fixture
def serving(example: SimpleNamespace) -> Iterator[str]:
    """The example's server, on a free port."""
    example.Remedies.log_message = lambda *arguments: None
    server = HTTPServer(("127.0.0.1", 0), example.Remedies)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def gateway() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """Somebody who listens in the gateway's place."""
    heard: list[tuple[dict[str, str], bytes]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.path == "/api/payments/callbacks"
            heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"recorded": true}')

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", heard
    server.shutdown()
    server.server_close()
    thread.join()


class TestPython:
    def test_given_the_example_when_asked_twice_then_it_pays_once_and_answers_the_same(
        self, serving: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        payments = HttpPayments(serving, SECRET, 5, utc_now)

        answers = [payments.issue(ASKED) for _ in range(2)]

        payments.close()
        assert answers[0] == answers[1]
        assert (answers[0].step, answers[0].reference) == (Step.SETTLED, "PAY-1")
        assert capsys.readouterr().out.count("paying 500 GBP for order 10045") == 1

    @pytest.mark.parametrize("secret", ["whsec_" + "QUJD" * 10, SECRET])
    def test_given_the_wrong_secret_or_an_old_message_when_asked_then_the_example_refuses(
        self, serving: str, secret: str
    ) -> None:
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        clock = utc_now if secret != SECRET else lambda: long_ago
        payments = HttpPayments(serving, secret, 5, clock)

        with pytest.raises(PaymentsUnavailable, match="status 401"):
            payments.issue(ASKED)

        payments.close()

    def test_given_the_example_when_it_calls_back_then_its_signature_is_ours(
        self, example: SimpleNamespace, gateway: tuple[str, list[tuple[dict[str, str], bytes]]]
    ) -> None:
        url, heard = gateway

        answer = example.call_back(url, "r-1", "failed", reason="the card has expired")

        ((headers, body),) = heard
        assert answer == {"recorded": True}
        assert verify(SECRET, headers, body, utc_now()) == "msg-r-1"
        assert CallbackRequest.model_validate_json(body).status == "failed"


@pytest.mark.skipif(
    not (shutil.which("openssl") and shutil.which("curl")), reason="no openssl or no curl here"
)
def test_given_the_example_in_the_shell_when_run_then_its_signature_is_ours(
    gateway: tuple[str, list[tuple[dict[str, str], bytes]]],
) -> None:
    url, heard = gateway
    environment = {**os.environ, "AMENDS_PAYMENTS_SECRET": SECRET, "GATEWAY": url}

    done = subprocess.run(
        ["bash", "-euc", block("sh", "curl")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    ((headers, body),) = heard
    assert verify(SECRET, headers, body, utc_now()) == "msg-1"
    assert CallbackRequest.model_validate_json(body).reference == "PAY-17"
    assert done.stdout == '{"recorded": true}'


class TestTables:
    def test_given_the_request_on_the_page_then_it_has_the_fields_that_are_sent(self) -> None:
        shown = json.loads(block("json", "remedy_id"))
        sent = json.loads(body_of(ASKED))

        assert {name: type(value) for name, value in shown.items()} == {
            name: type(value) for name, value in sent.items()
        }

    def test_given_the_fields_of_a_callback_then_the_page_describes_each(self) -> None:
        described = re.findall(r"^\| `(\w+)` \|", PAGE[PAGE.index("## Call back") :], re.MULTILINE)

        assert described[:4] == list(CallbackRequest.model_fields)
