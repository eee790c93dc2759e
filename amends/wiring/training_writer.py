"""Writing a change of the training data to its end: journal, files, commit, row.

The steps are those of `amends.wiring.training_files`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import structlog

from amends.storage import Database
from amends.training.changes import (
    Author,
    BrokenText,
    Change,
    ChangeState,
    CommitRefused,
    NothingChanges,
    NotWritable,
    checked_why,
)
from amends.training.changes_patch import Texts, make_patch
from amends.training.data_model import Finding
from amends.training.data_reader import parse_examples
from amends.values import Clock, new_id
from amends.wiring.training_git import Repository
from amends.wiring.training_journal import (
    CannotWrite,
    Entry,
    Journal,
    Step,
    forget_drafts,
    put_texts,
    read_text,
    write_whole,
)

log = structlog.get_logger()


class ChangeBook(Protocol):
    """Where the record of changes is kept."""

    def add(self, change: Change) -> None:
        """Store a change; nothing happens when it is stored already."""
        ...

    def get(self, change_id: str) -> Change | None: ...
    def reverted_by(self, change_id: str) -> str | None:
        """Return the change that took this one back."""
        ...


class StoredChanges:
    """The book in the database; each call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, change: Change) -> None:
        with self._database.write() as uow:
            uow.training_changes.add(change)
            uow.commit()

    def get(self, change_id: str) -> Change | None:
        with self._database.read() as uow:
            return uow.training_changes.get(change_id)

    def reverted_by(self, change_id: str) -> str | None:
        with self._database.read() as uow:
            return uow.training_changes.reverted_by(change_id)


class ChangeWriter:
    """Writes changes into one project, one at a time over all processes."""

    def __init__(self, project: Path, journal: Path, book: ChangeBook, clock: Clock) -> None:
        self._project = project
        self._journal = Journal(journal)
        self._book = book
        self._clock = clock

    def finish(self) -> int:
        """Finish or undo what a killed process left; return how many changes that were."""
        if self._journal.is_empty():
            return 0
        with self._journal.locked():
            return self._finish()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one who writes, with nothing left half-done by somebody before."""
        with self._journal.locked():
            self._finish()
            yield

    def carry_out(self, wanted: Texts, by: Author, why: str, reverts: str | None = None) -> Change:
        """Write the texts that differ; call it within `alone`.

        Raises:
            NotWritable: nothing was changed, the patch is kept.
            TrainingFilesError: nothing was changed.
        """
        before = {path: read_text(self._project, path) for path in wanted}
        after = {path: text for path, text in wanted.items() if before[path] != text}
        if not after:
            raise NothingChanges
        for path, text in after.items():
            if text is not None:
                check_text(path, text)
        repository = Repository(self._project)
        repository.check()
        change = Change(
            id=new_id(), at=self._clock(), by=by, why=checked_why(why), paths=tuple(sorted(after)),
            commit=None, patch=make_patch(before, after), reverts=reverts,
        )  # fmt: skip
        entry = Entry(change, {path: before[path] for path in after}, after)
        try:
            entry = write_whole(self._project, self._journal, entry)
        except CannotWrite as refused:
            raise NotWritable(refused.path, self._keep(change)) from None
        return self._record(entry, repository)

    def _record(
        self, entry: Entry, repository: Repository, *, perhaps_made: bool = False
    ) -> Change:
        """Commit what is written, and store the row.

        Raises:
            CommitRefused: a hook refused; the texts before stand again.
        """
        try:
            done = repository.commit(entry.change, perhaps_made=perhaps_made)
        except CommitRefused:
            self._undo(entry.undone())
            raise
        state = ChangeState.COMMITTED if done.commit else ChangeState.WRITTEN
        change = replace(
            entry.change, state=state, commit=done.commit, uncommitted=done.uncommitted
        )
        self._store(Entry(change, {}, {}, Step.DONE))
        log.info("training.changed", change=change.id, state=state.value, commit=change.commit)
        return change

    def _undo(self, entry: Entry) -> None:
        self._journal.write(entry)
        put_texts(self._project, entry.change.id, entry.after)
        self._journal.remove(entry)

    def _keep(self, change: Change) -> Change:
        kept = replace(change, state=ChangeState.KEPT)
        self._store(Entry(kept, {}, {}, Step.DONE))
        return kept

    def _store(self, entry: Entry) -> None:
        """Store the row; where the database does not answer, the journal holds it until it does."""
        self._journal.write(entry)
        try:
            self._book.add(entry.change)
        except Exception as error:  # whatever a driver raises; nothing is lost
            log.warning("training.change.not_stored", change=entry.change.id, reason=repr(error))
            return
        self._journal.remove(entry)

    def _finish(self) -> int:
        entries = self._journal.entries()
        for entry in entries:
            forget_drafts(self._project, entry)
            match entry.step:
                case Step.DRAFTING:
                    self._journal.remove(entry)
                case Step.UNDOING:
                    self._undo(entry)
                case Step.DONE:
                    self._store(entry)
                case Step.WRITING | Step.WRITTEN:
                    self._finish_written(entry)
        return len(entries)

    def _finish_written(self, entry: Entry) -> None:
        """Lead a change that was cut off to its end; keep its patch alone where it cannot be."""
        try:
            if entry.step is Step.WRITING:
                entry = self._complete(entry)
            self._record(entry, Repository(self._project), perhaps_made=True)
        except (CannotWrite, CommitRefused) as refused:
            log.warning("training.change.kept", change=entry.change.id, reason=str(refused))
            self._keep(entry.change)

    def _complete(self, entry: Entry) -> Entry:
        """Write the files that were not yet; none, when somebody changed one meanwhile.

        Raises:
            CannotWrite: all files are as they were, or as somebody wrote them.
        """
        now = {path: read_text(self._project, path) for path in entry.after}
        strange = [path for path in now if now[path] not in (entry.before[path], entry.after[path])]
        if not strange:
            return write_whole(self._project, self._journal, entry)
        ours = {path: entry.before[path] for path in now if now[path] == entry.after[path]}
        put_texts(self._project, entry.change.id, ours)
        raise CannotWrite(strange[0])


def check_text(path: str, text: str) -> None:
    """Raise when Rasa could not read a file with this text.

    Raises:
        BrokenText
    """
    broken = next((one for one in parse_examples(text, path) if isinstance(one, Finding)), None)
    if broken is not None:
        line = broken.places[0].line if broken.places else 1
        raise BrokenText(path, f"line {line}: {broken.message}")
