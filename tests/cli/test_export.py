"""`amends export`: as lines and as Parquet, masked unless told otherwise, whole or not at all."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from amends.cli import log_files, log_parquet
from amends.cli.log_files import whole_file
from amends.cli.main import main
from amends.records.log.to_row import to_json_line
from amends.values import Json
from tests.records.log.steps import chats, everything, log_of
from tests.records.steps import OWNER
from tests.support.shop import LOST, Shop, shop

__all__ = ["shop"]  # a fixture


@pytest.fixture(autouse=True)
def quiet_signals() -> Iterator[None]:
    """The command listens for SIGTERM; the test run does not go on doing so."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def here(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The shop's installation, which the command finds by its environment."""
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("AMENDS_DATABASE_URL", f"sqlite:///{shop.db.url.database}")
    return shop


def exported(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[Json]:
    assert main(["export", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["export", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err


def as_lines(rows: list[Json]) -> list[Json]:
    """Rows as JSON Lines has them: moments as text."""
    return [json.loads(to_json_line(row)) for row in rows]


class TestLines:
    def test_given_chats_then_each_is_a_line_on_standard_output(
        self, here: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        here.clock.forward(minutes=1)
        first = here.chat()
        here.clock.forward(minutes=1)
        second = everything(here)

        assert [row["id"] for row in exported(capsys)] == [first.id, second.id]

    def test_given_nothing_else_said_then_it_is_masked_and_the_pseudonyms_stay_the_same(
        self, here: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        everything(here)

        once, again = exported(capsys), exported(capsys)

        assert OWNER not in json.dumps(once)
        assert once == again
        assert once[0]["customer"]["id"].startswith("customer-")

    def test_given_personal_data_wanted_then_they_stand_in_clear_and_it_says_so(
        self, here: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        everything(here)

        assert main(["export", "--personal"]) == 0

        printed = capsys.readouterr()
        assert OWNER in printed.out
        assert printed.err == (
            "The log holds personal data in clear; keep it as you keep the database.\n"
        )

    def test_given_a_file_then_it_is_there_for_its_owner_alone(
        self, here: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        chats(here, 3)
        out = tmp_path / "log.jsonl"

        assert exported(capsys, "--out", str(out)) == []

        assert len(out.read_text("utf-8").splitlines()) == 3
        assert out.stat().st_mode & 0o777 == 0o600
        assert [path.name for path in tmp_path.glob("*log.jsonl*")] == ["log.jsonl"]

    def test_given_days_then_both_belong_to_the_span(
        self, here: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ids = []
        for day in (1, 2, 3):
            here.clock.now = datetime.fromisoformat(f"2026-03-0{day}T23:59:59.500+00:00")
            ids.append(here.chat().id)

        def told(*arguments: str) -> list[str]:
            return [row["id"] for row in exported(capsys, *arguments)]

        assert told("--since", "2026-03-02") == ids[1:]
        assert told("--until", "2026-03-02") == ids[:2]
        assert told("--since", "2026-03-02", "--until", "2026-03-02") == ids[1:2]
        assert told("--until", "2026-03-02T23:59:59.500Z") == ids[:1]
        assert told("--until", "2026-03-03T00:59:59+01:00") == ids[:1]

    def test_given_a_language_and_only_closed_then_others_stay_away(
        self, here: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        here.chat()
        chinese = here.chat(language="zh")

        assert [one["id"] for one in exported(capsys, "--language", "zh")] == [chinese.id]
        assert exported(capsys, "--closed") == []


class TestParquet:
    def told(self, out: Path) -> list[Json]:
        return pq.read_table(out).to_pylist()  # type: ignore[no-any-return]

    def test_given_chats_then_parquet_and_lines_hold_the_same(
        self, here: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        everything(here)
        everything(here, LOST)
        here.chat("cus-unknown", language="zh")
        out = tmp_path / "log.parquet"

        exported(capsys, "--format", "parquet", "--out", str(out))

        assert as_lines(self.told(out)) == exported(capsys)

    def test_given_no_chat_then_the_file_is_empty_and_has_its_columns(
        self, here: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "log.parquet"

        exported(capsys, "--format", "parquet", "--out", str(out))

        assert self.told(out) == []
        assert pq.read_schema(out).field("cases").type.value_type.field("entries").type

    def test_given_many_messages_then_row_groups_stay_small(
        self, here: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(log_parquet, "GROUP", 4)
        monkeypatch.setattr(log_parquet, "GROUP_MESSAGES", 10)
        everything(here)  # alone more than ten messages or near to it
        chats(here, 9)
        out = tmp_path / "log.parquet"

        log_parquet.write_parquet(log_of(here), out)

        about = pq.ParquetFile(out).metadata
        sizes = [about.row_group(number).num_rows for number in range(about.num_row_groups)]
        assert sum(sizes) == 10
        assert max(sizes) <= 4
        assert len(sizes) >= 3

    def test_given_a_moment_then_it_is_a_timestamp_in_utc(self, here: Shop, tmp_path: Path) -> None:
        chats(here, 1)
        out = tmp_path / "log.parquet"

        log_parquet.write_parquet(log_of(here), out)

        assert str(pq.read_schema(out).field("started_at").type) == "timestamp[us, tz=UTC]"
        assert self.told(out)[0]["started_at"] == here.clock()

    def test_given_parquet_without_a_file_then_it_is_refused(
        self, here: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert "--out" in refused(capsys, "--format", "parquet")

    def test_given_lines_then_pyarrow_is_not_loaded(self) -> None:
        code = "import sys, amends.cli.export; sys.exit('pyarrow' in sys.modules)"

        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class TestInterrupted:
    def failing(self, rows: int) -> Iterator[Json]:
        for number in range(rows):
            yield {"id": number}
        raise KeyboardInterrupt

    def test_given_it_is_cut_off_then_the_file_of_before_stays(self, tmp_path: Path) -> None:
        out = tmp_path / "log.jsonl"
        out.write_text("before\n")

        with pytest.raises(KeyboardInterrupt), whole_file(out) as draft, draft.open("w") as file:
            log_files.write_lines(self.failing(1000), file)

        assert out.read_text() == "before\n"
        assert list(tmp_path.iterdir()) == [out]

    def test_given_parquet_is_cut_off_then_no_file_is_left(
        self, here: Shop, tmp_path: Path
    ) -> None:
        chats(here, 3)
        out = tmp_path / "out" / "log.parquet"
        out.parent.mkdir()

        def cut_off() -> Iterator[Json]:
            yield from log_of(here)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt), whole_file(out) as draft:
            log_parquet.write_parquet(cut_off(), draft)

        assert list(out.parent.iterdir()) == []

    def test_given_a_signal_to_end_in_the_middle_then_no_half_file_is_left(
        self, here: Shop, tmp_path: Path
    ) -> None:
        chats(here, 600)
        folder = tmp_path / "out"
        folder.mkdir()
        command = [sys.executable, "-c", SLOWLY, str(folder / "log.jsonl")]
        with subprocess.Popen(command, env=os.environ) as process:
            until = time.monotonic() + 30
            while not any(path.stat().st_size for path in folder.iterdir()):
                assert time.monotonic() < until
                time.sleep(0.02)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 143

        assert list(folder.iterdir()) == []


SLOWLY = """
import sys, time
from amends.cli import log_files
from amends.cli.main import main

def slow(rows, file):
    for row in rows:
        file.write(log_files.to_json_line(row))
        file.flush()
        time.sleep(0.05)

import amends.cli.export as export
export.write_lines = slow
sys.exit(main(["export", "--out", sys.argv[1]]))
"""


class TestRefused:
    @pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "2026-03-04T10:00", "04/03/2026"])
    def test_given_no_day_then_one_sentence_says_how_to_write_it(
        self, here: Shop, capsys: pytest.CaptureFixture[str], day: str
    ) -> None:
        assert refused(capsys, "--since", day) == (
            f"amends: --since {day!r} is no day and no moment; write 2026-03-04 or "
            "2026-03-04T10:00Z.\n"
        )

    def test_given_an_end_before_the_beginning_then_it_is_refused(
        self, here: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sentence = refused(capsys, "--since", "2026-03-04", "--until", "2026-03-03")

        assert "--since comes first" in sentence

    def test_given_no_such_folder_or_a_folder_as_file_then_it_is_refused(
        self, here: Shop, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        assert "no folder" in refused(capsys, "--out", str(tmp_path / "none" / "log"))
        assert "is not a file" in refused(capsys, "--out", str(tmp_path))

    def test_given_no_database_then_it_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path))

        assert "amends up" in refused(capsys)

    def test_given_a_disk_that_is_full_then_one_sentence_says_so(
        self, here: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        def full(rows: Any, file: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("amends.cli.export.write_lines", full)

        assert "No space left on device" in refused(capsys, "--out", str(tmp_path / "log"))
        assert not list(tmp_path.glob("*.part"))


def test_given_words_of_all_scripts_then_a_line_is_one_line() -> None:
    line = to_json_line({"text": "王\n小\u2028明 \U0001f600"})

    assert line.count("\n") == 1
    assert json.loads(io.StringIO(line).readline())["text"] == "王\n小\u2028明 \U0001f600"
