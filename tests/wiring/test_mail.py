"""Mail leaves over SMTP, or as a file; none is lost when the server is down, none goes out late."""

import email
import email.policy
import shutil
import ssl
import subprocess
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from amends.cases.mail import LEASE, Mail, MailRefused, MailUnavailable
from amends.cases.search import CaseQuery, query_terms
from amends.records import access
from amends.wiring import case_index
from amends.wiring import mail as post_office
from amends.wiring.mail import FolderMailer, SmtpMailer, build_mailer, drain
from amends.wiring.settings import Settings, SettingsError, load_settings
from tests.support.shop import NOW, Shop
from tests.support.smtp_server import SmtpServer, smtp_server

SENDER = "Fernhill <help@fernhill.example>"
Log = list[MutableMapping[str, Any]]

pytestmark = pytest.mark.usefixtures("log")


@pytest.fixture
def post() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def connected(shop: Shop, post: SmtpServer) -> Shop:
    changes = {"smtp_url": SecretStr(post.url), "mail_from": SENDER, "smtp_timeout_seconds": 5.0}
    shop.app = replace(shop.app, settings=shop.app.settings.model_copy(update=changes))
    return shop


def mail(**changes: Any) -> Mail:
    plain = Mail("m1", "ana@example.com", "Ihr Code – 代码", "123456 ✓\n", NOW,
                 NOW + timedelta(minutes=15))  # fmt: skip
    return replace(plain, **changes)


def leave(shop: Shop, *mails: Mail) -> None:
    with shop.write() as uow:
        for one in mails or (mail(),):
            uow.mails.add(one)


class TestSending:
    def test_given_a_mail_when_sent_then_it_arrives_as_it_was_written(
        self, connected: Shop, post: SmtpServer
    ) -> None:
        leave(connected)

        assert drain(connected.app) == 1

        (found,) = post.mails
        assert found["To"] == "ana@example.com"
        assert found["From"] == SENDER
        assert found["Subject"] == "Ihr Code – 代码"
        assert found["Message-ID"] == "<m1@fernhill.example>"
        assert found["Auto-Submitted"] == "auto-generated"
        assert found.get_content().replace("\r\n", "\n") == "123456 ✓\n"
        assert drain(connected.app) == 0

    def test_given_a_server_that_is_busy_then_the_mail_is_tried_again_and_arrives_once(
        self, connected: Shop, post: SmtpServer
    ) -> None:
        post.plan += ["451 later", "451 later"]
        leave(connected)

        assert drain(connected.app) == 0
        connected.clock.forward(seconds=6)
        assert drain(connected.app) == 0
        assert drain(connected.app) == 0
        connected.clock.forward(seconds=31)
        assert drain(connected.app) == 1

        assert len(post.mails) == 1

    def test_given_a_server_that_refuses_then_the_mail_is_given_up(
        self, connected: Shop, post: SmtpServer, log: Log
    ) -> None:
        post.plan += ["550 no such mailbox"]
        leave(connected)

        drain(connected.app)
        connected.clock.forward(minutes=5)

        assert drain(connected.app) == 0
        assert [one["event"] for one in log] == ["mail.mail.failed"]
        assert "550" in log[0]["reason"]

    def test_given_a_server_that_is_down_then_it_is_sent_once_it_is_back(
        self, connected: Shop, post: SmtpServer
    ) -> None:
        down = connected.app.settings.model_copy(
            update={"smtp_url": SecretStr("smtp://127.0.0.1:1")}
        )
        leave(connected)

        assert drain(replace(connected.app, settings=down)) == 0
        connected.clock.forward(seconds=6)

        assert drain(connected.app) == 1

    def test_given_a_process_that_died_while_sending_then_another_sends_it(
        self, connected: Shop, post: SmtpServer
    ) -> None:
        leave(connected)
        with connected.write() as uow:
            uow.mails.take(connected.clock(), connected.clock() + LEASE)

        assert drain(connected.app) == 0
        connected.clock.forward(seconds=LEASE.total_seconds())
        assert drain(connected.app) == 1

    def test_given_a_mail_whose_time_is_over_then_it_is_not_sent_any_more(
        self, connected: Shop, post: SmtpServer
    ) -> None:
        leave(connected)
        connected.clock.forward(minutes=15)

        assert drain(connected.app) == 0
        assert post.mails == []

    def test_given_an_address_with_a_line_break_then_refused_and_nothing_is_smuggled(
        self, post: SmtpServer
    ) -> None:
        mailer = SmtpMailer(post.url, SENDER, 5)

        with pytest.raises(MailRefused):
            mailer.send(mail(to="ana@example.com\r\nBcc: eve@example.com"))
        assert post.mails == []


