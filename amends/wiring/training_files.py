"""The training data as files: read quickly, changed whole or not at all, committed and recorded.

A change goes through these steps, under a lock that one process holds at a time:

1. The texts are read, the outcome is built and read again; what could not be read is refused.
2. *Drafts* of all files are written beside them and synced, their names noted in the journal.
   Where that is not allowed, nothing has changed: the patch is kept and `NotWritable` is raised.
3. The journal (`{var_dir}/training/<id>.json`) gets the whole change with the texts before and
   after. From here on it will be finished: its record cannot be lost any more.
4. Each draft takes its file's place.
5. The change becomes a commit, where there is git.
6. The row is stored in the database, and the journal's entry removed.

Whoever takes the lock next, after a kill at any point, finishes (from step 3 on) or undoes (before
it) what the journal holds, and stores the row when it is not there; see `finish`.

TrainingFilesError, ExampleRefused: see `amends.training.changes` and `data_writer`
"""

import getpass
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Protocol

import structlog

from amends.storage import Database
from amends.training.changes import (
    AlreadyReverted,
    Author,
    BrokenText,
    Change,
    ChangeState,
    CommitRefused,
    FileChanged,
    NewExample,
    NothingChanges,
    NotWritable,
    Overlaps,
    TrainingFilesError,
    UnknownChange,
    checked_path,
    checked_why,
)
from amends.training.changes_patch import (
    DoesNotFit,
    Texts,
    apply_patch,
    make_patch,
    parse_patch,
)
from amends.training.data_model import Corpus, Example, Finding
from amends.training.data_reader import parse_examples, read_file
from amends.training.data_writer import ExampleEdit, add_example, edit_example
from amends.values import Clock, new_id, utc_now
from amends.wiring.app import App
from amends.wiring.settings import Settings
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

__all__ = [
    "Author",
    "Change",
    "ChangeBook",
    "NewExample",
    "TrainingFiles",
    "TrainingFilesError",
    "training_files",
]

log = structlog.get_logger()

NLU = "data/nlu"


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


