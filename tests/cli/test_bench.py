"""`amends bench` runs the benchmarks that come with a checkout."""

import subprocess
import sys
from pathlib import Path

import pytest

from amends.cli import bench
from amends.cli.main import build_parser, main


class TestBench:
    @pytest.mark.parametrize(
        ("given", "options"),
        [
            (["bench"], ["--without-stock"]),
            (["bench", "--quick", "--with-stock"], ["--quick"]),
        ],
    )
    def test_given_options_then_the_benchmarks_get_theirs(
        self, given: list[str], options: list[str]
    ) -> None:
        arguments = build_parser(given).parse_args(given)

        assert bench.command(arguments) == [sys.executable, "-m", "benchmarks", *options]

    def test_given_its_options_then_the_benchmarks_know_them(self) -> None:
        shown = subprocess.run(
            [sys.executable, "-m", "benchmarks", "--help"],
            cwd=bench.PROJECT_DIR,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

        assert "--quick" in shown
        assert "--without-stock" in shown

    def test_given_no_checkout_then_one_sentence(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(bench, "PROJECT_DIR", tmp_path)

        assert main(["bench"]) == 2

        assert "use a checkout" in capsys.readouterr().err
