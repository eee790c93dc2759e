"""`amends chat --explain`: of the running assistant, and of a model in a sandbox."""

import io
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from amends.cli import chat
from amends.cli.chat_explain import lines_of
from amends.cli.errors import UsageError
from amends.cli.main import main
from amends.handoff.assess import assess, signal_of
from amends.training.playground.explain import explain
from amends.training.playground.model import EngineTold, FlagWords, RasaStep
from amends.wiring.sandbox import running_sandbox
from tests.support.sandboxes import settings_with_engine, some_model
from tests.training.playground.samples import case, decision, message, seen, understood
from tests.training.playground.test_explain import BEFORE, GREETING, SAID, THRESHOLDS, TITLES


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_given_an_explanation_then_each_part_has_its_lines() -> None:
    found = understood(flags=frozenset({"legal", "vulnerable_customer"}), secondary=("wrong_item",))
    after = seen(
        GREETING,
        SAID,
        understood={2: found},
        assessment=assess([signal_of(found)]),
        cases=(case(),),
        decisions=(decision(),),
    )
    told = EngineTold(
        (FlagWords("legal", "see you in court", "high"),),
        (RasaStep("action", "action_offer", "RulePolicy", 1.0), RasaStep("slot", "stage")),
    )
    explained = explain(BEFORE, after, told, THRESHOLDS, TITLES)
    assert explained is not None

    lines = lines_of(explained)

    assert lines[0].startswith("intent: report_not_received 0.91")
    assert {
        "complaint: yes, category not_received, also wrong_item",
        'flag: legal ("see you in court")',
        "flag: vulnerable_customer (learned, by no single word)",
        "decision: remedy by retail 2026-01 as bot, rung 1",
        "clause: late-refund A late order is refunded",
        "facts: days_late = 6, lost = no, tier = unknown, tags = a, b",
        "action: action_offer (RulePolicy 1.00)",
        "slot: stage = empty",
        "written: case AM-AAAAAA opened, not_received",
    } <= set(lines)


def test_given_a_silent_engine_then_it_is_said() -> None:
    after = seen(GREETING, message(2, "Yes", payload="/agree"))
    explained = explain(BEFORE, after, EngineTold(answered=False), THRESHOLDS, {})
    assert explained is not None

    lines = lines_of(explained)

    assert lines[0] == "read: a tapped choice, which stands for /agree"
    assert lines[-1].startswith("engine: says nothing")


def test_given_a_model_then_a_sandbox_runs_for_the_talk_and_explains_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_with_engine(tmp_path)
    monkeypatch.setattr(chat, "load_settings", lambda: settings)
    monkeypatch.setattr(chat, "unwind_on_sigterm", lambda: None)
    typed(monkeypatch, "My lamp has not come, see you in court", "1", "/quit")

    arguments = Namespace(url=None, customer="maya", explain=True, model=some_model(tmp_path))
    assert chat.run(arguments) == 0

    shown = capsys.readouterr().out
    assert "A sandbox with candidate.tar.gz: nothing real is touched." in shown
    assert '[flag: legal ("in court")]' in shown
    assert "[person: legal" in shown
    assert "[action: action_take_complaint (RulePolicy 1.00)]" in shown
    assert "[read: a tapped choice, which stands for /agree]" in shown
    assert shown.index("flag: legal") < shown.index("bot: I am sorry.")
    assert not (settings.run_dir / "sandboxes" / "1").exists()


def test_given_a_running_system_then_it_explains_itself_from_its_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_with_engine(tmp_path)
    with running_sandbox(settings, some_model(tmp_path)) as system:
        monkeypatch.setattr(chat, "load_settings", lambda: system.settings)
        monkeypatch.setattr(chat, "unwind_on_sigterm", lambda: None)
        typed(monkeypatch, "late")
        chat.run(Namespace(url=None, customer=None, explain=True, model=None))

        elsewhere: Any = settings.model_copy(
            update={"database_url": f"sqlite:///{tmp_path}/other.db"}
        )
        from amends.storage import migrate

        migrate.upgrade(elsewhere.database_url)
        monkeypatch.setattr(chat, "load_settings", lambda: elsewhere)
        typed(monkeypatch, "late")
        chat.run(Namespace(url=system.url, customer=None, explain=True, model=None))

    own, other = capsys.readouterr().out.split("the automated assistant")[1:]
    assert "[intent: report_not_received 0.90" in own
    assert "does not hold this chat" in other
    assert "bot: I am sorry." in other


def test_given_no_model_file_or_two_places_then_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path / "var"))

    assert main(["chat", "--model", str(tmp_path / "gone.tar.gz")]) == 2
    assert "gone.tar.gz is not a model file." in capsys.readouterr().err

    both = Namespace(url="http://x", customer=None, explain=False, model=tmp_path)
    with pytest.raises(UsageError, match="leave out --url or --model"):
        chat.run(both)