class TrainingFiles:
    """The training files of one project; may be used from any thread and process.

    Calls block (disk, git, database): run them in a thread, and never within a transaction of
    your own, for a change stores its row in one.
    """

    def __init__(
        self, project: Path, journal: Path, book: ChangeBook, clock: Clock = utc_now
    ) -> None:
        self._project = project.resolve()
        self._journal = Journal(journal)
        self._book = book
        self._clock = clock

    def corpus(self) -> Corpus:
        """Return all examples, and what could not be read; files that stay are read once."""
        found = list(chain.from_iterable(_parsed(*key) for key in self._keys()))
        return Corpus(
            [one for one in found if isinstance(one, Example)],
            [one for one in found if isinstance(one, Finding)],
        )

    def examples(self) -> Sequence[Example]:
        return self.corpus().examples

    def intents(self) -> Sequence[str]:
        """Return all intents that have examples, in alphabetical order."""
        return sorted({one.intent for one in self.examples()})

    def text(self, path: str) -> str | None:
        """Return a training file's text as it stands, line ends included; None without the file.

        Raises:
            NotTraining, BrokenText
        """
        return read_text(self._project, checked_path(path))

    def add_examples(self, new: Sequence[NewExample], by: Author, why: str) -> Change:
        """Put examples where their like stand; all of them, or none.

        Raises:
            ExampleRefused: one cannot be added; `HasTwin` carries the twin.
            TrainingFilesError: see `change`.
        """

        def build(known: Sequence[Example], texts: dict[str, str]) -> None:
            for one in new:
                added = add_example(texts, known, one.intent, one.text, one.language)
                texts[added.place.file] = added.text
                known = [*known, Example(one.text.strip(), one.intent, added.place)]

        return self._change_examples(build, by, why)

    def edit_examples(self, edits: Sequence[ExampleEdit], by: Author, why: str) -> Change:
        """Reword, move or remove examples; all of them, or none.

        Raises:
            ExampleRefused: one cannot be changed so.
            TrainingFilesError: see `change`.
        """

        def build(known: Sequence[Example], texts: dict[str, str]) -> None:
            for one in edits:
                texts |= edit_example(texts, known, one)
                known = _all_examples(texts)

        return self._change_examples(build, by, why)

    def change(self, texts: Texts, by: Author, why: str, *, read: Texts | None = None) -> Change:
        """Write files whole: all of them, or none.

        Args:
            texts: by path relative to the project; None removes the file, a new path makes one.
            why: becomes the commit's subject.
            read: the texts that these were made from, where they were read earlier.

        Raises:
            FileChanged: a file does not say any more what was read.
            NotWritable: nothing was changed, the patch is kept.
            TrainingFilesError: nothing was changed; see `amends.training.changes`.
        """
        wanted = {checked_path(path): text for path, text in texts.items()}
        with self._writing():
            for path, text in (read or {}).items():
                if self.text(path) != text:
                    raise FileChanged(path)
            return self._carry_out(wanted, by, why)

    def revert(self, change_id: str, by: Author, why: str) -> Change:
        """Take a change back, as a change of its own.

        Raises:
            UnknownChange, AlreadyReverted, Overlaps
            TrainingFilesError: see `change`.
        """
        with self._writing():
            change = self._book.get(change_id)
            if change is None or change.state is ChangeState.KEPT:
                raise UnknownChange
            earlier = self._book.reverted_by(change_id)
            if earlier is not None:
                raise AlreadyReverted(earlier)
            return self._carry_out(self._without(change), by, why, reverts=change_id)

    def finish(self) -> int:
        """Finish or undo what a killed process left; return how many changes that were."""
        if self._journal.is_empty():
            return 0
        with self._journal.locked():
            return self._finish()

    def _change_examples(
        self, build: Callable[[Sequence[Example], dict[str, str]], None], by: Author, why: str
    ) -> Change:
        with self._writing():
            names = [name for _, name, *_ in self._keys()]
            before = {name: read_text(self._project, name) or "" for name in names}
            texts = dict(before)
            build(self.examples(), texts)
            wanted = {path: text for path, text in texts.items() if before.get(path) != text}
            return self._carry_out(wanted, by, why)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._journal.locked():
            self._finish()
            yield

    def _without(self, change: Change) -> Texts:
        texts: dict[str, str | None] = {}
        for part in parse_patch(change.patch):
            try:
                texts[part.path] = apply_patch(self.text(part.path), part.turned())
            except DoesNotFit:
                raise Overlaps(part.path) from None
        return texts

    def _carry_out(self, wanted: Texts, by: Author, why: str, reverts: str | None = None) -> Change:
        before = {path: self.text(path) for path in wanted}
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

    def _keys(self) -> list[tuple[Path, str, int, int]]:
        folder = self._project / NLU
        found = sorted((*folder.rglob("*.yml"), *folder.rglob("*.yaml")))
        stats = [(path, path.stat()) for path in found]
        return [
            (path, path.relative_to(self._project).as_posix(), one.st_mtime_ns, one.st_size)
            for path, one in stats
        ]


def training_files(app: App) -> TrainingFiles:
    """Return the training files of a running application."""
    return training_files_of(app.settings, app.db, app.clock)


def training_files_of(
    settings: Settings, database: Database, clock: Clock = utc_now
) -> TrainingFiles:
    journal = settings.var_dir / "training"
    return TrainingFiles(settings.project_dir, journal, StoredChanges(database), clock)


def author_here(project: Path) -> tuple[str, str | None]:
    """Return name and e-mail address of whoever works at this terminal: git's, or the user's."""
    name, email = Repository(project.resolve()).identity()
    return name or getpass.getuser(), email or None


def _all_examples(texts: Mapping[str, str]) -> list[Example]:
    found = chain.from_iterable(parse_examples(text, name) for name, text in texts.items())
    return [one for one in found if isinstance(one, Example)]


@lru_cache(maxsize=256)
def _parsed(path: Path, name: str, changed_ns: int, size: int) -> tuple[Example | Finding, ...]:
    """Read a file as it was at that time; a new time or size makes it be read again."""
    return tuple(read_file(path, name))


def check_text(path: str, text: str) -> None:
    """Raise when Rasa could not read a file with this text.

    Raises:
        BrokenText
    """
    broken = next((one for one in parse_examples(text, path) if isinstance(one, Finding)), None)
    if broken is not None:
        line = broken.places[0].line if broken.places else 1
        raise BrokenText(path, f"line {line}: {broken.message}")
