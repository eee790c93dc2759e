"""Training files change whole or not at all when the process that writes them is killed."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amends.storage import Database
from amends.storage.migrate import upgrade
from tests.wiring.training_files.steps import (
    AFTER,
    BEFORE,
    NEW,
    TIM,
    files_of,
    git,
    nothing_is_left,
    stored,
    texts,
)


class TestKilled:
    """A process is killed at each step on its way to the disk, one after the other."""

    @pytest.mark.parametrize("with_git", [False, True])
    def test_given_a_kill_at_any_step_then_old_or_new_and_the_record_says_which(
        self, tmp_path: Path, project: Path, with_git: bool
    ) -> None:
        fresh = tmp_path / "fresh"
        if with_git:
            git(project, "init", "-q", "-b", "main")
            git(project, "add", ".")
            git(project, "commit", "-qm", "Begin")
        project.rename(fresh)
        seen = set()
        for step in range(1, 200, 3 if with_git else 1):
            folder = tmp_path / str(step)
            shutil.copytree(fresh, folder / "project")
            found, killed = self._killed(folder, step)
            seen.add(found)
            if not killed:
                break
        assert not killed
        assert seen == {"old", "new"}

    def _killed(self, folder: Path, step: int) -> tuple[str, bool]:
        project, url = folder / "project", f"sqlite:///{folder / 'amends.db'}"
        upgrade(url)
        killed = in_a_fork(lambda: _change_until(project, url, step))
        db = Database(url)
        files_of(project, db).finish()
        found = {str(BEFORE): "old", str(AFTER): "new"}[str(texts(project))]
        assert [one.why for one in stored(db)] == (["why"] if found == "new" else [])
        assert nothing_is_left(project)
        if (project / ".git").exists():
            wanted = ["why", "Begin"] if found == "new" else ["Begin"]
            assert git(project, "log", "--format=%s").split() == wanted
            assert git(project, "status", "--porcelain") == ""
        db.close()
        return found, killed


def in_a_fork(work: Callable[[], None]) -> bool:
    """Run work in a copy of this process; return whether it was killed."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(2)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9), code
    return code == 9


def _change_until(project: Path, url: str, step: int) -> None:
    """Make a change, but die before the step of that number on the way to the disk."""
    left = iter(range(step - 1))

    def counted(do: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*arguments: Any, **named: Any) -> Any:
            if next(left, None) is None:
                os._exit(9)
            return do(*arguments, **named)

        return counting

    db = Database(url)
    os.replace = counted(os.replace)
    os.fsync = counted(os.fsync)
    Path.unlink = counted(Path.unlink)  # type: ignore[method-assign]
    subprocess.run = counted(subprocess.run)
    files_of(project, db).add_examples(NEW, TIM, "why")
