"""A change of training files becomes a commit of its own, or is written and the reason kept."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amends.storage import Database
from amends.training.changes import Author, ChangeState, CommitRefused, Uncommitted, UnderWay
from amends.training.data_writer import ExampleEdit
from amends.wiring import training_git
from amends.wiring.training_files import TrainingFiles
from tests.wiring.training_files.steps import (
    AFTER,
    BEFORE,
    EN,
    ITEMS,
    NEW,
    TIM,
    ZH,
    files_of,
    git,
    stored,
    texts,
)


class TestGit:
    def test_given_others_work_then_it_stays_theirs_staged_and_unstaged(
        self, files: TrainingFiles, repository: Path
    ) -> None:
        (repository / "data" / "other.yml").write_text("rules: []\n")
        git(repository, "add", "data/other.yml")
        theirs = ITEMS.replace("thanks a lot", "thanks a lot indeed")
        (repository / EN).write_bytes(theirs.encode())

        change = files.add_examples(NEW, Author("王芳 <x>", "fang@example.com"), "why")

        assert change.state is ChangeState.COMMITTED
        shown = git(repository, "show", "--format=%an|%ae|%cn|%s", "--stat", "HEAD")
        assert shown.startswith("王芳 x|fang@example.com|Amends|why")
        assert "other.yml" not in shown
        assert git(repository, "show", f"HEAD:{EN}").replace("\r", "") == AFTER[EN].replace(
            "\r", ""
        )
        assert git(repository, "diff", "--cached", "--name-only").split() == ["data/other.yml"]
        assert "thanks a lot indeed" in git(repository, "diff")
        assert "+    - the lamp is bent" not in git(repository, "diff")

    def test_given_uncommitted_work_on_the_same_lines_then_written_and_said(
        self, files: TrainingFiles, repository: Path
    ) -> None:
        theirs = ITEMS.replace("my kettle has a crack", "my pot has a hole")
        (repository / EN).write_bytes(theirs.encode())
        pot = next(one for one in files.examples() if "pot" in one.text)

        change = files.edit_examples([ExampleEdit(pot.place, pot.text, "my pan leaks")], TIM, "")

        assert (change.commit, change.uncommitted) == (None, Uncommitted.OTHERS_WORK)
        assert "my pan leaks" in texts(repository)[EN]

    def test_given_a_merge_under_way_then_nothing_is_written(
        self, files: TrainingFiles, repository: Path
    ) -> None:
        (repository / ".git" / "MERGE_HEAD").write_text(git(repository, "rev-parse", "HEAD"))

        with pytest.raises(UnderWay, match="merge"):
            files.add_examples(NEW, TIM, "")

        assert texts(repository) == BEFORE

    def test_given_a_hook_that_refuses_then_everything_is_as_it_was(
        self, files: TrainingFiles, repository: Path, db: Database
    ) -> None:
        hook = repository / ".git" / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\necho 'write a ticket first' >&2\nexit 1\n")
        hook.chmod(0o755)

        with pytest.raises(CommitRefused, match="write a ticket first"):
            files.add_examples(NEW, TIM, "")

        assert texts(repository) == BEFORE
        assert stored(db) == []
        assert git(repository, "status", "--porcelain") == ""

    @pytest.mark.parametrize(
        ("spoil", "reason"),
        [
            (lambda at: git(at, "checkout", "-q", "--detach"), Uncommitted.DETACHED),
            (lambda at: [git(at, "rm", "-rq", "--cached", "data"), git(at, "commit", "-qm", "x")],
             Uncommitted.UNTRACKED),
            (lambda at: shutil.rmtree(at / ".git"), Uncommitted.NO_REPOSITORY),
        ],
    )  # fmt: skip
    def test_given_git_cannot_then_the_files_are_written_and_the_reason_kept(
        self, files: TrainingFiles, repository: Path, spoil: Callable[[Path], Any],
        reason: Uncommitted,
    ) -> None:  # fmt: skip
        spoil(repository)

        change = files.add_examples(NEW, TIM, "")

        assert (change.state, change.uncommitted) == (ChangeState.WRITTEN, reason)
        assert texts(repository) == AFTER

    def test_given_a_repository_of_somebody_else_then_the_files_are_written(
        self,
        files: TrainingFiles,
        repository: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        wrapped = tmp_path / "tools" / "git"
        wrapped.parent.mkdir()
        real = shutil.which("git")
        wrapped.write_text(f'#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {real} "$@"\n')
        wrapped.chmod(0o755)
        monkeypatch.setenv("PATH", f"{wrapped.parent}:{os.environ['PATH']}")

        assert files.add_examples(NEW, TIM, "").uncommitted is Uncommitted.OTHER_OWNER

    def test_given_no_git_at_all_then_the_files_are_written(
        self, files: TrainingFiles, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(repository))

        assert files.add_examples(NEW, TIM, "").uncommitted is Uncommitted.NO_GIT

    def test_given_a_project_inside_a_repository_then_its_files_are_committed(
        self, project: Path, db: Database, tmp_path: Path
    ) -> None:
        git(tmp_path, "init", "-q", "-b", "main")
        git(tmp_path, "add", "project")
        git(tmp_path, "commit", "-qm", "Begin")

        change = files_of(project, db).add_examples(NEW, TIM, "why")

        assert change.state is ChangeState.COMMITTED
        names = git(tmp_path, "show", "--format=", "--name-only", "HEAD").split()
        assert names == [f"project/{EN}", f"project/{ZH}"]

    def test_given_a_commit_by_somebody_at_the_same_moment_then_both_stand(
        self, files: TrainingFiles, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        move = training_git.Repository._move_branch
        once = iter([True])

        def late(self: Any, *arguments: Any) -> None:
            if next(once, False):
                (repository / "notes.txt").write_text("x")
                git(repository, "add", "notes.txt")
                git(repository, "commit", "-qm", "Theirs")
            move(self, *arguments)

        monkeypatch.setattr(training_git.Repository, "_move_branch", late)

        files.add_examples(NEW, TIM, "why")

        assert git(repository, "log", "--format=%s").split() == ["why", "Theirs", "Begin"]
        assert git(repository, "status", "--porcelain") == ""
