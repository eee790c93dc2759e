"""`amends models`: examined with stand-ins for Rasa and the engine's reader, promoted for real."""

import json
import sys
from pathlib import Path

import pytest

from amends.cli.live import model_with_notes, promoted
from amends.cli.main import main
from amends.storage import Database
from amends.training.promotion.model import StepState
from amends.training.promotion.record import examination_of
from amends.wiring.model import current_model
from amends.wiring.models import name_of
from amends.wiring.settings import PROJECT_DIR, Settings
from tests.support.database import fresh_url

# Stands in for `python -m rasa train | data validate | test core`.
RASA = """
import pathlib, sys
given = dict(zip(sys.argv[1:], sys.argv[2:]))
if sys.argv[1] == "train":
    out = pathlib.Path(given["--out"])
    out.joinpath(given["--fixed-model-name"] + ".tar.gz").write_text("model")
if sys.argv[1] == "data" and pathlib.Path("invalid").exists():
    print("The utterance 'say_hello' is not used in any story or rule.")
    sys.exit("\\x1b[93mThe intent 'late' has no examples.\\x1b[0m")
if sys.argv[1] == "test" and "odd" in given["--model"]:
    pathlib.Path(given["--out"], "failed_test_stories.yml").write_text("stories: asks for an order")
    sys.exit("One conversation went wrong.")
"""
# Stands in for `python -m bot.side_by_side`: a model named `odd` reads everything as a question.
READER = """
import json, sys
given = dict(zip(sys.argv[1:], sys.argv[2:]))
def parse(model):
    odd = "odd" in model
    return {
        "intent": {"name": "question" if odd else "report_not_received", "confidence": 0.8},
        "intent_ranking": [],
        "assessment": {"complaint": not odd, "category": None if odd else "not_received",
            "secondary": [], "sentiment": 0.0, "sentiment_label": "neu", "flags": [],
            "severity": "low", "waiting_hours": None, "language": "en"},
    }
for line in sys.stdin:
    row = json.loads(line)
    print(json.dumps({"id": row["id"], "parse": parse(given["--model"]), "ms": 10.0,
        "against": parse(given["--against"]), "against_ms": 20.0}))
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A small project with a model of the present files, live, and an odd one beside it."""
    for folder in (
        "data/nlu",
        "bot/components",
        "bot/encoders",
        "requirements",
        "rasa",
        "tests/conversations",
    ):
        (tmp_path / folder).mkdir(parents=True)
    nlu = "nlu:\n- intent: late\n  examples: |\n    - it is late\n    - still nothing\n"
    (tmp_path / "data/nlu/late.yml").write_text(nlu)
    (tmp_path / "bot/components/reader.py").write_text("READS = True")
    (tmp_path / "bot/side_by_side.py").write_text(READER)
    (tmp_path / "requirements/engine.lock").write_text("rasa==3.6.21")
    (tmp_path / "domain.yml").write_text("intents: []")
    (tmp_path / "config.yml").write_text("pipeline: [{name: a}]\npolicies: [{name: c}]")
    for place in ("rasa/__main__.py", "bot/train.py"):
        (tmp_path / place).write_text(RASA)
    chosen = {
        "project_dir": tmp_path,
        "models_dir": tmp_path / "models",
        "var_dir": tmp_path / "var",
        "engine_python": sys.executable,
        "database_url": fresh_url(tmp_path),
        "handoff_path": PROJECT_DIR / "policies/handoff.yml",
        "hours_path": PROJECT_DIR / "policies/hours.yml",
        "promotion_path": PROJECT_DIR / "policies/promotion.yml",
    }
    for name, value in chosen.items():
        monkeypatch.setenv(f"AMENDS_{name.upper()}", str(value))
    monkeypatch.delenv("AMENDS_EVALUATION_ROWS", raising=False)
    made = Settings()
    made.models_dir.mkdir(parents=True)
    for path in (current_model(made), made.models_dir / "odd.tar.gz"):
        path.write_text("model")
    return made


def examine(capsys: pytest.CaptureFixture[str], *arguments: str):  # type: ignore[no-untyped-def]
    assert main(["models", "examine", "--skip-cross-validation", "--json", *arguments]) == 0
    return examination_of(json.loads(capsys.readouterr().out))


