"""One try at another system: what it is sent, and what becomes of every answer."""

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from amends.webhooks.errors import UrlRefused
from amends.webhooks.model import Answer, Endpoint, Event, EventType
from amends.wiring import http_webhooks
from amends.wiring.http_webhooks import HttpWebhooks
from tests.support.http_server import Reply
from tests.support.payment_server import SECRET
from tests.support.shop import NOW, Clock
from tests.support.webhook_server import WebhookServer, webhook_server

EVENT = Event("evt_1", "case.opened", NOW - timedelta(hours=5), {"case_number": "AM-GQTAMN"})
ENDPOINT = Endpoint("e1", "", SECRET, tuple(EventType), NOW)
PATIENCE_SECONDS = 0.4


@pytest.fixture
def hooks() -> Iterator[WebhookServer]:
    with webhook_server() as running:
        running.secrets["/crm"] = SECRET
        yield running
        assert running.complaints == []


def send(hooks: WebhookServer, *plan: Reply, **options: Any) -> Answer:
    hooks.plan["/crm"] = list(plan)
    options = {"allow_private": True, "timeout_seconds": PATIENCE_SECONDS} | options
    return HttpWebhooks(Clock(), **options).send(replace(ENDPOINT, url=f"{hooks.url}/crm"), EVENT)


class TestRequest:
    def test_given_an_event_when_sent_then_signed_now_under_its_own_id(
        self, hooks: WebhookServer
    ) -> None:
        assert send(hooks) == Answer(status=204)

        (heard,) = hooks.heard
        assert heard.request.method == "POST"
        assert heard.request.headers["content-type"] == "application/json"
        assert heard.request.headers["user-agent"].startswith("Amends/")
        assert (heard.id, heard.timestamp) == ("evt_1", int(NOW.timestamp()))
        assert heard.event == {
            "type": "case.opened",
            "timestamp": "2026-03-04T05:00:00.000Z",
            "data": {"version": 1, "case_number": "AM-GQTAMN"},
        }

    def test_given_a_name_when_called_then_the_host_header_names_it(
        self, hooks: WebhookServer
    ) -> None:
        hooks.url = hooks.url.replace("127.0.0.1", "localhost")

        assert send(hooks).is_success
        assert hooks.heard[0].request.headers["host"].startswith("localhost:")

    def test_given_a_proxy_in_the_environment_when_sent_then_it_sees_nothing(
        self, hooks: WebhookServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

        assert send(hooks).is_success


class TestAnswers:
    @pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
    def test_given_any_success_then_delivered(self, hooks: WebhookServer, status: int) -> None:
        answer = send(hooks, Reply(status, body=b"" if status == 204 else b"thanks"))

        assert answer.is_success
        assert not answer.is_gone

    @pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 409, 429, 500, 503])
    def test_given_any_other_status_then_not_delivered_and_it_says_so(
        self, hooks: WebhookServer, status: int
    ) -> None:
        answer = send(hooks, Reply(status, body=b"<html>"))

        assert not answer.is_success
        assert answer.words == f"status {status}"

    def test_given_a_redirect_then_it_is_not_followed(self, hooks: WebhookServer) -> None:
        moved = Reply(307, headers=(("Location", f"{hooks.url}/elsewhere"),))

        assert send(hooks, moved).status == 307
        assert [one.path for one in hooks.heard] == ["/crm"]

    def test_given_gone_then_it_is_known_as_such(self, hooks: WebhookServer) -> None:
        assert send(hooks, Reply(410)).is_gone

    @pytest.mark.parametrize(
        ("value", "wanted"),
        [
            ("120", timedelta(minutes=2)),
            (format_datetime(NOW + timedelta(hours=1)), timedelta(hours=1)),
            (format_datetime(NOW - timedelta(hours=1)), timedelta(0)),
            ("soon", None),
            ("-5", None),
            ("", None),
        ],
    )
    def test_given_a_time_to_come_back_then_it_is_read(
        self, hooks: WebhookServer, value: str, wanted: timedelta | None
    ) -> None:
        assert send(hooks, Reply(503, headers=(("Retry-After", value),))).retry_after == wanted

    def test_given_a_broken_connection_then_there_is_no_answer(self, hooks: WebhookServer) -> None:
        answer = send(hooks, Reply(drops=True))

        assert answer.status is None
        assert answer.words.startswith("no answer: RemoteProtocolError")

    def test_given_nobody_listens_then_there_is_no_answer(self, hooks: WebhookServer) -> None:
        hooks.url = "http://127.0.0.1:1"

        assert send(hooks).words.startswith("no answer: ConnectError")

    def test_given_a_name_of_nobody_then_it_says_so(
        self, hooks: WebhookServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unknown(*arguments: Any, **options: Any) -> Any:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)

        assert send(hooks).words.startswith("no such host: gaierror")

    def test_given_an_endless_body_when_the_status_is_good_then_delivered_within_bounds(
        self, hooks: WebhookServer
    ) -> None:
        started = time.monotonic()

        answer = send(hooks, Reply(200, body=b"x", trickles=True))

        assert answer.is_success
        assert time.monotonic() - started < PATIENCE_SECONDS + 2

    def test_given_a_huge_body_then_only_its_beginning_is_read(self, hooks: WebhookServer) -> None:
        assert send(hooks, Reply(200, body=b"x" * 5_000_000), timeout_seconds=10).is_success


