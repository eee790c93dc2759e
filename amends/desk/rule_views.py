"""What the pages about rules show of versions: which one holds, what was when, what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from zoneinfo import ZoneInfo

from amends.desk.speech import tr
from amends.desk.staff_views import moment
from amends.handoff.rule_model import RuleVersion
from amends.wiring.rules import InForce

AROUND = 3
"""So many lines that are the same are shown around a change."""


@dataclass(frozen=True, slots=True)
class Holds:
    """Which text holds, in words."""

    sentence: str
    note: str
    warning: str


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a comparison: `same`, `gone`, `new`, or `skip` for a stretch that is left out."""

    kind: str
    text: str
    number: int = 0  # in the newer text, in the older one for what is gone


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One line of the history."""

    version: int
    when: str
    by: str
    note: str
    holds: bool


def holds(
    in_force: InForce, file_name: str, file_text: str, names: Mapping[str, str], zone: ZoneInfo
) -> Holds:
    """Say which text holds, since when and by whom."""
    version = in_force.version
    if version is None:
        sentence = tr("The file {file} holds; nothing was stored at the desk.", file=file_name)
        return Holds(sentence, "", _warning(in_force))
    known = {"number": version.version, "time": moment(version.made_at, zone),
             "name": names.get(version.made_by, "")}  # fmt: skip
    if version.text == file_text:
        sentence = tr(
            "Version {number} holds since {time}, stored by {name}. It says what the file says.",
            **known,
        )
    else:
        sentence = tr(
            "Version {number} holds since {time}, stored by {name}. The file is not looked at.",
            **known,
        )
    return Holds(sentence, version.note, _warning(in_force))


def _warning(in_force: InForce) -> str:
    if in_force.unreadable is None:
        return ""
    return tr(
        "Version {number} cannot be read by this program, so the one before it goes on to hold.",
        number=in_force.unreadable,
    )


def history(
    versions: Sequence[RuleVersion], in_force: InForce, names: Mapping[str, str], zone: ZoneInfo
) -> list[VersionLine]:
    held = in_force.version.version if in_force.version else 0
    return [
        VersionLine(
            one.version,
            moment(one.made_at, zone),
            names.get(one.made_by, ""),
            one.note,
            one.version == held,
        )
        for one in versions
    ]


def diff(older: str, newer: str) -> list[DiffLine]:
    """Return what differs between two texts, with some lines around; nothing when they agree."""
    old, new = older.splitlines(), newer.splitlines()
    if old == new:
        return []
    lines: list[DiffLine] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    shown = 0  # up to which line of the newer text
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][3] > shown:
            lines.append(DiffLine("skip", ""))
        for kind, old_from, old_to, new_from, new_to in group:
            lines += _changed(kind, old, old_from, old_to, new, new_from, new_to)
        shown = group[-1][4]
    return lines if shown == len(new) else [*lines, DiffLine("skip", "")]


def _changed(
    kind: str,
    old: list[str],
    old_from: int,
    old_to: int,
    new: list[str],
    new_from: int,
    new_to: int,
) -> list[DiffLine]:
    if kind == "equal":
        return [DiffLine("same", new[at], at + 1) for at in range(new_from, new_to)]
    gone = [DiffLine("gone", old[at], at + 1) for at in range(old_from, old_to)]
    return gone + [DiffLine("new", new[at], at + 1) for at in range(new_from, new_to)]
