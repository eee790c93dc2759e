"""One change, one commit: of its own lines alone, whatever else is changed or staged.

The commit is built in an index of its own, on top of the branch's last commit: the lines of the
change are laid upon the committed text, so that what others have not committed yet stays theirs.
The same lines are laid into the real index, so that git does not think they were taken back.
The committer is the product; the message ends with the change's id, by which a commit that was
made just before a kill is found again.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from amends.training.changes import Change, CommitRefused, Uncommitted, UnderWay
from amends.training.changes_patch import DoesNotFit, FilePatch, apply_patch, parse_patch

log = structlog.get_logger()

COMMITTER: Final = ("Amends", "amends@desk.invalid")
TRAILER: Final = "Amends-Change"
GIT_SECONDS: Final = 30.0
HOOK_SECONDS: Final = 120.0
TRIES: Final = 5

_UNDER_WAY: Final = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}
_NOBODY: Final = "0" * 40


class GitFailed(Exception):
    """Git answered with an error; the text is what it said."""


class _Moved(Exception):
    """Somebody committed at the same moment."""


class _Overlapping(Exception):
    """Changes that nobody committed touch the same lines."""


class _Untracked(Exception):
    """A file was never committed, so there is nothing to lay the lines upon."""


@dataclass(frozen=True, slots=True)
class Committed:
    """The commit, or why there is none."""

    commit: str | None = None
    uncommitted: Uncommitted | None = None


class Repository:
    """The git repository that a project lies in, if any."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def check(self) -> None:
        """Raise when no change may be made now.

        Raises:
            UnderWay: a merge or the like is under way.
        """
        if self._missing() is not None:
            return
        for name, what in _UNDER_WAY.items():
            if self._git_path(name).exists():
                raise UnderWay(what)

    def commit(self, change: Change, *, perhaps_made: bool = False) -> Committed:
        """Commit the lines of a change that stands in the files.

        Args:
            perhaps_made: a killed process may have made the commit; it is looked for first.

        Raises:
            CommitRefused: a hook refused.
        """
        missing = self._missing()
        if missing is not None:
            return Committed(uncommitted=missing)
        try:
            made = self._found(change) if perhaps_made else None
            for _ in range(TRIES if made is None else 0):
                try:
                    made = self._commit(change)
                    break
                except _Moved:
                    continue
            if made is None:
                return Committed(uncommitted=Uncommitted.FAILED)
            self._stage(change, made, perhaps_made=perhaps_made)
            return Committed(made)
        except _Overlapping:
            return Committed(uncommitted=Uncommitted.OTHERS_WORK)
        except _Untracked:
            return Committed(uncommitted=Uncommitted.UNTRACKED)
        except (GitFailed, OSError, subprocess.TimeoutExpired) as error:
            log.warning("training.git.failed", change=change.id, reason=str(error))
            return Committed(uncommitted=Uncommitted.FAILED)

    def identity(self) -> tuple[str, str]:
        """Return name and e-mail address of whoever uses git here; empty where git has none."""
        return self._config("user.name"), self._config("user.email")

    def _missing(self) -> Uncommitted | None:
        """Return why there can be no commit; None when there can."""
        try:
            self._git("rev-parse", "--git-dir")
            self._git("symbolic-ref", "--quiet", "HEAD")
        except FileNotFoundError:
            return Uncommitted.NO_GIT
        except (GitFailed, OSError, subprocess.TimeoutExpired) as error:
            said = str(error)
            if "dubious ownership" in said:
                return Uncommitted.OTHER_OWNER
            if "not a git repository" in said:
                return Uncommitted.NO_REPOSITORY
            return Uncommitted.DETACHED if not said else Uncommitted.FAILED
        return None

    def _commit(self, change: Change) -> str:
        """Make the commit and move the branch onto it.

        Raises:
            _Moved, _Overlapping, _Untracked, CommitRefused, GitFailed
        """
        parent = self._head()
        blobs = self._blobs(change, parent)
        with tempfile.TemporaryDirectory(prefix="amends-git-") as folder:
            own = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._git("read-tree", parent or "--empty", own=own)
            self._put(blobs, own)
            message = Path(folder) / "message"
            message.write_text(f"{change.why}\n\n{TRAILER}: {change.id}\n", encoding="utf-8")
            self._hook(own, "pre-commit")
            self._hook(own, "commit-msg", str(message))
            tree = self._git("write-tree", own=own).strip()
            who = _identities(change)
            onto = ["-p", parent] if parent else []
            made = self._git("commit-tree", tree, *onto, "-F", str(message), own=who).strip()
        self._move_branch(made, parent, change)
        return made

    def _move_branch(self, made: str, parent: str | None, change: Change) -> None:
        note = f"commit: {change.why.splitlines()[0]}"
        who = _identities(change)
        try:
            self._git("update-ref", "-m", note, "HEAD", made, parent or _NOBODY, own=who)
        except GitFailed:
            if self._head() != parent:
                raise _Moved from None
            raise

    def _blobs(self, change: Change, parent: str | None) -> dict[str, str | None]:
        """Return what each path holds in the commit: an object's hash; None when it goes."""
        return {
            part.path: self._laid_upon(part, f"{parent}:./{part.path}" if parent else None)
            for part in parse_patch(change.patch)
        }

    def _laid_upon(self, part: FilePatch, spec: str | None) -> str | None:
        """Store a committed or staged text with the lines of a change, and return its hash."""
        text = self._text(spec) if spec else None
        if text is None and not part.is_new:
            raise _Untracked
        try:
            changed = apply_patch(text, part)
        except DoesNotFit:
            raise _Overlapping from None
        return None if changed is None else self._store(changed)

    def _stage(self, change: Change, made: str, *, perhaps_made: bool) -> None:
        """Lay the change into the real index too, beside what others have staged.

        After a kill this may be done already, so then only what nobody touched is changed.
        """
        for part in parse_patch(change.patch):
            staged = self._text(f":./{part.path}")
            if perhaps_made and staged != self._text(f"{made}^:./{part.path}"):
                continue
            try:
                changed = apply_patch(staged, part)
            except DoesNotFit:
                continue  # staged work on the same lines
            blob = None if changed is None else self._store(changed)
            self._patiently_put({part.path: blob})

    def _patiently_put(self, blobs: Mapping[str, str | None]) -> None:
        """Change the real index, which another git may hold for a moment."""
        for left in range(TRIES, 0, -1):
            try:
                self._put(blobs, {})
                return
            except GitFailed:
                if left == 1:
                    raise
                time.sleep(0.2)

    def _put(self, blobs: Mapping[str, str | None], own: Mapping[str, str]) -> None:
        prefix = self._git("rev-parse", "--show-prefix").strip("\n")
        lines = [
            f"{_mode(self._project / path)} {blob}\t{prefix}{path}\n"
            if blob
            else f"0 {_NOBODY}\t{prefix}{path}\n"
            for path, blob in blobs.items()
        ]
        self._git("update-index", "--index-info", own=own, stdin="".join(lines))

    def _hook(self, own: Mapping[str, str], name: str, *arguments: str) -> None:
        said = ["hook", "run", "--ignore-missing", name]
        try:
            self._git(*said, *(["--", *arguments] if arguments else []), own=own, most=HOOK_SECONDS)
        except subprocess.TimeoutExpired:
            raise CommitRefused(f"{name} took longer than {HOOK_SECONDS:.0f} seconds.") from None
        except GitFailed as error:
            if "is not a git command" in str(error):
                return  # a git from before 2.36 cannot run a hook for us
            raise CommitRefused(_last_line(str(error)) or f"{name} failed.") from None

    def _found(self, change: Change) -> str | None:
        """Return the commit of a change that was made before."""
        if self._head() is None:
            return None
        wanted = f"{TRAILER}: {change.id}"
        said = self._git("log", "-n", "1", "-F", f"--grep={wanted}", "--format=%H")
        return said.strip() or None

    def _head(self) -> str | None:
        try:
            return self._git("rev-parse", "--verify", "--quiet", "HEAD^{commit}").strip()
        except GitFailed:
            return None

    def _text(self, spec: str) -> str | None:
        """Return a committed (`HEAD:./path`) or staged (`:./path`) text."""
        try:
            return self._git("cat-file", "blob", spec)
        except GitFailed:
            return None

    def _store(self, text: str) -> str:
        return self._git("hash-object", "-w", "--no-filters", "--stdin", stdin=text).strip()

    def _git_path(self, name: str) -> Path:
        return self._project / self._git("rev-parse", "--git-path", name).strip("\n")

    def _config(self, name: str) -> str:
        try:
            return self._git("config", "--get", name).strip()
        except (GitFailed, OSError, subprocess.TimeoutExpired):
            return ""

    def _git(
        self,
        *arguments: str,
        own: Mapping[str, str] | None = None,
        stdin: str = "",
        most: float = GIT_SECONDS,
    ) -> str:
        """Run git in the project and return what it printed.

        Raises:
            GitFailed, FileNotFoundError (no git), subprocess.TimeoutExpired
        """
        done = subprocess.run(
            ["git", *arguments],
            cwd=self._project,
            env=_environment() | dict(own or {}),
            input=stdin.encode("utf-8"),
            capture_output=True,
            timeout=most,
            check=False,
        )
        if done.returncode:
            raise GitFailed((done.stderr or done.stdout).decode("utf-8", "replace").strip())
        return done.stdout.decode("utf-8")


def _environment() -> dict[str, str]:
    """Return ours without what would lead git elsewhere, in English and without questions."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    kept = {name: os.environ[name] for name in ("GIT_CONFIG_GLOBAL",) if name in os.environ}
    return plain | kept | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


def _identities(change: Change) -> dict[str, str]:
    at = change.at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    return {
        "GIT_AUTHOR_NAME": change.by.plain_name,
        "GIT_AUTHOR_EMAIL": change.by.address,
        "GIT_AUTHOR_DATE": at,
        "GIT_COMMITTER_NAME": COMMITTER[0],
        "GIT_COMMITTER_EMAIL": COMMITTER[1],
    }


def _mode(path: Path) -> str:
    return "100755" if os.access(path, os.X_OK) and path.is_file() else "100644"


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
