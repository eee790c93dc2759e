"""Training files change whole or not at all: killed, at once, in git and without, or not at all."""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from amends.storage import Database
from amends.storage.migrate import upgrade
from amends.training.changes import (
    AlreadyReverted,
    Author,
    BrokenText,
    Busy,
    Change,
    ChangeState,
    CommitRefused,
    FileChanged,
    NothingChanges,
    NotTraining,
    NotWritable,
    Overlaps,
    Uncommitted,
    UnderWay,
)
from amends.training.data_writer import ExampleEdit, HasTwin, LastExample
from amends.wiring import training_git, training_journal
from amends.wiring.training_files import NewExample, StoredChanges, TrainingFiles

TIM = Author("Tim Weller")
EN, ZH = "data/nlu/items.yml", "data/nlu/zh/items.yml"
ITEMS = """# Broken things.\r
nlu:\r
- intent: report_damaged_item  # the most frequent\r
  examples: |\r
    - the vase came in four pieces\r
    - my kettle has a crack\r
- intent: thank\r
  examples: |\r
    - thanks a lot\r
    - that was kind of you\r
"""
ITEMS_ZH = "nlu:\n- intent: report_damaged_item\n  examples: |\n    - 花瓶碎成了四块\n"
NEW = [
    NewExample("report_damaged_item", "the lamp is bent"),
    NewExample("report_damaged_item", "盒子里的杯子全都碎了", "zh"),
]
AFTER = {
    EN: ITEMS.replace("has a crack\r\n", "has a crack\r\n    - the lamp is bent\r\n"),
    ZH: ITEMS_ZH + "    - 盒子里的杯子全都碎了\n",
}
BEFORE = {EN: ITEMS, ZH: ITEMS_ZH}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for path, text in BEFORE.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return folder


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path / 'amends.db'}"
    upgrade(made)
    return made


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def files(project: Path, db: Database) -> TrainingFiles:
    return files_of(project, db)


@pytest.fixture
def repository(project: Path) -> Path:
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-qm", "Begin")
    return project


def files_of(project: Path, db: Database) -> TrainingFiles:
    return TrainingFiles(project, project.parent / "var" / "training", StoredChanges(db))