class TestPassword:
    def test_given_no_tls_then_the_password_is_never_sent(self, post: SmtpServer) -> None:
        with pytest.raises(MailUnavailable, match="TLS"):
            SmtpMailer(post.url_with_password(), SENDER, 5).send(mail())

        assert post.mails == []
        assert not any(line.upper().startswith("AUTH") for line in post.lines)

    def test_given_tls_then_the_mail_goes_out_signed_in_and_nothing_in_the_clear(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server, client = _contexts(tmp_path)
        monkeypatch.setattr(ssl, "create_default_context", lambda: client)
        with smtp_server(server) as secret:
            SmtpMailer(secret.url_with_password("localhost"), SENDER, 5).send(mail())

        assert secret.signed_in == [True]
        assert not any("AUTH" in line or "123456" in line for line in secret.lines)

    def test_given_a_certificate_that_nobody_vouches_for_then_nothing_is_sent(
        self, tmp_path: Path
    ) -> None:
        server, _ = _contexts(tmp_path)
        with smtp_server(server) as secret:
            with pytest.raises(MailUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
                SmtpMailer(secret.url_with_password("localhost"), SENDER, 5).send(mail())

            assert secret.mails == []


def _contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's side of one certificate for localhost."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return server, ssl.create_default_context(cafile=str(certificate))


class TestFolder:
    def test_given_no_mail_server_then_mails_become_files(self, shop: Shop) -> None:
        assert isinstance(build_mailer(shop.app.settings), FolderMailer)
        leave(shop)

        assert drain(shop.app) == 1

        (file,) = (shop.app.settings.var_dir / "mail").iterdir()
        found = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert found["To"] == "ana@example.com"
        assert found.get_content() == "123456 ✓\n"


class TestJobs:
    def test_given_a_request_for_a_code_then_the_jobs_bring_it(
        self, connected: Shop, post: SmtpServer
    ) -> None:
        case = connected.chat("cus-collins").complains()
        with connected.write() as uow:
            for number in (case.number, "AM-AAAAAA"):
                access.ask(uow, number, "maya.collins@example.com", "en", connected.clock())

        assert post_office.answer_access_requests(connected.app) == 1
        assert post_office.answer_access_requests(connected.app) == 0
        assert post_office.send_mails(connected.app) == 1
        assert connected.app.lanes.idle(20)

        (found,) = post.mails
        assert case.number in found["Subject"]
        assert post_office.send_mails(connected.app) == 0

    def test_given_a_month_then_it_is_forgotten_who_was_written_to(self, connected: Shop) -> None:
        leave(connected)
        drain(connected.app)
        connected.clock.forward(days=31)

        assert post_office.forget_mails(connected.app) == 1

    def test_given_new_words_then_the_job_lets_the_case_be_found_by_them(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.complains(text="The kettle whistles out of tune and my order is late")
        assert case_index.index_cases(shop.app) == 1
        assert found_by(shop, "kettle") == found_by(shop, "collins") == [chat.case.number]
        shop.clock.forward(minutes=1)
        chat.says("Its spout is bent too")
        assert found_by(shop, "spout") == []

        assert case_index.index_cases(shop.app) == 1

        assert found_by(shop, "spout") == [chat.case.number]
        assert case_index.index_cases(shop.app) == 0


def found_by(shop: Shop, word: str) -> list[str]:
    with shop.db.read() as uow:
        found = uow.case_search.find(CaseQuery(terms=tuple(query_terms(word))), shop.clock())
        return [case.number for case in found.cases]


class TestSettings:
    @pytest.mark.parametrize("url", ["mail.example.com", "http://mail", "smtp://", "smtp://h:x"])
    def test_given_no_mail_server_in_the_url_then_one_sentence_names_the_setting(
        self, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("AMENDS_SMTP_URL", url)

        with pytest.raises(SettingsError, match="AMENDS_SMTP_URL"):
            load_settings(var_dir=tmp_path, mail_from=SENDER)

    def test_given_a_server_and_no_sender_then_the_start_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("AMENDS_SMTP_URL", "smtps://mail.example.com")

        with pytest.raises(SettingsError, match="AMENDS_MAIL_FROM"):
            load_settings(var_dir=tmp_path)

    def test_given_both_then_they_are_taken(self) -> None:
        settings = Settings(
            _env_file=None, smtp_url="smtps://u:p@mail.example.com:465", mail_from=SENDER
        )

        assert isinstance(build_mailer(settings), SmtpMailer)