class TestPatience:
    def test_given_a_silent_system_then_the_try_ends_in_time(self, hooks: WebhookServer) -> None:
        started = time.monotonic()

        answer = send(hooks, Reply(after=threading.Event()))

        assert answer.words.startswith("no answer: ReadTimeout")
        assert time.monotonic() - started < PATIENCE_SECONDS + 2

    def test_given_headers_that_trickle_without_end_then_the_try_ends_in_time(self) -> None:
        """Each byte comes in time; their sum does not."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            over = trickle(listening)
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            started = time.monotonic()

            courier = HttpWebhooks(Clock(), allow_private=True, timeout_seconds=PATIENCE_SECONDS)
            answer = courier.send(replace(ENDPOINT, url=url), EVENT)

            over.set()
        assert answer.words.startswith("no answer: ReadTimeout")
        assert time.monotonic() - started < PATIENCE_SECONDS + 2

    def test_given_no_other_wish_then_a_try_lasts_fifteen_seconds(self) -> None:
        assert http_webhooks.TIMEOUT_SECONDS == 15


def trickle(listening: socket.socket) -> Any:
    """Answer the first caller one byte of a header after the other."""
    over = threading.Event()

    def answer() -> None:
        caller, _ = listening.accept()
        with caller:
            caller.sendall(b"HTTP/1.1 200 OK\r\n")
            while not over.wait(0.02):
                try:
                    caller.sendall(b"X")
                except OSError:
                    return

    threading.Thread(target=answer, daemon=True).start()
    return over


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of crm.example.com that nobody trusts by himself, its key in the same file."""
    file = tmp_path_factory.mktemp("tls") / "crm.pem"
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl to make a certificate with")
    subprocess.run(
        [
            program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=crm.example.com", "-addext", "subjectAltName=DNS:crm.example.com",
            "-keyout", str(file.with_suffix(".key")), "-out", str(file),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return file


@pytest.fixture
def secured(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebhookServer]:
    """A server with TLS, to which every name leads."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    real = socket.getaddrinfo

    def here(host: str, *more: Any, **named: Any) -> Any:
        return real("127.0.0.1", *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    with webhook_server(context) as running:
        yield running
    http_webhooks._trust.cache_clear()


class TestTls:
    def call(self, server: WebhookServer, name: str) -> Answer:
        http_webhooks._trust.cache_clear()
        url = server.url.replace("127.0.0.1", name)
        courier = HttpWebhooks(Clock(), allow_private=True, timeout_seconds=5)
        return courier.send(replace(ENDPOINT, url=f"{url}/crm"), EVENT)

    def test_given_a_certificate_of_that_name_when_sent_then_delivered(
        self, secured: WebhookServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

        assert self.call(secured, "crm.example.com") == Answer(status=204)

    def test_given_a_certificate_of_another_name_when_sent_then_nothing_is_told(
        self, secured: WebhookServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

        assert "CERTIFICATE_VERIFY_FAILED" in self.call(secured, "erp.example.com").words
        assert secured.heard == []

    def test_given_a_certificate_that_nobody_trusts_when_sent_then_nothing_is_told(
        self, secured: WebhookServer
    ) -> None:
        assert "CERTIFICATE_VERIFY_FAILED" in self.call(secured, "crm.example.com").words
        assert secured.heard == []


class TestPrivateAddresses:
    def test_given_a_private_address_when_sent_then_refused_and_nobody_is_called(
        self, hooks: WebhookServer
    ) -> None:
        hooks.url = hooks.url.replace("http://", "https://")

        answer = send(hooks, allow_private=False)

        assert answer.words.startswith("address refused: 127.0.0.1 is at 127.0.0.1")
        assert hooks.heard == []

    def test_given_a_name_that_changes_after_the_check_then_the_address_called_was_checked(
        self, hooks: WebhookServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        courier = HttpWebhooks(Clock(), allow_private=False)
        real, asked = socket.getaddrinfo, []

        def rebinding(host: str, port: int, **options: Any) -> Any:
            asked.append(host)
            return real("8.8.8.8" if len(asked) == 1 else "127.0.0.1", port, **options)

        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        url = courier.check("https://rebind.example.com:9/")

        answer = courier.send(replace(ENDPOINT, url=url), EVENT)

        assert answer.words.startswith("address refused: rebind.example.com is at 127.0.0.1")
        assert hooks.heard == []

    def test_given_no_tls_outside_then_refused(self, hooks: WebhookServer) -> None:
        assert "https://" in send(hooks, allow_private=False).words
        assert hooks.heard == []


class TestCheck:
    @pytest.mark.parametrize(
        ("url", "reason"),
        [
            ("crm", "must be an address"),
            ("", "must be an address"),
            ("ftp://crm.example.com", "must be an address"),
            ("https://", "must be an address"),
            ("https://crm.example.com:99999/", "must be an address"),
            ("https://crm.example.com:0/", "must be an address"),
            ("https://crm.example.com:port/", "no address"),
            ("http://93.184.215.14/hooks", "must begin with https://"),
            ("https://user:word@93.184.215.14/", "no user name"),
            ("https://93.184.215.14/#part", "no fragment"),
            ("https://93.184.215.14/" + "x" * 2000, "2000 characters"),
            ("https://10.0.0.1/hooks", "AMENDS_WEBHOOKS_ALLOW_PRIVATE=true"),
            ("https://[::1]/hooks", "AMENDS_WEBHOOKS_ALLOW_PRIVATE=true"),
            ("https://localhost/hooks", "AMENDS_WEBHOOKS_ALLOW_PRIVATE=true"),
        ],
    )
    def test_given_an_address_that_cannot_be_used_then_one_sentence_says_why(
        self, url: str, reason: str
    ) -> None:
        with pytest.raises(UrlRefused, match=r"cannot be used: .*\.$") as refused:
            HttpWebhooks(Clock(), allow_private=False).check(url)

        assert reason in str(refused.value)

    def test_given_a_public_address_then_it_is_taken(self) -> None:
        courier = HttpWebhooks(Clock(), allow_private=False)

        assert courier.check(" https://93.184.215.14/hooks?a=1 ") == (
            "https://93.184.215.14/hooks?a=1"
        )

    def test_given_a_name_that_nobody_knows_yet_then_it_is_taken(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unknown(*arguments: Any, **options: Any) -> Any:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)

        assert HttpWebhooks(Clock(), allow_private=False).check("https://soon.example.com/")

    def test_given_private_is_allowed_then_a_neighbour_without_tls_is_taken(self) -> None:
        courier = HttpWebhooks(Clock(), allow_private=True)

        assert courier.check("http://127.0.0.1:9000/hooks") == "http://127.0.0.1:9000/hooks"
