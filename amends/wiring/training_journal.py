"""Several files written whole or not at all, over a kill at any moment; one writer at a time.

CannotWrite   a file or its folder cannot be written; everything is as it was
"""

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from amends.training.changes import (
    Author,
    BrokenText,
    Busy,
    Change,
    ChangeState,
    Uncommitted,
)
from amends.training.changes_patch import Texts
from amends.values import Json

WAIT_SECONDS: Final = 15.0
POLL_SECONDS: Final = 0.05


class CannotWrite(Exception):
    def __init__(self, path: str) -> None:
        super().__init__(f"{path} cannot be written.")
        self.path = path


class Step(StrEnum):
    DRAFTING = "drafting"  # nothing has changed yet
    WRITING = "writing"  # all drafts are complete; files take their place
    WRITTEN = "written"  # all files stand; a commit may be missing
    UNDOING = "undoing"  # the texts before come back
    DONE = "done"  # the row may be missing


@dataclass(frozen=True, slots=True)
class Entry:
    """A change under way, with everything that is needed to finish or undo it."""

    change: Change
    before: Texts
    after: Texts
    step: Step = Step.DRAFTING

    def undone(self) -> "Entry":
        return replace(self, before=self.after, after=self.before, step=Step.UNDOING)


class Journal:
    """A folder with one file per change under way, and the lock of those who write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def locked(self, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """Hold the lock; the system lets it go when the process dies.

        Raises:
            Busy: another process or thread holds it for longer.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        until = time.monotonic() + wait_seconds
        with (self._folder / "lock").open("a") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        raise Busy from None
                    time.sleep(POLL_SECONDS)
            for torn in self._folder.glob("*.part"):
                torn.unlink()
            yield

    def is_empty(self) -> bool:
        return not any(path.name != "lock" for path in self._folder.glob("*"))

    def entries(self) -> list[Entry]:
        """Return what is under way, oldest first."""
        found = [_from_json(json.loads(path.read_text("utf-8"))) for path in self._paths()]
        return sorted(found, key=lambda one: one.change.at)

    def write(self, entry: Entry) -> None:
        """Store an entry; when this returns, it is on the disk."""
        path = self._path(entry)
        draft = path.with_suffix(".part")
        draft.write_text(json.dumps(_to_json(entry), ensure_ascii=False), encoding="utf-8")
        _sync(draft)
        os.replace(draft, path)
        _sync(path.parent)

    def remove(self, entry: Entry) -> None:
        self._path(entry).unlink(missing_ok=True)
        _sync(self._folder)

    def _paths(self) -> list[Path]:
        return list(self._folder.glob("*.json"))

    def _path(self, entry: Entry) -> Path:
        return self._folder / f"{entry.change.id}.json"


def write_whole(project: Path, journal: Journal, entry: Entry) -> Entry:
    """Write all files of an entry, and return it as written.

    Raises:
        CannotWrite: all files are as they were, and the journal holds nothing of the entry.
    """
    journal.write(entry)
    try:
        _draft_all(project, entry)
        entry = replace(entry, step=Step.WRITING)
        journal.write(entry)
        _place_all(project, entry)
    except OSError as error:
        _take_back(project, entry)
        journal.remove(entry)
        raise CannotWrite(_place_of(error, project, entry)) from error
    entry = replace(entry, step=Step.WRITTEN)
    journal.write(entry)
    return entry


def put_texts(project: Path, change_id: str, texts: Texts) -> None:
    """Give files these texts, each whole; those that have them stay untouched.

    Raises:
        OSError: one cannot be written.
    """
    for path, text in texts.items():
        if read_text(project, path) != text:
            _draft(project, change_id, path, text)
            _place(project, change_id, path, text)


def read_text(project: Path, path: str) -> str | None:
    """Return a file's text with its line ends; None without the file.

    Raises:
        BrokenText: it is not UTF-8.
    """
    try:
        return (project / path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise BrokenText(path, "it is not UTF-8") from None


def forget_drafts(project: Path, entry: Entry) -> None:
    for path in entry.after:
        with contextlib.suppress(OSError):
            _draft_path(project, entry.change.id, path).unlink(missing_ok=True)


def _draft_all(project: Path, entry: Entry) -> None:
    for path, text in entry.after.items():
        _draft(project, entry.change.id, path, text)


def _place_all(project: Path, entry: Entry) -> None:
    for path, text in entry.after.items():
        _place(project, entry.change.id, path, text)


def _take_back(project: Path, entry: Entry) -> None:
    forget_drafts(project, entry)
    changed = {
        path: text
        for path, text in entry.before.items()
        if read_text(project, path) == entry.after[path]
    }
    put_texts(project, entry.change.id, changed)


def _draft(project: Path, change_id: str, path: str, text: str | None) -> None:
    """Write a draft beside the file, with its mode and owner; of a file that goes, an empty one."""
    draft, real = _draft_path(project, change_id, path), (project / path).resolve()
    real.parent.mkdir(parents=True, exist_ok=True)
    draft.write_bytes((text or "").encode("utf-8"))
    if real.exists():
        shutil.copymode(real, draft)
        owner = real.stat()
        with contextlib.suppress(PermissionError):
            os.chown(draft, owner.st_uid, owner.st_gid)
    _sync(draft)


def _place(project: Path, change_id: str, path: str, text: str | None) -> None:
    draft, real = _draft_path(project, change_id, path), (project / path).resolve()
    if text is None:
        real.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    else:
        os.replace(draft, real)
    _sync(real.parent)


def _draft_path(project: Path, change_id: str, path: str) -> Path:
    real = (project / path).resolve()
    return real.with_name(f".{real.name}.{change_id}.draft")


def _place_of(error: OSError, project: Path, entry: Entry) -> str:
    """Return which of the paths an error is about."""
    for path in entry.after:
        names = (str((project / path).resolve()), str(_draft_path(project, entry.change.id, path)))
        if any(name in (error.filename, error.filename2) for name in names):
            return path
    return entry.change.paths[0]


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _to_json(entry: Entry) -> Json:
    change = asdict(entry.change) | {"at": entry.change.at.isoformat()}
    return {
        "change": change,
        "before": dict(entry.before),
        "after": dict(entry.after),
        "step": entry.step.value,
    }


def _from_json(found: Json) -> Entry:
    change = dict(found["change"])
    made = Change(
        **change
        | {
            "at": datetime.fromisoformat(change["at"]),
            "by": Author(**change["by"]),
            "paths": tuple(change["paths"]),
            "state": ChangeState(change["state"]),
            "uncommitted": change["uncommitted"] and Uncommitted(change["uncommitted"]),
        }
    )
    return Entry(made, found["before"], found["after"], Step(found["step"]))
