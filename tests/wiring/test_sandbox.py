"""A sandbox is isolated, harms nothing, ends with its parent, and only so many run at a time."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from amends.handoff.rule_model import RuleKind
from amends.values import utc_now
from amends.wiring.chatwoot import build_help_desk
from amends.wiring.database import open_database
from amends.wiring.mail import FolderMailer, build_mailer
from amends.wiring.payments import SimulatedPayments, build_payments
from amends.wiring.sandbox import (
    SWITCHED_OFF,
    Sandbox,
    SandboxError,
    Stage,
    TooManySandboxes,
    running_sandbox,
    sandbox_settings,
    take_slot,
)
from amends.wiring.settings import Settings, environment_of, load_settings
from amends.wiring.supervisor import StartError
from tests.support.sandboxes import (
    environment_of_process,
    is_alive,
    settings_with_engine,
    some_model,
)

OWN = {
    "database_url", "tracker_url", "public_url", "actions_url", "engine_url",
    "site_secret", "site_secret_before",
}  # fmt: skip
KEY = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
REAL = {
    "payments_url": "http://payments.example",
    "payments_secret": SecretStr(KEY),
    "smtp_url": SecretStr("smtps://user:word@mail.example:465"),
    "mail_from": "help@example.com",
    "chatwoot_url": "http://chatwoot.example",
    "chatwoot_token": SecretStr("token"),
    "chatwoot_account_id": 1,
    "chatwoot_inbox_id": 2,
    "chatwoot_webhook_secret": SecretStr("secret"),
    "redis_url": "redis://redis.example",
}

HOLDER = """
import sys, time
from pathlib import Path
from amends.wiring.sandbox import running_sandbox
from tests.support.sandboxes import settings_with_engine, some_model
folder = Path(sys.argv[1])
with running_sandbox(settings_with_engine(folder), some_model(folder)) as sandbox:
    print(*sandbox.process_ids().values(), flush=True)
    time.sleep(600)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_with_engine(tmp_path)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return some_model(tmp_path)


class TestSettings:
    def test_given_real_systems_then_the_sandbox_reaches_none_of_them(self, tmp_path: Path) -> None:
        real = load_settings(var_dir=tmp_path / "var", **REAL)

        own = sandbox_settings(real, tmp_path, {})

        assert isinstance(build_payments(own, utc_now), SimulatedPayments)
        assert isinstance(build_mailer(own), FolderMailer)
        assert build_help_desk(own, utc_now) is None
        assert all(getattr(own, name) == value for name, value in SWITCHED_OFF.items())
        assert own.site_secret != real.site_secret
        assert {own.var_dir, real.var_dir} == {tmp_path, tmp_path / "var"}

    def test_given_a_setting_that_may_reach_out_then_the_sandbox_has_its_own_or_none(self) -> None:
        reaching = {
            name
            for name in Settings.model_fields
            if name.endswith(("_url", "_secret", "_token", "_secret_before"))
        }

        assert reaching - SWITCHED_OFF.keys() == OWN

    def test_given_its_environment_then_another_process_reads_these_very_settings(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = sandbox_settings(load_settings(var_dir=tmp_path / "var", **REAL), tmp_path, {})
        for name in list(os.environ):
            if name.startswith("AMENDS_"):
                monkeypatch.delenv(name)
        for name, value in environment_of(own).items():
            monkeypatch.setenv(name, value)

        assert load_settings().model_dump() == own.model_dump()

    def test_given_rules_of_the_desk_then_the_sandbox_goes_by_them(self, tmp_path: Path) -> None:
        settings = load_settings(var_dir=tmp_path / "var")

        own = sandbox_settings(settings, tmp_path, {RuleKind.HOURS: "timezone: Asia/Shanghai\n"})

        assert own.hours_path.read_text() == "timezone: Asia/Shanghai\n"
        assert own.handoff_path == settings.handoff_path


class TestRunning:
    def test_given_a_model_then_it_can_be_talked_to_and_nothing_is_left_afterwards(
        self, settings: Settings, model: Path
    ) -> None:
        with running_sandbox(settings, model) as sandbox:
            pids = list(sandbox.process_ids().values())
            folder = sandbox.settings.var_dir
            customers = httpx.get(f"{sandbox.url}/demo/customers", trust_env=False).json()
            db = open_database(sandbox.settings)
            with db.read() as uow:
                known = uow.orders.find("10045")
            db.close()
            environments = [environment_of_process(pid) for pid in pids]

        assert len(pids) == 2
        assert "Maya Collins" in {one["name"] for one in customers}
        assert known is not None
        for environment in environments:
            assert environment["AMENDS_DATABASE_URL"] == f"sqlite:///{folder}/amends.db"
            assert environment["AMENDS_PAYMENTS_URL"] == environment["AMENDS_SMTP_URL"] == ""
        assert not any(is_alive(pid) for pid in pids)
        assert not folder.exists()
        assert not (settings.var_dir / "amends.db").exists()

    def test_given_its_parent_is_killed_then_no_process_is_left_and_the_place_is_free(
        self, tmp_path: Path, settings: Settings
    ) -> None:
        with subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as parent:
            assert parent.stdout is not None
            pids = [int(word) for word in parent.stdout.readline().split()]
            assert len(pids) == 2
            assert all(is_alive(pid) for pid in pids)
            left = settings.run_dir / "sandboxes" / "1"
            assert left.is_dir()

            parent.send_signal(signal.SIGKILL)
            parent.wait()

        give_up = time.monotonic() + 10
        while any(is_alive(pid) for pid in pids):
            assert time.monotonic() < give_up, "a process outlived its parent"
            time.sleep(0.05)
        slot = take_slot(settings)
        assert slot.folder == left
        assert list(left.iterdir()) == []
        slot.give_back()

    def test_given_an_engine_that_does_not_start_then_it_is_said_and_the_place_is_free(
        self, settings: Settings, model: Path
    ) -> None:
        settings.engine_python.write_text("#!/bin/sh\necho no such model >&2\nexit 3\n")
        one_place = settings.model_copy(update={"sandboxes_at_once": 1})

        with pytest.raises(StartError, match="engine ended with code 3") as failure:
            asyncio.run(Sandbox(one_place, model).start())

        assert "no such model" in str(failure.value)
        take_slot(one_place).give_back()

    def test_given_no_model_then_it_is_named(self, settings: Settings, tmp_path: Path) -> None:
        with pytest.raises(SandboxError, match="is not a model file"):
            Sandbox(settings, tmp_path / "gone.tar.gz")


class TestPlaces:
    def test_given_all_places_are_taken_then_the_next_is_told_what_to_do(
        self, settings: Settings, model: Path
    ) -> None:
        held = [Sandbox(settings, model), Sandbox(settings, model)]

        with pytest.raises(TooManySandboxes, match="as many sandboxes run already") as refused:
            Sandbox(settings, model)
        assert "AMENDS_SANDBOXES_AT_ONCE" in str(refused.value)

        asyncio.run(held[0].stop())
        again = Sandbox(settings, model)
        assert again.stage is Stage.PREPARING
        for one in (*held, again):
            asyncio.run(one.stop())
