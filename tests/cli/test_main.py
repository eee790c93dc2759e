"""The command line as people and scripts meet it: exit codes and one clear sentence."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from amends.cli import main as cli

PROJECT = Path(__file__).resolve().parents[2]


def amends(
    *arguments: str, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "amends.cli.main", *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


class TestRefusals:
    def test_given_an_unknown_command_then_exit_code_2(self) -> None:
        done = amends("compensate")

        assert done.returncode == 2
        assert "invalid choice: 'compensate'" in done.stderr

    def test_given_a_misspelt_setting_then_exit_code_2_and_the_key(self, tmp_path: Path) -> None:
        done = amends("train", AMENDS_VAR_DIR=str(tmp_path), AMENDS_GATEWAY_PROT="8080")

        assert done.returncode == 2
        assert done.stderr == (
            "amends: AMENDS_GATEWAY_PROT is not a setting of Amends; "
            "did you mean AMENDS_GATEWAY_PORT?\n"
        )

    def test_given_no_training_data_then_exit_code_2_and_the_missing_folder(
        self, tmp_path: Path
    ) -> None:
        done = amends("train", AMENDS_VAR_DIR=str(tmp_path), AMENDS_PROJECT_DIR=str(tmp_path))

        assert done.returncode == 2
        assert f"{tmp_path / 'data'} is missing" in done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize(
        ("rows", "sentence"),
        [
            ('{"id": 1, "text": "late"}\n{"id": 2, "text"', "line 2 is not JSON"),
            ('["late"]', "line 1 is not a JSON object"),
            ('{"text": "late"}', "line 1: 'id' is missing."),
            ('\n{"id": "a", "text": 5}', "line 2: 'text' has the wrong type."),
        ],
    )
    def test_given_a_bad_row_for_nlu_then_exit_code_2_and_its_line(
        self, rows: str, sentence: str, tmp_path: Path
    ) -> None:
        done = amends("nlu", stdin=rows, AMENDS_VAR_DIR=str(tmp_path))

        assert done.returncode == 2
        assert sentence in done.stderr
        assert done.stdout == ""

    def test_given_a_port_in_use_then_up_says_so_and_starts_nothing(self, tmp_path: Path) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            project = project_without_model(tmp_path)
            done = amends("up", AMENDS_PROJECT_DIR=str(project), AMENDS_GATEWAY_PORT=str(port))

        assert done.returncode == 2
        assert f"port {port} on 127.0.0.1 is already in use" in done.stderr

    @pytest.mark.parametrize("name", ["retail.yml", "handoff.yml", "hours.yml", "first_help.yml"])
    def test_given_a_broken_table_then_up_names_the_file_and_starts_nothing(
        self, name: str, tmp_path: Path
    ) -> None:
        project = project_without_model(tmp_path)
        (project / "policies" / name).write_text("rows: [")

        done = amends("up", AMENDS_PROJECT_DIR=str(project))

        assert done.returncode == 2
        assert name in done.stderr
        assert "Traceback" not in done.stderr
        assert not (project / "var" / "run").exists()


class TestOutput:
    def test_given_a_reader_that_has_seen_enough_then_it_ends_without_a_traceback(self) -> None:
        # Many lines, so that writing goes on after the reader has gone.
        program = (
            "import sys; from amends.cli import main, settings;"
            "settings.run = lambda _: all(print('row', flush=True) is None for _ in range(10**6));"
            "sys.exit(main.main(['settings']))"
        )
        with subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdout is not None
            assert writer.stderr is not None
            assert writer.stdout.readline() == "row\n"
            writer.stdout.close()
            complaints = writer.stderr.read()

        assert (complaints, writer.returncode) == ("", 141)


class TestRegistration:
    def test_given_help_then_every_offered_command_has_its_module(self) -> None:
        done = amends("--help")

        assert done.returncode == 0
        for name in ("up", "train", "doctor", "settings", "nlu"):
            assert f"    {name}" in done.stdout

    def test_given_a_command_without_module_then_it_is_not_offered(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        absent = cli.Command("levitate", "amends.cli.levitate", "rise")
        monkeypatch.setattr(cli, "COMMANDS", (*cli.COMMANDS, absent))

        with pytest.raises(SystemExit) as refusal:
            cli.main(["levitate"])

        assert refusal.value.code == 2
        assert "levitate" in capsys.readouterr().err

    def test_given_one_command_then_the_modules_of_others_are_not_loaded(self) -> None:
        program = (
            "import sys; from amends.cli.main import main; main(['settings']);"
            "print([m for m in sys.modules if m in ('amends.cli.up', 'sqlalchemy', 'nicegui')],"
            "file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
        )

        assert done.stderr.strip() == "[]"


def project_without_model(folder: Path) -> Path:
    """Make a project complete enough for the checks before training."""
    shutil.copytree(PROJECT / "policies", folder / "policies")
    (folder / ".venv-engine" / "bin").mkdir(parents=True)
    (folder / ".venv-engine" / "bin" / "python").symlink_to(sys.executable)
    (folder / "credentials.yml").touch()
    return folder
