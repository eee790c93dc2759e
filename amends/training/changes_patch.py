"""Patches in git's form: made of two texts, laid upon another text, and taken back again."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.header import Header
from email.utils import format_datetime
from typing import Final

from amends.training.changes import Change

CONTEXT: Final = 3
_HUNK: Final = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_NO_END: Final = "\\ No newline at end of file"
_DIFF: Final = "diff --git "

Texts = Mapping[str, str | None]
"""Texts of files by path; None where there is no such file."""


class DoesNotFit(Exception):
    """The text does not have the lines that the patch changes."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines with their ends, first those that stand, then those that come in their place.

    `start` counts from 0.
    """

    start: int
    old: tuple[str, ...]
    new: tuple[str, ...]

    def turned(self, shift: int) -> "Hunk":
        return Hunk(self.start + shift, self.new, self.old)


@dataclass(frozen=True, slots=True)
class FilePatch:
    path: str
    hunks: tuple[Hunk, ...]
    is_new: bool = False
    is_gone: bool = False

    def turned(self) -> "FilePatch":
        """Return the patch that takes this one back."""
        hunks, shift = [], 0
        for one in self.hunks:
            hunks.append(one.turned(shift))
            shift += len(one.new) - len(one.old)
        return FilePatch(self.path, tuple(hunks), is_new=self.is_gone, is_gone=self.is_new)


def make_patch(before: Texts, after: Texts) -> str:
    """Return what leads from some texts to others; files that stay are not in it."""
    return "".join(
        _file_patch(path, before.get(path), after.get(path))
        for path in sorted(after)
        if before.get(path) != after.get(path)
    )


def parse_patch(patch: str) -> tuple[FilePatch, ...]:
    """Read a patch that `make_patch` made."""
    parts: list[list[str]] = []
    for line in lines_of(patch):
        if line.startswith(_DIFF):
            parts.append([])
        parts[-1].append(line)
    return tuple(_parse_file(part) for part in parts)


def apply_patch(text: str | None, patch: FilePatch) -> str | None:
    """Lay a patch upon a text in which lines may have moved, as they do when others add some.

    Raises:
        DoesNotFit: the lines that change, with those beside them, do not stand there once.
    """
    if patch.is_new:
        if text is not None:
            raise DoesNotFit
        return "".join(line for hunk in patch.hunks for line in hunk.new)
    if text is None:
        raise DoesNotFit
    lines, shift, after = lines_of(text), 0, 0
    for hunk in patch.hunks:
        at, part = _fitted(lines, hunk, hunk.start + shift, after)
        lines[at : at + len(part.old)] = part.new
        shift = at - part.start + len(part.new) - len(part.old)
        after = at + len(part.new)
    if patch.is_gone:
        if lines:
            raise DoesNotFit
        return None
    return "".join(lines)


def as_mail(change: Change) -> str:
    """Return a patch as `git am` takes it, with author, time and reason; `git apply` does, too."""
    by = change.by
    name = Header(by.plain_name, "utf-8").encode() if not by.plain_name.isascii() else by.plain_name
    subject = Header(f"[PATCH] {change.why}", "utf-8", maxlinelen=900).encode()
    if change.why.isascii():
        subject = f"[PATCH] {change.why}"
    return (
        f"From {change.commit or '0' * 40} Mon Sep 17 00:00:00 2001\n"
        f"From: {name} <{by.address}>\n"
        f"Date: {format_datetime(change.at)}\n"
        f"Subject: {subject}\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
        "Content-Transfer-Encoding: 8bit\n\n"
        f"Amends-Change: {change.id}\n---\n\n{change.patch}-- \nAmends\n"
    )


def lines_of(text: str) -> list[str]:
    """Return the lines with their ends, as git counts them: only a line feed ends one."""
    lines = text.split("\n")
    whole = [f"{line}\n" for line in lines[:-1]]
    return [*whole, lines[-1]] if lines[-1] else whole


def _file_patch(path: str, before: str | None, after: str | None) -> str:
    head = [f"{_DIFF}a/{path} b/{path}\n"]
    if before is None:
        head.append("new file mode 100644\n")
    if after is None:
        head.append("deleted file mode 100644\n")
    old = "/dev/null" if before is None else f"a/{path}"
    new = "/dev/null" if after is None else f"b/{path}"
    body = difflib.unified_diff(
        lines_of(before or ""), lines_of(after or ""), old, new, n=CONTEXT, lineterm="\n"
    )
    return "".join(head) + "".join(
        line if line.endswith("\n") else f"{line}\n{_NO_END}\n" for line in body
    )


def _parse_file(lines: Sequence[str]) -> FilePatch:
    path = lines[0].removeprefix(_DIFF).rstrip("\n").split(" b/", 1)[1]
    hunks: list[Hunk] = []
    at = next((n for n, line in enumerate(lines) if line.startswith("@@")), len(lines))
    while at < len(lines):
        end = at + 1
        while end < len(lines) and not lines[end].startswith("@@ "):
            end += 1
        hunks.append(_parse_hunk(lines[at], lines[at + 1 : end]))
        at = end
    marks = "".join(lines[1:3])
    return FilePatch(
        path, tuple(hunks), is_new="new file" in marks, is_gone="deleted file" in marks
    )


def _parse_hunk(head: str, lines: Sequence[str]) -> Hunk:
    found = _HUNK.match(head)
    if found is None:
        raise ValueError(f"not the head of a hunk: {head!r}")
    old: list[str] = []
    new: list[str] = []
    sides: list[list[str]] = []
    for line in lines:
        if line.startswith("\\"):
            for side in sides:
                side[-1] = side[-1].removesuffix("\n")
            continue
        sides = {" ": [old, new], "-": [old], "+": [new]}[line[0]]
        for side in sides:
            side.append(line[1:])
    first, count = int(found[1]), found[2]
    return Hunk(first if count == "0" else first - 1, tuple(old), tuple(new))


def _fitted(lines: Sequence[str], hunk: Hunk, expected: int, after: int) -> tuple[int, Hunk]:
    """Return where the hunk fits, with less around it when others wrote next to it."""
    if not hunk.old and not lines:
        return 0, hunk  # an empty file has nothing to fit beside
    for less_behind in range(CONTEXT + 1):
        for less_before in range(CONTEXT + 1):
            part = _narrowed(hunk, less_before, less_behind)
            if part is None:
                continue
            at = _place(lines, part, expected + part.start - hunk.start, after)
            if at is not None:
                return at, part
    raise DoesNotFit


def _narrowed(hunk: Hunk, before: int, behind: int) -> Hunk | None:
    """Return the hunk with fewer of the lines around it; None when there are not as many."""
    old, new = hunk.old, hunk.new
    end, new_end = len(old) - behind, len(new) - behind
    if min(end, new_end) < before or old[:before] != new[:before]:
        return None
    if old[end:] != new[new_end:] or not old[before:end]:
        return None
    return Hunk(hunk.start + before, old[before:end], new[before:new_end])


def _place(lines: Sequence[str], hunk: Hunk, expected: int, after: int) -> int | None:
    """Return where the hunk's lines stand: where they did, else at the one place that has them."""
    old, size = list(hunk.old), len(hunk.old)
    if expected >= after and list(lines[expected : expected + size]) == old:
        return expected
    found = [
        at
        for at in range(after, len(lines) - size + 1)
        if old and lines[at] == old[0] and list(lines[at : at + size]) == old
    ]
    return found[0] if len(found) == 1 else None
