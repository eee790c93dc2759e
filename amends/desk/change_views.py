"""What the pages about changes of the training data show, as plain values."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from amends.desk import change_words
from amends.desk.staff_views import moment
from amends.training.changes import Change, ChangeState

_TAGS = {
    ChangeState.COMMITTED: "tag-good",
    ChangeState.WRITTEN: "tag-info",
    ChangeState.KEPT: "tag-warn",
}
_SHORT_HASH = 10
MOST_LINES = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """A change in the list."""

    id: str
    when: str
    by: str
    why: str
    paths: tuple[str, ...]
    commit: str
    state: str
    tag: str
    reverts: str
    reverted_by: str


@dataclass(frozen=True, slots=True)
class PatchLine:
    """A line of a patch: `file`, `skip`, `same`, `gone` or `new`; numbers in the file as it is."""

    kind: str
    text: str
    number: str = ""


def line(change: Change, reverted_by: str, zone: ZoneInfo) -> Line:
    return Line(
        id=change.id,
        when=moment(change.at, zone),
        by=change.by.name,
        why=change.why,
        paths=change.paths,
        commit=(change.commit or "")[:_SHORT_HASH],
        state=change_words.state(change),
        tag=_TAGS[change.state],
        reverts=change.reverts or "",
        reverted_by=reverted_by,
    )


def patch_lines(patch: str) -> tuple[list[PatchLine], int]:
    """Return the lines of a patch to be shown, and how many more there are."""
    found: list[PatchLine] = []
    old = new = 0
    in_head = True
    lines = patch.split("\n")[:-1]
    for text in lines[:MOST_LINES]:
        if text.startswith("diff --git "):
            in_head = True
            found.append(PatchLine("file", text.split(" b/", 1)[1]))
        elif text.startswith("@@ "):
            in_head = False
            before, after = text.split(" ")[1:3]
            old, new = _first(before), _first(after)
            found.append(PatchLine("skip", text))
        elif not in_head and text[:1] in ("+", "-", " "):
            kind, old, new = _counted(text[0], old, new)
            found.append(PatchLine(kind, text[1:], str((old if kind == "gone" else new) - 1)))
    return found, max(0, len(lines) - MOST_LINES)


def _counted(sign: str, old: int, new: int) -> tuple[str, int, int]:
    match sign:
        case "+":
            return "new", old, new + 1
        case "-":
            return "gone", old + 1, new
    return "same", old + 1, new + 1


def _first(place: str) -> int:
    return int(place[1:].split(",")[0])
