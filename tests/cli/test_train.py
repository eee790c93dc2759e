"""Training happens when the model is missing or stale, once, and all or nothing."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from amends.cli.train import STEP, TrainingError, steps_of, train_if_stale
from amends.wiring.model import current_model
from amends.wiring.models import name_of, read_training
from amends.wiring.settings import PROJECT_DIR, Settings
from tests.cli.test_supervisor import alive, wait_until

# Stands in for Rasa: `python -m bot.train train ...`, with the project as working directory.
RASA = """
import pathlib, sys, time
given = dict(zip(sys.argv[2::2], sys.argv[3::2]))
with open("calls", "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
print("INFO  Starting to train component 'Reader'.", flush=True)
if pathlib.Path("broken").exists():
    sys.exit("Contradicting rules found")
time.sleep(0.2)
out = pathlib.Path(given["--out"])
out.joinpath(given["--fixed-model-name"] + ".tar.gz").write_text("model")
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for folder in ("data/nlu", "bot/components", "bot/encoders", "requirements"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "data/nlu/late.yml").write_text("nlu: late")
    (tmp_path / "bot/components/reader.py").write_text("READS = True")
    (tmp_path / "requirements/engine.lock").write_text("rasa==3.6.21")
    (tmp_path / "domain.yml").write_text("intents: []")
    (tmp_path / "config.yml").write_text("pipeline: [a, b]\npolicies: [c]")
    (tmp_path / "bot/train.py").write_text(RASA)
    return Settings(project_dir=tmp_path, engine_python=Path(sys.executable))


def calls(settings: Settings) -> list[str]:
    path = settings.project_dir / "calls"
    return path.read_text().splitlines() if path.exists() else []


class TestTrainIfStale:
    def test_given_no_model_then_it_is_trained_and_nothing_else_left(
        self, settings: Settings
    ) -> None:
        model, trained = train_if_stale(settings)

        assert trained
        assert model.read_text() == "model"
        kept = {path for path in settings.models_dir.iterdir() if path.suffix != ".lock"}
        assert kept == {model, model.with_name(f"{name_of(model)}.training.json")}
        assert "Starting to train" in (settings.log_dir / "train.log").read_text()

    def test_given_a_training_then_how_it_was_made_is_kept_beside_the_model(
        self, settings: Settings
    ) -> None:
        model, _ = train_if_stale(settings, by="s-ana")

        made = read_training(model)

        assert made is not None
        assert name_of(model) == f"amends-{made.fingerprint}"
        assert made.trained_by == "s-ana"
        assert made.seconds > 0
        assert len(made.config_digest) == 12

    def test_given_the_model_then_nothing_is_trained(self, settings: Settings) -> None:
        train_if_stale(settings)

        _, trained = train_if_stale(settings)

        assert not trained
        assert len(calls(settings)) == 1

    def test_given_the_model_when_forced_then_rasa_trains_from_scratch(
        self, settings: Settings
    ) -> None:
        train_if_stale(settings)

        _, trained = train_if_stale(settings, force=True)

        assert trained
        assert calls(settings)[1].endswith("--force")

    def test_given_a_changed_example_then_another_model_is_trained(
        self, settings: Settings
    ) -> None:
        before, _ = train_if_stale(settings)
        (settings.project_dir / "data/nlu/late.yml").write_text("nlu: late, later")

        after, trained = train_if_stale(settings)

        assert trained
        assert after != before
        assert before.is_file()

    def test_given_data_rasa_refuses_then_no_model_and_the_reason(self, settings: Settings) -> None:
        (settings.project_dir / "broken").touch()

        with pytest.raises(TrainingError, match="Contradicting rules found") as refusal:
            train_if_stale(settings)

        assert str(settings.log_dir / "train.log") in str(refusal.value)
        assert not current_model(settings).exists()

    def test_given_two_at_once_then_one_trains_and_both_have_it(self, settings: Settings) -> None:
        results: list[tuple[Path, bool]] = []
        threads = [
            threading.Thread(target=lambda: results.append(train_if_stale(settings)))
            for _ in range(2)
        ]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(trained for _, trained in results) == [False, True]
        assert len(calls(settings)) == 1


def test_given_config_then_steps_are_its_components_and_policies(settings: Settings) -> None:
    assert steps_of(settings.project_dir / "config.yml") == 3


@pytest.mark.parametrize(
    "line",
    [
        "2026-01-01 INFO rasa.engine.training.hooks  - Starting to train component 'RulePolicy'.",
        "INFO rasa.engine.training.hooks  - Restored component 'RulePolicy' from cache.",
    ],
)
def test_given_a_line_of_rasa_then_the_component_is_read(line: str) -> None:
    found = STEP.search(line)

    assert found is not None
    assert found["name"] == "RulePolicy"


def test_given_the_installed_rasa_then_it_still_words_its_steps_so() -> None:
    project = Path(__file__).resolve().parents[2]
    find = "import rasa.engine.training.hooks as m, inspect; print(inspect.getsource(m))"
    python = project / ".venv-engine/bin/python"
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", find], capture_output=True, text=True, check=True
    )

    assert "Starting to train component '" in done.stdout
    assert "Restored component '" in done.stdout


def test_given_a_training_that_is_told_to_stop_then_nothing_of_it_is_left(
    settings: Settings,
) -> None:
    program = settings.project_dir / "bot" / "train.py"
    program.write_text("import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(600)")
    environ = {**os.environ, "AMENDS_PROJECT_DIR": str(settings.project_dir)}
    training = subprocess.Popen(
        [sys.executable, "-m", "amends.cli.main", "train"],
        cwd=PROJECT_DIR,
        env={**environ, "AMENDS_ENGINE_PYTHON": sys.executable},
        stderr=subprocess.DEVNULL,
    )
    pid = settings.project_dir / "pid"
    assert wait_until(lambda: pid.exists() and pid.read_text() != "", 30)

    training.terminate()
    training.wait(10)

    assert wait_until(lambda: not alive(int(pid.read_text())))
    assert [path for path in settings.models_dir.iterdir() if path.suffix != ".lock"] == []
