"""`amends report`: the figures of a period as one file, whole or not at all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from amends.cli import report
from amends.cli.main import main
from benchmarks.conversations import fill
from tests.support.database import fresh_url

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """300 conversations of the 182 days before NOW."""
    url = fresh_url(tmp_path_factory.mktemp("report"))
    fill(url, 300, NOW)
    return url


@pytest.fixture
def here(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("AMENDS_DATABASE_URL", database)
    monkeypatch.setattr(report, "utc_now", lambda: NOW)
    return tmp_path


def written(capsys: pytest.CaptureFixture[str], *arguments: str) -> Path:
    assert main(["report", *arguments]) == 0
    return Path(capsys.readouterr().out.strip())


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["report", *arguments]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    return printed.err


class TestReport:
    def test_given_nothing_said_then_a_page_of_the_last_days_that_needs_nothing_else(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = written(capsys)

        page = path.read_text("utf-8")
        assert path == here / "reports" / "report-2026-10-28-to-2026-11-25.html"
        for section in ("Overview", "Satisfaction", "Service", "Cost", "Causes", "Quality"):
            assert f"<h2>{section}</h2>" in page
        assert "<script" not in page
        assert "<link" not in page
        assert page.count("<svg") > 10

    def test_given_last_week_then_monday_to_sunday(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = written(capsys, "--last-week", "--in", "zh")

        assert path.name == "report-2026-11-16-to-2026-11-22.html"
        assert "概览" in path.read_text("utf-8")

    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_given_a_name_of_a_pdf_then_a_pdf(
        self, here: Path, capsys: pytest.CaptureFixture[str], language: str
    ) -> None:
        path = written(capsys, "--last", "91", "--in", language, "--out", str(here / "r.pdf"))

        content = path.read_bytes()
        assert content.startswith(b"%PDF-")
        assert content.rstrip().endswith(b"%%EOF")
        assert content.count(b"/Type /Page\n") >= 6

    def test_given_a_time_without_conversations_then_it_says_so(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = written(capsys, "--from", "2020-01-01", "--to", "2020-01-31")

        assert "No conversation fits" in path.read_text("utf-8")


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--from", "yesterday"], "is not a date"),
            (["--to", "2026-11-01"], "--to needs --from"),
            (["--category", "late"], "is not a category"),
            (["--from", "2026-11-02", "--to", "2026-11-01"], "lies before --from"),
            (["--format", "html", "--out", "r.pdf"], "leave one of them out"),
        ],
    )
    def test_given_what_cannot_be_then_one_sentence(
        self,
        here: Path,
        capsys: pytest.CaptureFixture[str],
        arguments: list[str],
        sentence: str,
    ) -> None:
        assert sentence in refused(capsys, *arguments)

    def test_given_a_place_that_is_a_folder_then_one_sentence_and_nothing_half_written(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        place = here / "reports.html"
        place.mkdir()

        assert "is not a file" in refused(capsys, "--out", str(place))
        assert not list(here.glob("*.part")) + list(here.glob(".*.part"))
