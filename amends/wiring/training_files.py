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
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

import structlog

from amends.storage import Database
from amends.training.changes import (
    AlreadyReverted,
    Author,
    Change,
    ChangeState,
    FileChanged,
    NewExample,
    Overlaps,
    TrainingFilesError,
    UnknownChange,
    checked_path,
)
from amends.training.changes_patch import (
    DoesNotFit,
    Texts,
    apply_patch,
    parse_patch,
)
from amends.training.data_model import Corpus, Example, Finding
from amends.training.data_reader import parse_examples, read_file
from amends.training.data_writer import ExampleEdit, add_example, edit_example
from amends.values import Clock, utc_now
from amends.wiring.app import App
from amends.wiring.settings import Settings
from amends.wiring.training_git import Repository
from amends.wiring.training_journal import read_text
from amends.wiring.training_writer import ChangeBook, ChangeWriter, StoredChanges

__all__ = [
    "Author",
    "Change",
    "ChangeBook",
    "NewExample",
    "StoredChanges",
    "TrainingFiles",
    "TrainingFilesError",
    "training_files",
]

log = structlog.get_logger()

NLU = "data/nlu"


class TrainingFiles:
    """The training files of one project; may be used from any thread and process.

    Calls block (disk, git, database): run them in a thread, and never within a transaction of
    your own, for a change stores its row in one.
    """

    def __init__(
        self, project: Path, journal: Path, book: ChangeBook, clock: Clock = utc_now
    ) -> None:
        self._project = project.resolve()
        self._book = book
        self._writer = ChangeWriter(self._project, journal, book, clock)

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
        with self._writer.alone():
            for path, text in (read or {}).items():
                if self.text(path) != text:
                    raise FileChanged(path)
            return self._writer.carry_out(wanted, by, why)

    def revert(self, change_id: str, by: Author, why: str) -> Change:
        """Take a change back, as a change of its own.

        Raises:
            UnknownChange, AlreadyReverted, Overlaps
            TrainingFilesError: see `change`.
        """
        with self._writer.alone():
            change = self._book.get(change_id)
            if change is None or change.state is ChangeState.KEPT:
                raise UnknownChange
            earlier = self._book.reverted_by(change_id)
            if earlier is not None:
                raise AlreadyReverted(earlier)
            return self._writer.carry_out(self._without(change), by, why, reverts=change_id)

    def finish(self) -> int:
        """Finish or undo what a killed process left; return how many changes that were."""
        return self._writer.finish()

    def _change_examples(
        self, build: Callable[[Sequence[Example], dict[str, str]], None], by: Author, why: str
    ) -> Change:
        with self._writer.alone():
            names = [name for _, name, *_ in self._keys()]
            before = {name: read_text(self._project, name) or "" for name in names}
            texts = dict(before)
            build(self.examples(), texts)
            wanted = {path: text for path, text in texts.items() if before.get(path) != text}
            return self._writer.carry_out(wanted, by, why)

    def _without(self, change: Change) -> Texts:
        texts: dict[str, str | None] = {}
        for part in parse_patch(change.patch):
            try:
                texts[part.path] = apply_patch(self.text(part.path), part.turned())
            except DoesNotFit:
                raise Overlaps(part.path) from None
        return texts

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
