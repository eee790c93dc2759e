"""Which business hours and thresholds hold: the newest versions of the desk, else the files.

A process looks for a newer version every few seconds (`jobs.JOBS` in the gateway, `keep_current`
at the desk), never in the middle of other work. Who asks `now()` is given one consistent table.
"""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import structlog

from amends.handoff.errors import HandoffError, HoursError, ThresholdsError
from amends.handoff.first_help import Helplines, load_first_help
from amends.handoff.load_hours import parse_hours
from amends.handoff.rule_model import RuleKind, RuleVersion
from amends.handoff.rules import THE_TEXT, check_text
from amends.handoff.tables import read_text
from amends.handoff.thresholds import Thresholds, parse_thresholds
from amends.storage.database import Database
from amends.wiring.settings import Settings

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 2.0

MOST_TURNS = 1000
"""So many turns are remembered with the rules they began with; far fewer go on at once."""

LOOK_BACK = 20
"""So many versions are tried, newest first, until one can be read."""


class Rules(Protocol):
    """What the doors and jobs ask."""

    def now(self) -> Thresholds:
        """Return what holds now."""
        ...

    def of_turn(self, conversation_id: str, seq: int) -> "Rules":
        """Return what holds for a turn from its beginning to its end."""
        ...

    def refresh(self) -> bool:
        """Look for newer versions; True when something else holds from now on."""
        ...


@dataclass(frozen=True, slots=True)
class FixedRules:
    """One table, come what may: that of a turn."""

    thresholds: Thresholds

    def now(self) -> Thresholds:
        return self.thresholds

    def of_turn(self, conversation_id: str, seq: int) -> "FixedRules":
        return self

    def refresh(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """What the files say, as they were when the process began."""

    texts: Mapping[RuleKind, str]
    helplines: Helplines
    names: Mapping[RuleKind, str]


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds of one kind."""

    text: str
    version: RuleVersion | None = None  # None: the file holds
    unreadable: int | None = None  # a newer version that this program cannot read

    @property
    def newest(self) -> int:
        """The number of the newest version; 0 when there is none."""
        return self.unreadable or (self.version.version if self.version else 0)


def load_files(settings: Settings) -> RuleFiles:
    """Read the files.

    Raises:
        ThresholdsError, HoursError, FirstHelpError: a file cannot be used; the sentence says
            where and why.
    """
    paths = {RuleKind.HOURS: settings.hours_path, RuleKind.THRESHOLDS: settings.handoff_path}
    files = RuleFiles(
        texts={
            RuleKind.HOURS: read_text(settings.hours_path, HoursError),
            RuleKind.THRESHOLDS: read_text(settings.handoff_path, ThresholdsError),
        },
        helplines=load_first_help(settings.first_help_path),
        names={kind: _short(path, settings) for kind, path in paths.items()},
    )
    of_files(files)
    return files


def _short(path: Path, settings: Settings) -> str:
    """Return how an operator calls a file: from the project's folder on, where it lies in there."""
    inside = path.is_relative_to(settings.project_dir)
    return str(path.relative_to(settings.project_dir) if inside else path)


def of_files(files: RuleFiles) -> Thresholds:
    """Return what the files alone would have.

    Raises:
        ThresholdsError, HoursError: one cannot be used.
    """
    table = parse_thresholds(files.texts[RuleKind.THRESHOLDS], files.names[RuleKind.THRESHOLDS])
    hours = parse_hours(files.texts[RuleKind.HOURS], files.names[RuleKind.HOURS])
    return replace(table, hours=hours, helplines=files.helplines)


class StoredRules:
    """The newest versions of the database that can be read, over the files."""

    def __init__(self, db: Database, files: RuleFiles) -> None:
        self.files = files
        self._db = db
        self._looking = threading.Lock()
        self._thresholds = of_files(files)
        self._in_force = {kind: InForce(files.texts[kind]) for kind in RuleKind}
        self._seen: dict[RuleKind, int] = {}
        self._turns: OrderedDict[tuple[str, int], FixedRules] = OrderedDict()
        self._remembering = threading.Lock()

    def now(self) -> Thresholds:
        return self._thresholds

    def in_force(self, kind: RuleKind) -> InForce:
        """Return what holds of a kind, and since which version."""
        return self._in_force[kind]

    def of_turn(self, conversation_id: str, seq: int) -> FixedRules:
        key = (conversation_id, seq)
        with self._remembering:
            kept = self._turns.setdefault(key, FixedRules(self._thresholds))
            while len(self._turns) > MOST_TURNS:
                self._turns.popitem(last=False)
        return kept

    def refresh(self) -> bool:
        with self._looking:
            with self._db.read() as uow:
                newest = uow.rules.newest()
                changed = [
                    kind for kind, number in newest.items() if self._seen.get(kind) != number
                ]
                found = {kind: uow.rules.latest(kind, LOOK_BACK) for kind in changed}
            for kind, versions in found.items():
                self._take(kind, versions)
                self._seen[kind] = versions[0].version
        return bool(found)

    def _take(self, kind: RuleKind, versions: Sequence[RuleVersion]) -> None:
        """Let the newest version hold that can be read; what holds now stays if there is none."""
        found = newest_readable(versions)
        for number, reason in found.unreadable.items():  # words of a newer program
            log.error("wiring.rules.unreadable", kind=kind.value, version=number, reason=reason)
        unreadable = max(found.unreadable, default=None)
        if found.version is None:
            self._in_force[kind] = replace(self._in_force[kind], unreadable=unreadable)
            return
        self._thresholds = _with(self._thresholds, found.version)
        self._in_force[kind] = InForce(found.version.text, found.version, unreadable)
        log.info("wiring.rules.hold", kind=kind.value, version=found.version.version)


@dataclass(frozen=True, slots=True)
class Readable:
    """The newest version that this program can read, and newer ones that it cannot, with why."""

    version: RuleVersion | None
    unreadable: Mapping[int, str]


def newest_readable(versions: Sequence[RuleVersion]) -> Readable:
    """Look for a version that can be read, newest first."""
    unreadable: dict[int, str] = {}
    for version in versions:
        try:
            check_text(version.kind, version.text)
        except HandoffError as error:
            unreadable[version.version] = str(error)
        else:
            return Readable(version, unreadable)
    return Readable(None, unreadable)


def _with(thresholds: Thresholds, version: RuleVersion) -> Thresholds:
    """Return the table with the hours of a version, or the rows of one under the same hours."""
    if version.kind is RuleKind.HOURS:
        return replace(thresholds, hours=parse_hours(version.text, THE_TEXT))
    table = parse_thresholds(version.text, THE_TEXT)
    return replace(table, hours=thresholds.hours, helplines=thresholds.helplines)


async def look(rules: Rules) -> None:
    """Look for newer versions; when the database is down what holds now goes on to hold."""
    try:
        await asyncio.to_thread(rules.refresh)
    except Exception:
        log.exception("wiring.rules.not_read")


async def keep_current(rules: Rules) -> None:
    """Look for newer versions again and again, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        await look(rules)
