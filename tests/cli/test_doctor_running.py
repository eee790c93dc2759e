"""The doctor looks at a running installation, its neighbours and its secrets."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from amends.cli import doctor_running
from amends.cli.doctor_running import examine_books, examine_running
from amends.cli.finding import Finding
from amends.storage import Database
from amends.wiring.settings import Settings
from tests.storage.samples import given
from tests.support.database import database  # noqa: F401
from tests.support.http_server import Reply, Request, serve


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = [one for one in tmp_path.parents if one.name.startswith(("pytest-", "popen-"))]
    for folder in (tmp_path, *made):
        folder.chmod(0o755)
    return Settings(project_dir=tmp_path, engine_port=5521, gateway_port=5522, desk_port=5523)


def found(findings: Iterator[Finding]) -> dict[str, Finding]:
    return {finding.subject: finding for finding in findings}


class TestSecrets:
    def test_given_a_secret_that_others_read_then_it_says_what_to_run(
        self, settings: Settings
    ) -> None:
        settings.var_dir.mkdir()
        secret = settings.var_dir / "secret"
        secret.write_text("x")
        secret.chmod(0o644)

        finding = found(examine_running(settings))["permissions of secret"]

        assert f"chmod 600 {secret}" in finding.advice

    def test_given_a_closed_folder_around_it_then_in_order(self, settings: Settings) -> None:
        settings.var_dir.mkdir()
        (settings.var_dir / "secret").write_text("x")
        settings.var_dir.chmod(0o700)

        assert found(examine_running(settings))["permissions of secrets"].in_order


class TestGateway:
    def test_given_none_runs_then_said(self, settings: Settings) -> None:
        assert found(examine_running(settings))["jobs"].state == "not running"

    def test_given_one_with_a_stuck_job_then_what_it_misses_is_told(
        self, settings: Settings
    ) -> None:
        def answer(request: Request) -> Reply:
            if request.path == "/metrics":
                line = b'amends_job_last_success_timestamp_seconds{job="send_mails"} 1.7e9\n'
                return Reply(200, body=line)
            return Reply(200, body=b'{"missing": [{"check": "jobs", "why": "send_mails hangs"}]}')

        with serve(answer) as server:
            port = int(server.url.rsplit(":", 1)[1])
            findings = found(examine_running(settings.model_copy(update={"gateway_port": port})))

        assert findings["gateway, jobs"].advice == "send_mails hangs."
        assert "send_mails" in findings["jobs"].state


class TestNeighbours:
    def test_given_a_refund_system_that_is_away_then_the_setting_is_named(
        self, settings: Settings
    ) -> None:
        away = settings.model_copy(update={"payments_url": "http://127.0.0.1:1"})

        finding = found(examine_running(away))["refund system"]

        assert "AMENDS_PAYMENTS_URL" in finding.advice

    def test_given_a_receiver_of_traces_that_answers_then_in_order(
        self, settings: Settings
    ) -> None:
        with serve(lambda request: Reply(405)) as server:
            there = settings.model_copy(update={"otlp_url": server.url})

            assert found(examine_running(there))["receiver of traces"].in_order


class TestBooks:
    def test_given_words_from_the_future_then_the_clock_is_wrong(
        self,
        database: Database,  # noqa: F811
    ) -> None:
        given(database)
        later = datetime.now(UTC) + timedelta(hours=2)
        with database.write() as uow:
            conversation = uow.conversations.lock("c1")
            uow.conversations.set_mode(conversation.id, conversation.mode, at=later)
            uow.commit()

        finding = found(examine_books(database))["clock"]

        assert "behind" in finding.state
        assert "NTP" in finding.advice

    def test_given_nothing_happened_then_all_in_order(
        self,
        database: Database,  # noqa: F811
    ) -> None:
        assert all(finding.in_order for finding in examine_books(database))


def test_given_little_memory_then_bad(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor_running, "ENOUGH_MEMORY", 10**15)

    assert not doctor_running._memory().in_order