def git(project: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Ina", "-c", "user.email=ina@example.com"]
    done = subprocess.run(
        ["git", *who, *arguments], cwd=project, check=True, capture_output=True, text=True
    )
    return done.stdout


def texts(project: Path) -> dict[str, str]:
    return {path: (project / path).read_bytes().decode() for path in BEFORE}


def stored(db: Database) -> list[Change]:
    with db.read() as uow:
        return list(uow.training_changes.latest(50))


def nothing_is_left(project: Path) -> bool:
    drafts = list(project.rglob("*.draft"))
    journal = project.parent / "var" / "training"
    return not drafts and [path.name for path in journal.iterdir()] == ["lock"]


class TestChanging:
    def test_given_two_files_then_both_change_by_exactly_the_new_lines(
        self, files: TrainingFiles, project: Path, db: Database
    ) -> None:
        change = files.add_examples(NEW, TIM, "heard\nlast week")

        assert texts(project) == AFTER
        assert (change.paths, change.why) == ((EN, ZH), "heard last week")
        assert change.uncommitted is Uncommitted.NO_REPOSITORY
        assert stored(db) == [change]
        assert nothing_is_left(project)

    def test_given_one_that_is_refused_then_none_is_added(
        self, files: TrainingFiles, project: Path, db: Database
    ) -> None:
        twin = NewExample("thank", "The vase came in four pieces!")

        with pytest.raises(HasTwin) as refused:
            files.add_examples([*NEW, twin], TIM, "")

        assert refused.value.twin.place.file == EN
        assert texts(project) == BEFORE
        assert stored(db) == []

    def test_given_a_text_that_was_read_before_somebody_wrote_then_nothing_is_written(
        self, files: TrainingFiles, project: Path
    ) -> None:
        with pytest.raises(FileChanged):
            files.change({EN: AFTER[EN]}, TIM, "", read={EN: "what it said once"})

        assert texts(project) == BEFORE

    @pytest.mark.parametrize(
        ("path", "text", "refusal"),
        [
            (EN, ITEMS, NothingChanges),
            (EN, "nlu: [", BrokenText),
            (EN, "nlu:\n- intent: thank\n  examples: none\n", BrokenText),
            ("amends/values.py", "x = 1", NotTraining),
            ("data/../amends/values.yml", "x: 1", NotTraining),
            ("/etc/amends.yml", "x: 1", NotTraining),
            ("data/.hidden/x.yml", "x: 1", NotTraining),
        ],
    )
    def test_given_what_may_not_be_then_it_is_refused(
        self, files: TrainingFiles, project: Path, path: str, text: str, refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            files.change({path: text}, TIM, "")

        assert texts(project) == BEFORE

    def test_given_the_last_of_its_intent_then_it_stays(self, files: TrainingFiles) -> None:
        only = next(one for one in files.examples() if one.place.file == ZH)

        with pytest.raises(LastExample):
            files.edit_examples([ExampleEdit(only.place, only.text, removed=True)], TIM, "")

    def test_given_two_writers_at_once_then_both_changes_stand(
        self, project: Path, db: Database
    ) -> None:
        says = [f"the {thing} is bent" for thing in ("lamp", "chair", "tray", "shelf")]
        writers = [
            threading.Thread(
                target=files_of(project, db).add_examples,
                args=([NewExample("report_damaged_item", one)], TIM, one),
            )
            for one in says
        ]
        for one in writers:
            one.start()
        for one in writers:
            one.join()

        assert {one.text for one in files_of(project, db).examples()} >= set(says)
        assert {one.why for one in stored(db)} == set(says)

    def test_given_a_writer_that_does_not_end_then_busy(self, project: Path) -> None:
        journal = training_journal.Journal(project.parent / "var" / "training")

        with journal.locked(), pytest.raises(Busy), journal.locked(wait_seconds=0.1):
            pass

    def test_given_a_database_that_is_gone_then_the_record_waits_for_it(
        self, project: Path, db: Database
    ) -> None:
        class Gone(StoredChanges):
            def add(self, change: Change) -> None:
                raise OSError("no database")

        journal = project.parent / "var" / "training"
        change = TrainingFiles(project, journal, Gone(db)).add_examples(NEW, TIM, "")
        assert stored(db) == []

        assert files_of(project, db).finish() == 1
        assert stored(db) == [change]


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


class TestReadOnly:
    def test_given_files_that_cannot_be_written_then_the_patch_alone_is_kept(
        self, files: TrainingFiles, project: Path, db: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(path: Path, _: bytes) -> int:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(Path, "write_bytes", refuse)
        with pytest.raises(NotWritable) as refused:
            files.add_examples(NEW, TIM, "why")

        change = refused.value.change
        assert texts(project) == BEFORE
        assert stored(db) == [change]
        assert change.state is ChangeState.KEPT
        assert "+    - the lamp is bent" in change.patch
        assert nothing_is_left(project)

    def test_given_the_second_file_cannot_take_its_place_then_the_first_goes_back(
        self, files: TrainingFiles, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        replace = os.replace

        def refuse(draft: Path, real: Path) -> None:
            if str(real).endswith("zh/items.yml"):
                raise OSError(16, "Device or resource busy", str(draft), None, str(real))
            replace(draft, real)

        monkeypatch.setattr(os, "replace", refuse)
        with pytest.raises(NotWritable, match="zh/items"):
            files.add_examples(NEW, TIM, "why")

        assert texts(project) == BEFORE
        assert nothing_is_left(project)


class TestReverting:
    def test_given_two_additions_side_by_side_when_the_first_goes_then_the_second_stays(
        self, files: TrainingFiles, repository: Path
    ) -> None:
        first = files.add_examples(NEW, TIM, "first")
        files.add_examples([NewExample("report_damaged_item", "a wheel fell off")], TIM, "second")

        back = files.revert(first.id, TIM, "back")

        assert back.reverts == first.id
        assert texts(repository)[EN] == ITEMS.replace(
            "has a crack\r\n", "has a crack\r\n    - a wheel fell off\r\n"
        )
        assert texts(repository)[ZH] == ITEMS_ZH
        with pytest.raises(AlreadyReverted):
            files.revert(first.id, TIM, "again")

    def test_given_a_later_change_of_the_same_line_then_refused(
        self, files: TrainingFiles, project: Path
    ) -> None:
        first = files.add_examples(NEW, TIM, "first")
        lamp = next(one for one in files.examples() if one.text == "the lamp is bent")
        files.edit_examples([ExampleEdit(lamp.place, lamp.text, "my lamp is bent")], TIM, "")

        with pytest.raises(Overlaps):
            files.revert(first.id, TIM, "back")

        assert "my lamp is bent" in texts(project)[EN]

    def test_given_a_new_file_when_taken_back_then_it_is_gone(
        self, files: TrainingFiles, repository: Path
    ) -> None:
        made = files.change({"data/rules/new.yml": "rules: []\n"}, TIM, "new")

        files.revert(made.id, TIM, "back")

        assert not (repository / "data/rules/new.yml").exists()
        assert git(repository, "status", "--porcelain") == ""


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
