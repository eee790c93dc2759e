"""`amends policy simulate | diff`: what another policy would have cost, and where two differ."""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from amends.cli.comparison.names import Named
from amends.cli.comparison.rows import CaseFile
from amends.cli.errors import UsageError
from amends.compensation.differences.compare import compare_versions
from amends.compensation.differences.model import Difference, difference_to_json
from amends.compensation.differences.sections import compare_validity
from amends.compensation.load import load_policy
from amends.compensation.policy import PolicyVersion
from amends.compensation.simulation.history import asked_of
from amends.compensation.simulation.model import Asked
from amends.compensation.simulation.simulate import simulate
from amends.compensation.simulation.tally import Simulation
from amends.compensation.simulation.to_json import simulation_to_json
from amends.compensation.simulation.world import MOST_DAYS, window_of
from amends.values import Json, utc_now
from amends.wiring.settings import Settings, load_settings

EXIT_DIFFERENT = 1
DEFAULT_DAYS = 90
Run = Callable[[argparse.Namespace], int]


def add_compare_commands(commands: Any, guarded: Callable[[Run], Run]) -> None:
    """Register `simulate` and `diff`.

    Args:
        guarded: Turns what a policy file may be refused for into one sentence.
    """
    simulating = commands.add_parser(
        "simulate", help="decide past cases by another policy, and compare what it costs"
    )
    _add_simulate_options(simulating)
    simulating.set_defaults(run=guarded(run_simulate))
    differing = commands.add_parser("diff", help="say in sentences where two policies differ")
    _add_diff_options(differing)
    differing.set_defaults(run=guarded(run_diff))


def _add_simulate_options(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Decides the cases of the last days, or those of a file, by the policy in force and by "
        "another one, and says what would have been given, to whom, and what that costs."
    )
    parser.add_argument("file", type=Path, metavar="NEW", help="the other policy")
    parser.add_argument(
        "--against", type=Path, metavar="OLD", help="instead of the policy that the settings name"
    )
    parser.add_argument(
        "--days", type=int, help=f"days of the database to look back ({DEFAULT_DAYS})"
    )
    parser.add_argument(
        "--facts",
        type=Path,
        metavar="FILE",
        help="cases as JSON lines {id, at?, customer?, case?, declined?, facts}; no database",
    )
    parser.add_argument(
        "--date",
        metavar="YYYY-MM-DD",
        help="day whose versions are taken (today, UTC); not of the policy that the settings name",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write simulation.html and simulation.json here"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def _add_diff_options(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Compares what two policies say; comments and layout do not count. The exit code is 0 "
        "when they say the same and 1 when they do not."
    )
    parser.add_argument("old", type=Path, metavar="OLD")
    parser.add_argument("new", type=Path, metavar="NEW", nargs="?")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--date", metavar="YYYY-MM-DD", help="day whose versions are compared")
    chosen.add_argument(
        "--versions", nargs=2, metavar=("A", "B"), help="ids of two versions, of one file or two"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of sentences")


# -- simulate ------------------------------------------------------------------------------------


def run_simulate(arguments: argparse.Namespace) -> int:
    now = utc_now()
    day = _day(arguments.date, now.date())
    new = _named(arguments.file, day)
    old = _old(arguments.against, day, now.date())
    found = _simulated(arguments, old.version, new.version, now)
    document = {
        **simulation_to_json(found),
        "old": old.to_json(),
        "new": new.to_json(),
    }
    written = _write(arguments.out, found, old, new, document) if arguments.out else None
    if arguments.json:
        print(json.dumps(document, indent=1))
        return 0
    from amends.cli.comparison.terminal import print_simulation  # rich takes a moment to load

    print_simulation(found, old, new)
    if written:
        print(f"\nReport: {written}")
    return 0


def _day(given: str | None, today: date) -> date:
    if given is None:
        return today
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise UsageError(f"--date {given!r} is not a day such as 2026-01-31.") from None


def _named(path: Path, day: date) -> Named:
    return Named(path, load_policy(path).version_on(day))


def _old(against: Path | None, day: date, today: date) -> Named:
    """The policy compared with: today's, unless another one is named."""
    return _named(against, day) if against else _named(load_settings().policy_path, today)


def _simulated(
    arguments: argparse.Namespace, old: PolicyVersion, new: PolicyVersion, now: datetime
) -> Simulation:
    if arguments.facts:
        if arguments.days is not None:
            raise UsageError("--days looks back in the database; with --facts all rows are taken.")
        when = datetime.combine(_day(arguments.date, now.date()), time(), UTC)
        return simulate(CaseFile(arguments.facts, when), old, new)
    days = DEFAULT_DAYS if arguments.days is None else arguments.days
    if not 1 <= days <= MOST_DAYS:
        raise UsageError(f"--days is {days}; give 1 to {MOST_DAYS}.")
    since = now - timedelta(days=days)
    window = max(window_of(old), window_of(new))
    stored = _stored_cases(load_settings(), since - window)
    return simulate(stored, old, new, counted_from=since)


def _stored_cases(settings: Settings, since: datetime) -> Iterator[Asked]:
    """Yield the cases of the database, in order of time, within one view of it."""
    from amends.cli.stored import reading

    with reading(settings, ", or give --facts") as uow:
        yield from map(asked_of, uow.ledger.first_decisions_since(since))


def _write(out: Path, found: Simulation, old: Named, new: Named, document: Json) -> Path:
    from amends.cli.comparison.page import page

    html, plain = out / "simulation.html", out / "simulation.json"
    try:
        out.mkdir(parents=True, exist_ok=True)
        plain.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        html.write_text(page(found, old, new), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}.") from None
    return html


# -- diff ----------------------------------------------------------------------------------------


def run_diff(arguments: argparse.Namespace) -> int:
    old, new = _two_versions(arguments)
    found = compare_versions(old.version, new.version)
    if arguments.versions is None:  # two versions have two names and times, or they were one
        found = (*found, *compare_validity(old.version, new.version))
    if arguments.json:
        differences = [difference_to_json(one) for one in found]
        sides = {"old": old.to_json(), "new": new.to_json()}
        print(json.dumps({**sides, "same": not found, "differences": differences}, indent=1))
    else:
        print(f"Old: {old}\nNew: {new}")
        _print_differences(found)
    return EXIT_DIFFERENT if found else 0


def _two_versions(arguments: argparse.Namespace) -> tuple[Named, Named]:
    paths = arguments.old, arguments.new or arguments.old
    if arguments.versions:
        first, second = (
            _by_id(path, name) for path, name in zip(paths, arguments.versions, strict=True)
        )
        return first, second
    if arguments.new is None:
        raise UsageError("diff compares two files, or two --versions of one.")
    day = _day(arguments.date, utc_now().date())
    return _named(paths[0], day), _named(paths[1], day)


def _by_id(path: Path, name: str) -> Named:
    versions = {version.id: version for version in load_policy(path).versions}
    if name not in versions:
        known = ", ".join(versions)
        raise UsageError(f"{path} has no version {name!r}; it has {known}.")
    return Named(path, versions[name])


def _print_differences(found: Sequence[Difference]) -> None:
    section = None
    for one in found:
        if one.section != section:
            section = one.section
            print(f"\n{section.capitalize()}")
        print(f"  {one.place} ({one.kind})")
        for sentence in one.sentences:
            print(f"      {sentence}")
    count = f"{len(found)} difference(s)" if found else "They say the same"
    print(f"\n{count}.")
