"""`amends data check` from the terminal: what it prints, and with which exit code."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from amends.cli import main as cli

CLEAN = "nlu:\n- intent: greet\n  examples: |\n    - hi\n    - good morning\n"
CLASH = CLEAN + "- intent: thank\n  examples: |\n    - Good morning!\n"
# Stands in for the engine's encoder: every text is near all others.
ENCODER = """
import json, sys
texts = list(sys.stdin)
if any("crash" in one for one in texts):
    sys.exit("the encoder cannot be read")
for own in range(len(texts)):
    print(json.dumps([[at, 0.9] for at in range(len(texts)) if at != own]))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "neighbours.py").write_text(ENCODER)
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    monkeypatch.setenv("AMENDS_PROJECT_DIR", str(tmp_path))
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("AMENDS_ENGINE_PYTHON", sys.executable)
    return tmp_path


def write(project: Path, text: str) -> None:
    (project / "data" / "nlu" / "talk.yml").write_text(text, encoding="utf-8")


def report(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return dict(json.loads(capsys.readouterr().out))


class TestExitCode:
    def test_given_warnings_only_then_0(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(project, CLEAN)

        assert cli.main(["data", "check"]) == 0

        said = capsys.readouterr().out
        assert "data/nlu/talk.yml:4  greet has 2 examples" in said
        assert said.endswith("2 examples of 1 intents: 0 errors, 1 warnings.\n")

    def test_given_an_error_then_1_and_both_lines(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(project, CLASH)

        assert cli.main(["data", "check"]) == 1

        assert "data/nlu/talk.yml:5, data/nlu/talk.yml:8" in capsys.readouterr().out

    @pytest.mark.parametrize(
        "options", [["--data", "nowhere"], ["--rows", "nowhere"], ["--data", "bot"]]
    )
    def test_given_a_folder_that_holds_nothing_then_2_and_one_sentence(
        self,
        project: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        options: list[str],
    ) -> None:
        monkeypatch.chdir(project)
        write(project, CLEAN)

        assert cli.main(["data", "check", *options]) == 2

        assert len(capsys.readouterr().err.splitlines()) == 1

    def test_given_no_sub_command_then_2(self, project: Path) -> None:
        with pytest.raises(SystemExit) as refused:
            cli.main(["data"])

        assert refused.value.code == 2


class TestReport:
    def test_given_json_then_every_finding_with_its_places(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(project, CLASH)

        assert cli.main(["data", "check", "--json", "--quick"]) == 1

        found = report(capsys)
        assert (found["examples"], found["intents"], found["errors"]) == (3, 2, 1)
        first = found["findings"][0]
        assert (first["check"], first["level"]) == ("two_intents", "error")
        assert first["places"][0] == {"file": "data/nlu/talk.yml", "line": 5}

    def test_given_rows_then_their_ids_and_never_their_texts(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = "nobody has answered me since the day before yesterday"
        write(project, CLEAN + f"    - {text}\n")
        (project / "rows").mkdir()
        (project / "rows" / "a.jsonl").write_text(json.dumps({"id": "row-9", "text": text.upper()}))

        assert cli.main(["data", "check", "--quick", "--rows", str(project / "rows")]) == 1

        said = capsys.readouterr().out
        assert "row-9" in said
        assert "yesterday" not in said.lower()

    def test_given_many_of_a_kind_then_shortened_unless_all_are_asked_for(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(project, CLEAN + "".join(f"    - hi [{number}]\n" for number in range(25)))

        cli.main(["data", "check", "--quick"])
        assert "and 5 more" in capsys.readouterr().out

        cli.main(["data", "check", "--quick", "--all"])
        assert "more" not in capsys.readouterr().out


class TestNeighbours:
    def test_given_the_encoder_finds_an_example_among_others_then_it_is_reported(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(project, CLEAN + "    - hey\n- intent: thank\n  examples: |\n    - howdy\n")

        assert cli.main(["data", "check", "--json"]) == 0

        (found,) = [one for one in report(capsys)["findings"] if one["check"] == "misplaced"]
        assert "sits nearer to greet" in found["message"]

    def test_given_the_encoder_fails_then_2_and_what_it_said(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(project, CLEAN + "    - crash\n")

        assert cli.main(["data", "check"]) == 2

        assert "the encoder cannot be read" in capsys.readouterr().err

    def test_given_no_engine_environment_then_the_rest_is_checked_and_it_is_said(
        self,
        project: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("AMENDS_ENGINE_PYTHON", str(project / "none"))
        write(project, CLASH)

        assert cli.main(["data", "check"]) == 1

        assert "no intents were compared" in capsys.readouterr().err


def test_given_the_command_then_help_names_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "amends.cli.main", "data", "check", "--help"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 0
    assert "--rows DIR" in done.stdout


class TestAdd:
    def test_given_a_new_message_then_it_stands_at_the_end_of_its_intent(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(project, CLEAN + "- intent: thank\n  examples: |\n    - cheers\n")

        assert cli.main(["data", "add", "--intent", "greet", "evening all"]) == 0

        assert capsys.readouterr().out.splitlines()[-1] == "data/nlu/talk.yml:6"
        lines = (project / "data" / "nlu" / "talk.yml").read_text("utf-8").splitlines()
        assert lines[3:7] == [
            "    - hi",
            "    - good morning",
            "    - evening all",
            "- intent: thank",
        ]

    @pytest.mark.parametrize(
        ("intent", "text", "sentence"),
        [
            ("great", "evening all", "Did you mean greet?"),
            ("greet", "Good morning", "says almost the same: good morning"),
        ],
    )
    def test_given_what_is_refused_then_one_sentence_and_the_file_as_it_was(
        self,
        project: Path,
        capsys: pytest.CaptureFixture[str],
        intent: str,
        text: str,
        sentence: str,
    ) -> None:
        write(project, CLEAN)

        assert cli.main(["data", "add", "--intent", intent, text]) == 2

        assert sentence in capsys.readouterr().err
        assert (project / "data" / "nlu" / "talk.yml").read_text("utf-8") == CLEAN