class TestExamine:
    def test_given_a_model_that_misbehaves_then_what_failed_is_kept_and_the_rest_is_done(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        found = examine(capsys, "odd")

        states = {step.key: step.state for step in found.steps}
        assert states == {
            "validation": StepState.SKIPPED,  # of the present files, not of this model
            "cross_validation": StepState.SKIPPED,
            "rows": StepState.SKIPPED,
            "conversations": StepState.FAILED,
            "messages": StepState.PASSED,
        }
        failed = found.step("conversations")
        assert failed is not None
        assert "One conversation went wrong." in failed.output
        assert "asks for an order" in failed.output
        assert found.against == name_of(current_model(settings))
        (speed,) = found.figures
        assert (speed.key, speed.value, speed.verdict) == ("latency_ratio", 0.5, "better")

    def test_given_data_that_do_not_pass_then_the_reasons_are_plain(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (settings.project_dir / "invalid").touch()

        found = examine(capsys)

        failed = found.step("validation")
        assert failed is not None
        assert failed.state is StepState.FAILED
        assert failed.output == "The intent 'late' has no examples."

    def test_given_no_name_and_changed_files_then_their_model_is_trained_first(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["models", "promote", name_of(current_model(settings)), "--reason", "the first"])
        capsys.readouterr()
        (settings.project_dir / "domain.yml").write_text("intents: [late]")

        found = examine(capsys)

        assert found.model == name_of(current_model(settings)) != found.against
        training = found.step("training")
        assert training is not None
        assert training.state is StepState.PASSED

    def test_given_progress_then_each_line_tells_all_steps_and_the_last_one_the_record(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["models", "examine", "odd", "--skip-cross-validation", "--progress"]) == 0

        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert all(len(line["steps"]) == 5 for line in lines[:-1])
        db = Database(settings.database_url)
        with db.read() as uow:
            stored = uow.models.last_examination("odd")
        db.close()
        assert stored is not None
        assert lines[-1] == {"model": "odd", "examination": stored.id}

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["nothing"], "There is no model file named nothing"),
            (["../odd"], "There is no model file named ../odd"),
            (["odd", "--folds", "1"], "write a number from 2 to 20"),
        ],
    )
    def test_given_what_cannot_be_then_one_sentence_says_so(
        self,
        settings: Settings,
        capsys: pytest.CaptureFixture[str],
        arguments: list[str],
        says: str,
    ) -> None:
        assert main(["models", "examine", *arguments]) == 2

        assert says in capsys.readouterr().err


class TestPromote:
    def test_given_a_model_whose_conversations_fail_then_no_reason_helps(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        examine(capsys, "odd")

        assert main(["models", "promote", "odd", "--reason", "I like it"]) == 2

        assert "the step conversations failed" in capsys.readouterr().err

    def test_given_a_promotion_and_a_rollback_then_commands_agree_about_which_one_is_live(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        first = current_model(settings)
        assert promoted(settings) is None
        assert model_with_notes(settings) == (first, False, "")

        assert main(["models", "promote", "odd"]) == 2
        assert "never examined" in capsys.readouterr().err
        assert main(["models", "promote", "odd", "--reason", "a trial"]) == 0

        model, trained, note = model_with_notes(settings)
        assert (model.name, trained) == ("odd.tar.gz", False)
        assert "odd is promoted and answers; the training files ask for another" in note

        assert main(["models", "rollback"]) == 0
        assert model_with_notes(settings) == (first, False, "")

    def test_given_the_promoted_file_is_gone_then_the_present_files_answer_and_it_is_said(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["models", "promote", "odd", "--reason", "a trial"])
        (settings.models_dir / "odd.tar.gz").unlink()

        model, _, note = model_with_notes(settings)

        assert model == current_model(settings)
        assert "The promoted model odd has no file any more" in note

    def test_given_a_promoted_model_when_trained_then_the_next_step_is_told(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["models", "promote", "odd", "--reason", "a trial"])
        capsys.readouterr()

        assert main(["train"]) == 0

        said = capsys.readouterr().out.splitlines()
        assert said[0].startswith("Up to date:")
        assert "`amends models promote`" in said[1]

    def test_given_no_database_yet_then_nothing_is_promoted_and_none_is_made(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        elsewhere = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/none.db"})

        assert promoted(elsewhere) is None
        assert not (tmp_path / "none.db").exists()


class TestShadow:
    def test_given_one_reads_along_then_it_is_shown_and_stopped(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["models", "shadow"]) == 0
        assert "No model has read along yet." in capsys.readouterr().out

        assert main(["models", "shadow", "odd", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["model"] == "odd"
        assert main(["models", "shadow", "odd"]) == 2
        assert "already read along" in capsys.readouterr().err
        assert main(["models", "shadow", "--stop", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["until"] is not None


def test_given_models_then_the_list_marks_the_live_one(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "list", "--json"]) == 0

    rows = {row["model"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert rows[name_of(current_model(settings))]["live"]
    assert not rows["odd"]["live"]
    assert rows["odd"]["examined_at"] is None
