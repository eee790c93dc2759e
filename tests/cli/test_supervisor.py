"""Children are waited for, restarted, stopped, and never outlive their supervisor."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from amends.wiring import supervisor as supervision
from amends.wiring.supervisor import Child, StartError, Supervisor

PROJECT = Path(__file__).resolve().parents[2]
SERVING = """
import pathlib, sys, time, os
time.sleep(0.2)
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(600)
"""
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SERVING
WITH_GRANDCHILD = """
import subprocess, sys, pathlib, time
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(inner.pid))
time.sleep(600)
"""


def child(tmp_path: Path, program: str, name: str = "dummy") -> tuple[Child, Path]:
    mark = tmp_path / f"{name}.pid"

    async def is_ready() -> bool:
        return mark.exists() and mark.read_text() != ""

    command = (sys.executable, "-c", program, str(mark))
    return Child(name, command, tmp_path / f"{name}.out", is_ready), mark


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


async def soon(holds: Callable[[], bool], seconds: float = 10) -> bool:
    return await asyncio.to_thread(wait_until, holds, seconds)


class TestStart:
    async def test_given_a_slow_child_when_waited_for_then_it_serves_on_return(
        self, tmp_path: Path
    ) -> None:
        slow, mark = child(tmp_path, SERVING)

        async with Supervisor(print, stop_seconds=5) as supervisor:
            await supervisor.start(slow)
            assert not mark.exists()
            await supervisor.wait_ready(slow, seconds=10)

            assert int(mark.read_text()) == supervisor.process_ids()["dummy"]

    async def test_given_a_child_that_ends_at_once_then_its_last_words_are_shown(
        self, tmp_path: Path
    ) -> None:
        broken, _ = child(tmp_path, "import sys; sys.exit('policies/retail.yml is broken')")

        async with Supervisor(print, stop_seconds=5) as supervisor:
            await supervisor.start(broken)
            with pytest.raises(StartError) as failure:
                await supervisor.wait_ready(broken, seconds=10)

        assert "dummy ended with code 1" in str(failure.value)
        assert "policies/retail.yml is broken" in str(failure.value)
        assert str(broken.output) in str(failure.value)

    async def test_given_a_child_without_a_file_then_it_prints_where_its_supervisor_does(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        broken, _ = child(tmp_path, "import sys; print('one'); sys.exit('the policy is broken')")
        broken = replace(broken, output=None)

        async with Supervisor(print, stop_seconds=5) as supervisor:
            await supervisor.start(broken)
            with pytest.raises(StartError) as failure:
                await supervisor.wait_ready(broken, seconds=10)

        assert tuple(capfd.readouterr()) == ("one\n", "the policy is broken\n")
        assert str(failure.value).endswith("before it could serve; what it said stands above.")

    async def test_given_a_child_that_never_serves_then_waiting_ends(self, tmp_path: Path) -> None:
        mute, _ = child(tmp_path, "import time; time.sleep(600)")

        async with Supervisor(print, stop_seconds=5) as supervisor:
            await supervisor.start(mute)
            with pytest.raises(StartError, match="not ready after 0 seconds"):
                await supervisor.wait_ready(mute, seconds=0.3)


class TestKeep:
    async def test_given_a_killed_child_then_it_is_started_again_and_said_in_one_line(
        self, tmp_path: Path
    ) -> None:
        said: list[str] = []
        steady, mark = child(tmp_path, SERVING)

        async with Supervisor(said.append, stop_seconds=5) as supervisor:
            await supervisor.start(steady)
            await supervisor.wait_ready(steady, seconds=10)
            first = int(mark.read_text())
            os.kill(first, signal.SIGKILL)

            assert await soon(lambda: mark.read_text() not in ("", str(first)))
            assert alive(int(mark.read_text()))

        assert said == ["dummy ended (signal SIGKILL); starting it again."]

    async def test_given_a_child_that_keeps_dying_then_pauses_grow(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 0.03)
        slept, sleep = [], asyncio.sleep
        program = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('1')"
        program += "; import time; time.sleep(0.15)"
        dying, _ = child(tmp_path, program)

        async def noted_sleep(seconds: float) -> None:
            slept.append(seconds)
            await sleep(seconds)

        monkeypatch.setattr(asyncio, "sleep", noted_sleep)
        async with Supervisor(print, stop_seconds=5) as supervisor:
            await supervisor.start(dying)
            await supervisor.wait_ready(dying, seconds=10)
            assert await soon(lambda: 0.24 in slept, seconds=20)

        assert [one for one in slept if one in (0.03, 0.06, 0.12, 0.24)] == [0.03, 0.06, 0.12, 0.24]

    async def test_given_a_longest_pause_then_no_pause_is_longer(self, tmp_path: Path) -> None:
        times: list[float] = []
        program = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('1')"
        dying, _ = child(tmp_path, program + "; import time; time.sleep(0.15)")

        def say(_: str) -> None:
            times.append(time.monotonic())

        async with Supervisor(say, stop_seconds=5, longest_pause=0.02) as supervisor:
            await supervisor.start(dying)
            await supervisor.wait_ready(dying, seconds=10)
            assert await soon(lambda: len(times) >= 6, seconds=20)

        assert min(b - a for a, b in pairwise(times)) < 0.45  # else 0.5 and more


class TestStop:
    async def test_given_running_children_when_stopped_then_none_is_left(
        self, tmp_path: Path
    ) -> None:
        children = [child(tmp_path, SERVING, name) for name in ("one", "two", "three")]

        async with Supervisor(print, stop_seconds=5) as supervisor:
            for each, _ in children:
                await supervisor.start(each)
            for each, _ in children:
                await supervisor.wait_ready(each, seconds=20)
            began = time.monotonic()

        assert time.monotonic() - began < 3
        assert not any(alive(int(mark.read_text())) for _, mark in children)

    async def test_given_a_child_deaf_to_sigterm_then_it_is_ended_by_force(
        self, tmp_path: Path
    ) -> None:
        deaf, mark = child(tmp_path, DEAF)

        async with Supervisor(print, stop_seconds=0.3) as supervisor:
            await supervisor.start(deaf)
            await supervisor.wait_ready(deaf, seconds=10)

        assert not alive(int(mark.read_text()))

    async def test_given_a_grandchild_then_it_is_stopped_too(self, tmp_path: Path) -> None:
        parent, mark = child(tmp_path, WITH_GRANDCHILD)

        async with Supervisor(print, stop_seconds=5) as supervisor:
            await supervisor.start(parent)
            await supervisor.wait_ready(parent, seconds=10)

        assert await soon(lambda: not alive(int(mark.read_text())))

    async def test_given_a_child_waiting_to_be_restarted_then_stop_does_not_start_it(
        self, tmp_path: Path
    ) -> None:
        said: list[str] = []
        steady, mark = child(tmp_path, SERVING)

        async with Supervisor(said.append, stop_seconds=5) as supervisor:
            await supervisor.start(steady)
            await supervisor.wait_ready(steady, seconds=10)
            os.kill(int(mark.read_text()), signal.SIGKILL)
            mark.unlink()
            assert await soon(lambda: said != [])

        await asyncio.sleep(supervision.FIRST_PAUSE_SECONDS + 0.5)
        assert not mark.exists()


def test_given_the_supervisor_is_killed_then_its_children_end(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    program = f"""
import asyncio, sys, pathlib
from amends.wiring.supervisor import Child, Supervisor
async def ready():
    return pathlib.Path({str(mark)!r}).exists()
async def main():
    dummy = Child("dummy", (sys.executable, "-c", {SERVING!r}, {str(mark)!r}),
                  pathlib.Path({str(tmp_path / "out")!r}), ready)
    async with Supervisor(print, 5) as supervisor:
        await supervisor.start(dummy)
        await asyncio.sleep(600)
asyncio.run(main())
"""
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT)
    try:
        assert wait_until(lambda: mark.exists() and mark.read_text() != "", 20)
        orphan = int(mark.read_text())
        assert alive(orphan)
    finally:
        parent.kill()
        parent.wait()

    assert wait_until(lambda: not alive(orphan), 5)
