"""Changes of the training data: who made them, why, and what may be changed at all.

TrainingFilesError
├── NotTraining       a path outside of what trainers may change
├── NothingChanges    every file already says what it should
├── BrokenText        a file could not be read any more afterwards
├── FileChanged       somebody changed a file after it was read
├── Overlaps          later changes touch the same lines, so this one cannot be taken back
├── UnknownChange     there is no such change
├── AlreadyReverted   it was taken back before
├── Busy              another process is changing the files
├── UnderWay          a merge, a rebase or the like is under way in the repository
├── CommitRefused     a hook of the repository refused the commit; the files are as they were
└── NotWritable       the files cannot be written here; nothing was changed, the patch is kept
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

ROOTS: Final = ("data", "tests/conversations")
FILES: Final = ("domain.yml", "config.yml", "amends/cases/categories.yml")
NO_ADDRESS: Final = "desk.invalid"
"""The domain of authors without an e-mail address; git wants one, and this can be nobody's."""

LONGEST_WHY: Final = 500


class TrainingFilesError(Exception):
    """Base; `str()` is one or two sentences for whoever makes the change."""


class NotTraining(TrainingFilesError):
    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"{path!r} is no training file; only files in data/ and tests/conversations/, "
            "domain.yml, config.yml and amends/cases/categories.yml are changed here."
        )


class NothingChanges(TrainingFilesError):
    def __init__(self) -> None:
        super().__init__("Nothing would change: the files say this already.")


class BrokenText(TrainingFilesError):
    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path} could not be read any more after this change: {reason}.")


class FileChanged(TrainingFilesError):
    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"Somebody changed {path} since you read it; nothing was written. Look again."
        )


class Overlaps(TrainingFilesError):
    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"Later changes in {path} touch the same lines, so this one cannot be taken back by "
            "itself; take the later ones back first, or change the lines by hand."
        )


class UnknownChange(TrainingFilesError):
    def __init__(self) -> None:
        super().__init__("There is no such change.")


class AlreadyReverted(TrainingFilesError):
    def __init__(self, by: str) -> None:
        self.by = by
        super().__init__(f"This change was taken back before, by change {by}.")


class Busy(TrainingFilesError):
    def __init__(self) -> None:
        super().__init__("Somebody else is changing the training files; try again in a moment.")


class UnderWay(TrainingFilesError):
    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"A {what} is under way in the repository, so nothing was changed; finish it first."
        )


class CommitRefused(TrainingFilesError):
    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The repository refused the commit, so nothing was changed: {reason}")


class NotWritable(TrainingFilesError):
    """`change` is the one that was kept: its patch can be fetched and applied elsewhere."""

    def __init__(self, path: str, change: "Change") -> None:
        self.path, self.change = path, change
        super().__init__(
            f"{path} cannot be written here, so nothing was changed. The patch is kept under "
            "Changes: download it and apply it where the files are kept."
        )


class ChangeState(StrEnum):
    COMMITTED = "committed"  # one commit of the repository
    WRITTEN = "written"  # in the files, not in git
    KEPT = "kept"  # the patch alone; the files are as they were


class Uncommitted(StrEnum):
    """Why a change that stands in the files is not in git."""

    NO_GIT = "no_git"
    NO_REPOSITORY = "no_repository"
    OTHER_OWNER = "other_owner"
    DETACHED = "detached"
    UNTRACKED = "untracked"
    OTHERS_WORK = "others_work"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes the data; without an address one is made up that can be nobody's."""

    name: str
    email: str | None = None

    @property
    def plain_name(self) -> str:
        """Return the name as git can store it: one line without angle brackets, not empty."""
        return " ".join(re.sub(r"[<>\x00-\x1f]", " ", self.name).split()).strip(".,;:") or "Trainer"

    @property
    def address(self) -> str:
        given = re.sub(r"[<>\s\x00-\x1f]", "", self.email or "")
        if given:
            return given
        slug = re.sub(r"[^a-z0-9]+", ".", self.plain_name.casefold()).strip(".")
        return f"{slug or 'trainer'}@{NO_ADDRESS}"


@dataclass(frozen=True, slots=True)
class NewExample:
    """What a customer wrote, with everything personal replaced, under its intent.

    `language` is one of `amends.values.LANGUAGES`.
    """

    intent: str
    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the training data, whole: every file of it, or none, was written.

    Attributes:
        at: aware UTC.
        paths: relative to the project, sorted.
        commit: its full hash; None when it is not in git.
        patch: in git's form, paths relative to the project.
        uncommitted: why it is not in git, when it is in the files alone.
        reverts: the change that this one takes back.
    """

    id: str
    at: datetime
    by: Author
    why: str
    paths: tuple[str, ...]
    commit: str | None
    patch: str
    state: ChangeState = ChangeState.WRITTEN
    uncommitted: Uncommitted | None = None
    reverts: str | None = None


def checked_path(path: str) -> str:
    """Return the path when trainers may change it.

    Raises:
        NotTraining
    """
    pure = PurePosixPath(path)
    plain = str(pure)
    usual = plain == path and not pure.is_absolute() and "\\" not in path
    hidden = any(part.startswith(".") for part in pure.parts)  # `..` among them
    inside = any(plain.startswith(f"{root}/") for root in ROOTS) and _is_yaml(pure)
    if not usual or hidden or not (inside or plain in FILES):
        raise NotTraining(path)
    return plain


def checked_why(why: str) -> str:
    """Return the reason as one line, shortened to what a commit's subject can carry."""
    return (
        " ".join(re.sub(r"[\x00-\x1f]", " ", why).split())[:LONGEST_WHY] or "Change training data"
    )


def _is_yaml(path: PurePosixPath) -> bool:
    return path.suffix in (".yml", ".yaml")
