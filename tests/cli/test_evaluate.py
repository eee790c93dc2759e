"""`amends evaluate`: labelled rows and folds in; tables, records and a report out."""

import importlib.util
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from amends.cli import main as cli
from amends.values import Json
from amends.wiring.settings import PROJECT_DIR
from tests.cli.labelled import stand_in_engine, write_rows
from tests.support.evaluation import evaluation_folder

Evaluate = Callable[..., int]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose engine is a stand-in, with a model that is never opened."""
    stand_in_engine(tmp_path)
    shutil.copy(PROJECT_DIR / "config.yml", tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "one.tar.gz").touch()
    for name, value in {
        "AMENDS_PROJECT_DIR": str(tmp_path),
        "AMENDS_ENGINE_PYTHON": sys.executable,
        "AMENDS_HANDOFF_PATH": str(PROJECT_DIR / "policies" / "handoff.yml"),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AMENDS_EVALUATION_ROWS", raising=False)
    return tmp_path


@pytest.fixture
def evaluate(project: Path) -> Evaluate:
    """Run the command on made-up rows unless told otherwise."""
    rows, model = write_rows(project / "rows"), project / "models" / "one.tar.gz"

    def run(*arguments: str) -> int:
        return cli.main(["evaluate", "--rows", str(rows), "--model", str(model), *arguments])

    return run


def record(project: Path) -> Json:
    text = (project / "var" / "evaluation" / "evaluation.json").read_text(encoding="utf-8")
    found: Json = json.loads(text)
    return found


def scorer() -> ModuleType:
    """Return the scoring script that lies beside the labelled rows, or skip."""
    path = evaluation_folder().parent / "score.py"
    if not path.is_file():
        pytest.skip("score.py of the labelled rows is not here: nothing to agree with")
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def counts(shares: Json) -> Json:
    return {name: f"{one['hits']}/{one['rows']}" for name, one in shares.items()}


class TestAgreement:
    @pytest.fixture
    def both(self, evaluate: Evaluate, project: Path) -> tuple[Json, Json]:
        score = scorer()
        assert evaluate() == 0
        predictions = project / "var" / "evaluation" / "predictions.jsonl"
        return record(project)["figures"], score.score_nlu(project / "rows", predictions)

    def test_given_made_up_rows_then_categories_agree_with_the_script(
        self, both: tuple[Json, Json]
    ) -> None:
        ours, theirs = both[0]["category"], both[1]["category"]

        assert ours["accuracy"]["rows"] == theirs["rows"]
        assert ours["accuracy"]["share"] == theirs["accuracy"]
        assert tuple(ours["accuracy"]["interval95"]) == theirs["interval95"]
        assert ours["strict"]["share"] == theirs["strict_accuracy"]
        assert ours["primary_or_secondary"]["share"] == theirs["primary_or_secondary"]
        assert ours["macro_f1"] == theirs["macro_f1"]
        for table in ("by_category", "by_source", "by_language"):
            assert counts(ours[table]) == theirs[table]
        pairs = {
            f"{one['expected']} -> {one['answered']}": one["rows"] for one in ours["confusions"]
        }
        assert list(pairs.items())[:15] == list(theirs["confusions"].items())

    def test_given_made_up_rows_then_complaints_and_sentiment_agree(
        self, both: tuple[Json, Json]
    ) -> None:
        ours, theirs = both[0]["complaint"], both[1]["complaint"]
        mood, their_mood = both[0]["sentiment"], both[1]["sentiment"]

        assert (ours["rows"], ours["f1"]) == (theirs["rows"], theirs["f1"])
        assert ours["macro_f1"] == theirs["macro_f1"]
        assert ours["precision"]["share"] == theirs["precision"]
        assert ours["recall"]["share"] == theirs["recall"]
        assert mood["accuracy_en"]["rows"] == their_mood["rows_en"]
        assert mood["accuracy_en"]["share"] == their_mood["accuracy_en"]
        assert mood["macro_f1_en"] == their_mood["macro_f1_en"]
        assert mood["negative_recall_en"]["share"] == their_mood["negative_recall_en"]
        assert mood["accuracy_zh"]["share"] == their_mood["accuracy_zh"]
        assert mood["accuracy_zh"]["rows"] == their_mood["rows_zh"]

    def test_given_made_up_rows_then_handoffs_agree(self, both: tuple[Json, Json]) -> None:
        ours, theirs = both[0]["handoff"], both[1]["handoff"]

        assert ours["recall"]["rows"] == theirs["must_rows"] > 0
        assert ours["recall"]["share"] == theirs["recall"]
        assert tuple(ours["recall"]["interval95"]) == theirs["recall_interval95"]
        for kind, rows in (("hard", "hard_negative_rows"), ("ordinary", "ordinary_rows")):
            found = ours[f"false_alarms_{kind}"]
            assert (found["rows"], found["share"]) == (
                theirs[rows],
                theirs[f"false_alarm_rate_{kind}"],
            )
        assert counts(ours["by_flag"]) == theirs["flags_found"]
        assert ours["missed"][:20] == theirs["missed_ids"]


class TestWhatIsWritten:
    def test_given_rows_then_tables_a_record_predictions_and_a_report(
        self, evaluate: Evaluate, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert evaluate() == 0

        printed = capsys.readouterr().out
        assert "Category right" in printed
        assert "Handoff while sentiment_below of row furious moves" in printed
        out = project / "var" / "evaluation"
        assert {path.name for path in out.iterdir()} == {
            "evaluation.json", "predictions.jsonl", "report.html",
        }  # fmt: skip
        assert record(project)["model"] == "one"
        assert [path.name for path in (project / "models").glob("one.*.evaluation.json")]

    def test_given_a_report_then_it_needs_nothing_else_and_quotes_no_message(
        self, evaluate: Evaluate, project: Path
    ) -> None:
        evaluate("--cross-validate", "2")

        page = (project / "var" / "evaluation" / "report.html").read_text(encoding="utf-8")
        assert not re.search(r"<script|<link|<img|https?://|url\(|@import", page)
        assert "made up" not in page
        assert page.count("<svg") == page.count('role="img"') >= 8
        for plot in page.split("<section>"):
            assert "<svg" not in plot or "<table>" in plot
        assert "Own lines flatter" in page

    def test_given_a_curve_then_the_limit_in_force_gives_the_handoffs_measured(
        self, evaluate: Evaluate, project: Path
    ) -> None:
        evaluate()

        found = record(project)
        for curve in found["handoff_curves"]:
            here = next(p for p in curve["points"] if p["limit"] == curve["in_force"])
            assert here["recall"] == found["figures"]["handoff"]["recall"]


class TestComparison:
    def test_given_a_second_run_then_it_is_compared_with_the_last_one(
        self, evaluate: Evaluate, project: Path
    ) -> None:
        evaluate()
        changed = (project / "bot" / "nlu.py").read_text().replace("seed[0]", "seed[6]")
        (project / "bot" / "nlu.py").write_text(changed)

        evaluate()

        (last,) = record(project)["compared"]
        assert last["name"] == "last run"
        assert {one["verdict"] for one in last["figures"].values()} <= {"better", "worse", "same"}
        assert last["figures"]["handoff_recall"]["verdict"] == "same"
        assert last["changed_predictions"]["category"]
        assert last["changed_predictions"]["sentiment"] == []

    def test_given_other_rows_then_the_last_run_is_not_compared_with(
        self, evaluate: Evaluate, project: Path
    ) -> None:
        evaluate()
        write_rows(project / "rows", seed=8)

        evaluate()

        assert record(project)["compared"] == []

    def test_given_a_baseline_that_names_intents_then_its_categories_are_measured(
        self, evaluate: Evaluate, project: Path
    ) -> None:
        rows: list[dict[str, Any]] = [
            {"id": f"c{place}", "intent": "report_not_received", "confidence": 0.9}
            for place in range(180)
        ]
        baseline = project / "stock.jsonl"
        baseline.write_text("".join(json.dumps(row) + "\n" for row in rows))

        assert evaluate("--compare", str(baseline)) == 0

        (found,) = record(project)["compared"]
        assert found["name"] == "stock"
        assert "category_accuracy" in found["figures"]
        assert "handoff_recall" not in found["figures"]
        assert set(found["changed_predictions"]) == {"category"}
        page = (project / "var" / "evaluation" / "report.html").read_text(encoding="utf-8")
        assert '<th scope="col">stock</th>' in page

    def test_given_another_record_then_its_figures_stand_beside(
        self, evaluate: Evaluate, project: Path
    ) -> None:
        evaluate("--out", str(project / "before"))

        assert evaluate("--compare", str(project / "before" / "evaluation.json")) == 0

        names = [one["name"] for one in record(project)["compared"]]
        assert names == ["last run", "before"]


class TestCrossValidation:
    def test_given_no_rows_then_it_says_so_and_cross_validates(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name in ("data", "bot/components", "bot/encoders", "requirements"):
            (project / name).mkdir(parents=True)
        for name in ("domain.yml", "requirements/engine.lock"):
            (project / name).touch()

        assert cli.main(["evaluate", "--cross-validate", "3"]) == 0

        said = capsys.readouterr()
        assert "AMENDS_EVALUATION_ROWS" in said.err
        assert "Own lines flatter" in said.out
        found = record(project)["cross_validation"]
        assert (found["folds"], found["accuracy"]["rows"]) == (3, 18)

    def test_given_an_engine_that_cannot_train_then_exit_code_2(
        self, evaluate: Evaluate, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "bot" / "cross_validation.py").write_text("raise SystemExit('no such data')")

        assert evaluate("--cross-validate", "2") == 2

        assert "no such data" in capsys.readouterr().err


class TestRefusals:
    @pytest.mark.parametrize(
        ("file", "line", "sentence"),
        [
            ("category.jsonl", '{"id": 1}', "category.jsonl, line 1: 'text' is missing."),
            ("category.jsonl", "{oops", "category.jsonl, line 1 is not JSON"),
            (
                "category.jsonl",
                '{"id": 1, "text": "", "lang": "en", "source": "s", "category": "a", '
                '"alt_categories": "b"}',
                "category.jsonl, line 1: 'alt_categories' is a list of labels.",
            ),
            (
                "sentiment.jsonl",
                '{"id": 1, "text": "", "lang": "en", "source": "s", "sentiment": "sad"}',
                "sentiment.jsonl, line 1: 'sentiment' is 'sad'; write neg, neu, pos.",
            ),
            (
                "severity.jsonl",
                '{"id": 1, "text": "", "lang": "en", "source": "s", "triggers": ["x"], '
                '"must_handoff": true}',
                "severity.jsonl, line 1: the trigger 'x' is not known.",
            ),
            (
                "sentiment.jsonl",
                '{"id": "c1", "text": "other", "lang": "en", "source": "s", "sentiment": "neg"}',
                "sentiment.jsonl, line 1: 'c1' has two different texts.",
            ),
        ],
    )
    def test_given_a_bad_row_then_exit_code_2_and_its_place(
        self,
        evaluate: Evaluate,
        project: Path,
        capsys: pytest.CaptureFixture[str],
        file: str,
        line: str,
        sentence: str,
    ) -> None:
        (project / "rows" / file).write_text(line + "\n")

        assert evaluate() == 2

        assert capsys.readouterr().err.startswith(f"amends: {sentence}")

    def test_given_a_folder_without_rows_then_exit_code_2_and_what_it_should_hold(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main(["evaluate", "--rows", str(project)]) == 2

        assert "category.jsonl is missing; a folder of" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            ("", "holds no predictions"),
            ('{"id": 1}\n', "line 1: 'intent' is missing."),
            ('{"id": 1, "intent": "greet", "confidence": 7}\n', "is not between 0 and 1."),
            ('{"format": 0, "headlines": {}, "answers": []}', "has format 0"),
        ],
    )
    def test_given_an_unusable_comparison_then_exit_code_2(
        self,
        evaluate: Evaluate,
        project: Path,
        capsys: pytest.CaptureFixture[str],
        content: str,
        sentence: str,
    ) -> None:
        (project / "other.jsonl").write_text(content)

        assert evaluate("--compare", str(project / "other.jsonl")) == 2

        assert sentence in capsys.readouterr().err

    def test_given_one_fold_then_exit_code_2(
        self, evaluate: Evaluate, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert evaluate("--cross-validate", "1") == 2

        assert "at least 2 folds are needed" in capsys.readouterr().err
