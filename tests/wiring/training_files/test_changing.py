"""Training files change whole or not at all: refused, at once, or where nothing can be written."""

import os
import threading
from pathlib import Path

import pytest

from amends.storage import Database
from amends.training.changes import (
    BrokenText,
    Busy,
    Change,
    ChangeState,
    FileChanged,
    NothingChanges,
    NotTraining,
    NotWritable,
    Uncommitted,
)
from amends.training.data_writer import ExampleEdit, HasTwin, LastExample
from amends.wiring import training_journal
from amends.wiring.training_files import NewExample, StoredChanges, TrainingFiles
from tests.wiring.training_files.steps import (
    AFTER,
    BEFORE,
    EN,
    ITEMS,
    NEW,
    TIM,
    ZH,
    files_of,
    nothing_is_left,
    stored,
    texts,
)


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
