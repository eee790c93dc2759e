"""The doctor looks at every part and says for each fault what to do."""

import argparse
import json
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from amends.cli import doctor
from amends.cli.doctor import Finding, examine
from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.rule_model import RuleKind, RuleVersion
from amends.storage import Database, migrate
from amends.wiring.settings import PROJECT_DIR, Settings
from tests.support.http_server import Reply, serve


def findings(settings: Settings) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examine(settings)}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a machine on which nothing was set up."""
    return Settings(project_dir=tmp_path, engine_port=5521, gateway_port=5522, desk_port=5523)


class TestExamine:
    def test_given_nothing_set_up_then_each_fault_says_what_to_do(self, settings: Settings) -> None:
        found = findings(settings)

        assert found["packages of .venv"].advice == "run `make install`."
        assert "make install" in found["engine"].advice
        assert "data is missing" in found["model"].advice
        assert found["database"].advice == "run `amends up`."

    def test_given_a_migrated_database_then_it_is_in_order(self, settings: Settings) -> None:
        settings.var_dir.mkdir()
        migrate.upgrade(settings.database_url)

        assert findings(settings)["database"].in_order

    @pytest.mark.parametrize("is_readable", [True, False])
    def test_given_a_version_of_the_rules_then_it_says_which_one_holds(
        self, settings: Settings, is_readable: bool
    ) -> None:
        settings.var_dir.mkdir()
        migrate.upgrade(settings.database_url)
        assert findings(settings)["hours"].state == "hours.yml holds, no version of the desk"
        text = (PROJECT_DIR / "policies" / "hours.yml").read_text(encoding="utf-8")
        now = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
        db = Database(settings.database_url)
        with db.write() as uow:
            uow.staff.add(StaffMember("s1", "mia", "Mia", StaffRole.MANAGER), "no password")
            uow.rules.add(RuleVersion(RuleKind.HOURS, 1, text, "", "s1", now))
            if not is_readable:
                uow.rules.add(RuleVersion(RuleKind.HOURS, 2, "weeks: {}", "", "s1", now))
            uow.commit()
        db.close()

        found = findings(settings)

        assert found["hours"].state.startswith("version 1 of the desk holds, since 2026-03-04T10")
        assert found["hours"].in_order == is_readable
        assert is_readable or "version 2 cannot be read" in found["hours"].advice
        assert found["thresholds"].state == "handoff.yml holds, no version of the desk"

    def test_given_a_database_that_does_not_answer_then_the_setting_is_named(
        self, settings: Settings
    ) -> None:
        away = settings.model_copy(
            update={"database_url": "postgresql+psycopg://nobody:secret@127.0.0.1:5529/none"}
        )

        finding = findings(away)["database"]

        assert "AMENDS_DATABASE_URL" in finding.advice
        assert "secret" not in finding.state + finding.advice

    def test_given_redis_that_does_not_answer_then_the_setting_is_named(
        self, settings: Settings
    ) -> None:
        away = settings.model_copy(update={"redis_url": "redis://127.0.0.1:5529/0"})

        assert "AMENDS_REDIS_URL" in findings(away)["redis"].advice

    def test_given_several_engines_then_each_is_asked_and_they_must_share_their_dialogues(
        self, settings: Settings
    ) -> None:
        reply = Reply(200, body=b'{"status": "ready", "model": "amends-1.tar.gz"}')
        with serve(lambda _: reply) as server:
            urls = f"{server.url},http://127.0.0.1:9"
            found = findings(settings.model_copy(update={"engine_url": urls}))

        assert found[f"engine at {server.url}"].state == "amends-1"
        assert "AMENDS_ENGINE_URL" in found["engine at http://127.0.0.1:9"].advice
        assert "AMENDS_TRACKER_URL" in found["dialogue state"].advice

    def test_given_no_mail_server_then_it_says_where_mails_go(self, settings: Settings) -> None:
        found = findings(settings)["mail"]

        assert found.in_order
        assert str(settings.var_dir / "mail") in found.state

    def test_given_a_mail_server_that_does_not_answer_then_the_setting_is_named(
        self, settings: Settings
    ) -> None:
        away = settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:1")})

        assert "AMENDS_SMTP_URL" in findings(away)["mail"].advice

    def test_given_a_stranger_on_a_port_then_it_is_told_from_a_free_one(
        self, settings: Settings
    ) -> None:
        with socket.socket() as stranger:
            stranger.bind(("127.0.0.1", 0))
            port = stranger.getsockname()[1]
            taken = settings.model_copy(update={"actions_port": port, "desk_port": port})
            stranger.listen()
            stranger.settimeout(0)

            found = findings(taken)

        assert "not by a ready Amends" in found[f"desk on port {port}"].state
        assert found["engine on port 5521"].in_order

    def test_given_this_checkout_then_its_engine_is_found(self) -> None:
        found = findings(Settings(project_dir=PROJECT_DIR))

        assert found["engine"].state == "Rasa 3.6.21"


def test_given_json_then_each_line_is_an_object_and_faults_give_exit_code_1(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "load_settings", lambda: settings)

    code = doctor.run(argparse.Namespace(json=True))

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 1
    assert {line["subject"] for line in lines} >= {"settings", "disk", "model", "database"}
    assert any(not line["in_order"] for line in lines)
