"""`amends up` starts three processes, shows where they are, and leaves nothing behind."""

import asyncio
import io
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from amends.cli import up
from amends.cli.errors import DatabaseAway, UsageError
from amends.cli.main import main
from amends.storage import migrate
from amends.wiring.processes import answers, desk_child, engine_child, gateway_child
from amends.wiring.settings import Settings
from amends.wiring.supervisor import Child, StartError
from tests.cli.test_supervisor import SERVING, alive, soon
from tests.support.system import free_ports

NAMES = ("engine", "gateway", "desk")


class Stage:
    """Stand-ins for the three processes and the database, which note when they were asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.noted: list[str] = []
        self.programs = dict.fromkeys(NAMES, SERVING)

    def child(self, name: str) -> Child:
        self.noted.append(name)
        mark = self.folder / f"{name}.pid"

        async def is_ready() -> bool:
            return mark.exists() and mark.read_text() != ""

        command = (sys.executable, "-c", self.programs[name], str(mark))
        return Child(name, command, self.folder / f"{name}.out", is_ready)

    def prepare(self, settings: Settings) -> str:
        self.noted.append("database")
        return "one-time-word"

    def running(self) -> list[str]:
        marks = {name: self.folder / f"{name}.pid" for name in NAMES}
        return [name for name, mark in marks.items() if mark.exists() and alive(_pid(mark))]


def _pid(mark: Path) -> int:
    return int(mark.read_text() or 0)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage(tmp_path)
    monkeypatch.setattr(up, "engine_child", lambda *_: stage.child("engine"))
    monkeypatch.setattr(up, "gateway_child", lambda *_: stage.child("gateway"))
    monkeypatch.setattr(up, "desk_child", lambda *_: stage.child("desk"))
    monkeypatch.setattr(up, "prepare_database", stage.prepare)
    return stage


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path, gateway_port=5520, desk_port=5521, start_timeout_seconds=20)


def everything(settings: Settings) -> up.Start:
    return up.Start(settings, up.EVERY_PART, Path("model.tar.gz"))


async def until_shown(shown: io.StringIO, word: str) -> None:
    assert await soon(lambda: word in shown.getvalue(), seconds=20)


def test_given_a_part_that_does_not_exist_then_the_parts_are_named() -> None:
    with pytest.raises(UsageError, match="no part 'engin'; the parts are database, desk, engine"):
        up.wanted_parts(["gateway", "engin"])


def test_given_the_database_alone_then_it_is_made_ready_and_nothing_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'amends.db'}"
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("AMENDS_DATABASE_URL", url)
    monkeypatch.setenv("AMENDS_ENGINE_PYTHON", str(tmp_path / "not-installed-here"))

    assert main(["up", "database"]) == 0

    assert not migrate.is_behind(url)
    assert "ready for this version" in capsys.readouterr().err


class TestDatabaseAway:
    async def test_given_a_database_that_starts_too_when_preparing_then_it_is_waited_for(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers = iter([DatabaseAway("starting"), DatabaseAway("recovering"), "a word"])

        def prepare(_: Settings) -> str:
            answer = next(answers)
            if isinstance(answer, DatabaseAway):
                raise answer
            return answer

        monkeypatch.setattr(up, "prepare_database", prepare)
        monkeypatch.setattr(up, "ASK_AGAIN_SECONDS", 0)

        assert await up._once_there(settings) == "a word"

    async def test_given_one_that_never_answers_when_preparing_then_one_sentence_says_so(
        self, settings: Settings
    ) -> None:
        url = f"postgresql+psycopg://nobody@127.0.0.1:{free_ports(1)[0]}/none"
        away = settings.model_copy(update={"database_url": url, "start_timeout_seconds": -1})

        with pytest.raises(DatabaseAway, match="PostgreSQL does not answer: connection failed"):
            await up._once_there(away)


class TestServe:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    async def test_given_a_ready_system_when_asked_to_stop_then_nothing_is_left(
        self, number: signal.Signals, stage: Stage, settings: Settings
    ) -> None:
        shown = io.StringIO()
        serving = asyncio.create_task(
            up._serve(everything(settings), Console(file=shown, width=100), 0.0)
        )
        await until_shown(shown, "Amends is ready")
        assert stage.running() == list(NAMES)

        os.kill(os.getpid(), number)

        assert await asyncio.wait_for(serving, 10) == 0
        assert stage.running() == []

    async def test_given_a_start_then_the_engine_is_first_and_the_panel_names_all(
        self, stage: Stage, settings: Settings
    ) -> None:
        shown = io.StringIO()
        serving = asyncio.create_task(
            up._serve(everything(settings), Console(file=shown, width=100), 0.0)
        )

        await until_shown(shown, "Ctrl-C stops everything")
        os.kill(os.getpid(), signal.SIGTERM)
        await serving

        assert stage.noted == ["engine", "database", "gateway", "desk"]
        assert {path.stem for path in stage.folder.glob("*.out")} == set(NAMES)
        for address in (
            "http://127.0.0.1:5520",
            "http://127.0.0.1:5521",
            "http://127.0.0.1:5520/docs",
            "admin / one-time-word",
        ):
            assert address in shown.getvalue()

    @pytest.mark.parametrize(
        ("parts", "model", "begun"),
        [
            (["gateway"], None, ["database", "gateway"]),
            (["desk"], None, ["database", "desk"]),
            (["engine"], Path("model.tar.gz"), ["engine"]),
            (["gateway", "desk"], None, ["database", "gateway", "desk"]),
        ],
    )
    async def test_given_named_parts_then_nothing_else_is_started(
        self,
        stage: Stage,
        settings: Settings,
        parts: list[str],
        model: Path | None,
        begun: list[str],
    ) -> None:
        shown = io.StringIO()
        start = up.Start(settings, up.wanted_parts(parts), model)
        serving = asyncio.create_task(up._serve(start, Console(file=shown, width=100), 0.0))

        await until_shown(shown, "Ctrl-C stops everything")
        os.kill(os.getpid(), signal.SIGTERM)
        await serving

        assert stage.noted == begun
        assert list(stage.folder.glob("*.out")) == []  # they print where `amends up` does
        assert ("API docs" in shown.getvalue()) == ("gateway" in parts)
        assert ("one-time-word" in shown.getvalue()) == ("database" in begun)
        assert ("http://127.0.0.1:5005" in shown.getvalue()) == ("engine" in parts)

    async def test_given_a_stop_during_the_start_then_nothing_is_left(
        self, stage: Stage, settings: Settings
    ) -> None:
        stage.programs["engine"] = "import time; time.sleep(600)"
        serving = asyncio.create_task(
            up._serve(everything(settings), Console(file=io.StringIO()), 0.0)
        )
        assert await soon(lambda: "desk" in stage.running(), seconds=20)

        os.kill(os.getpid(), signal.SIGTERM)

        assert await asyncio.wait_for(serving, 10) == 0
        assert stage.running() == []

    async def test_given_a_desk_that_cannot_start_then_the_others_are_stopped_too(
        self, stage: Stage, settings: Settings
    ) -> None:
        stage.programs["desk"] = "import sys; sys.exit('no template')"

        with pytest.raises(StartError, match="desk ended with code 1"):
            await up._serve(everything(settings), Console(file=io.StringIO()), 0.0)

        assert stage.running() == []


class TestProcesses:
    async def test_given_settings_then_the_engine_listens_on_loopback_only(
        self, settings: Settings
    ) -> None:
        async with httpx.AsyncClient() as client:
            child = engine_child(settings, Path("/m/amends-1.tar.gz"), client)
            others = [gateway_child(settings, client), desk_child(settings, client)]

        words = " ".join(child.command)
        assert " -i 127.0.0.1 --port 5005 --model /m/amends-1.tar.gz " in words
        assert child.environment["SANIC_REQUEST_MAX_SIZE"] == "65536"
        assert [each.command[1:] for each in others] == [
            ("-m", "amends.gateway"),
            ("-m", "amends.desk"),
        ]

    @pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False), (404, False)])
    async def test_given_an_answer_then_only_200_means_ready(
        self, status: int, ready: bool
    ) -> None:
        transport = httpx.MockTransport(lambda _: httpx.Response(status))
        async with httpx.AsyncClient(transport=transport) as client:
            assert await answers(client, "http://127.0.0.1:1/readyz")() is ready

    async def test_given_nobody_there_then_not_ready(self) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            assert not await answers(client, "http://127.0.0.1:5529/readyz")()
