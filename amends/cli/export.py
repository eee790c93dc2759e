"""`amends export`: the log for analysis, one record per conversation, as JSON Lines or Parquet."""

import argparse
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from amends.audit.chain import moment
from amends.audit.model import Entry
from amends.cli.errors import UsageError
from amends.cli.log_files import whole_file, write_lines
from amends.cli.stored import opened
from amends.records.log.ports import Wanted
from amends.records.log.reading import rows
from amends.values import LANGUAGES, Json, utc_now
from amends.wiring.secrets import derive_secret
from amends.wiring.settings import Settings, load_settings

if TYPE_CHECKING:
    from amends.storage import Database

PURPOSE = "log-export"
"""For which the key of pseudonyms is derived from the installation's secret."""

EXIT_TERMINATED = 143
DAY = timedelta(days=1)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Writes every conversation with all that belongs to it, one record each, in the order in "
        "which they began. Personal data are masked unless --personal is given. The fields are "
        "described in docs/how-to/export-the-log.md."
    )
    parser.add_argument(
        "--format", choices=("jsonl", "parquet"), default="jsonl", help="jsonl by default"
    )
    parser.add_argument("--since", metavar="DAY", help="first day (UTC), or a moment (ISO 8601)")
    parser.add_argument("--until", metavar="DAY", help="last day (UTC), or the moment it ends")
    parser.add_argument("--language", choices=LANGUAGES, help="only conversations led in it")
    parser.add_argument("--closed", action="store_true", help="only those that are closed")
    parser.add_argument("--out", type=Path, metavar="FILE", help="instead of standard output")
    parser.add_argument("--personal", action="store_true", help="write personal data in clear")


def run(arguments: argparse.Namespace) -> int:
    settings, wanted = load_settings(), _wanted(arguments, utc_now())
    if arguments.format == "parquet" and arguments.out is None:
        raise UsageError("Parquet is no text: name a file with --out.")
    if arguments.personal:
        print(
            "The log holds personal data in clear; keep it as you keep the database.",
            file=sys.stderr,
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXIT_TERMINATED))
    found = _rows(settings, wanted, personal=arguments.personal)
    if arguments.out is None:
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        write_lines(found, sys.stdout)
    else:
        _write(found, arguments.format, arguments.out)
    return 0


def _rows(settings: Settings, wanted: Wanted, *, personal: bool) -> Iterator[Json]:
    secret = settings.site_secret.get_secret_value()
    key = None if personal else derive_secret(secret, PURPOSE).encode()
    with opened(settings) as database:
        _tell(database, wanted, personal=personal)
        yield from rows(database.read, wanted, key)


def _tell(database: "Database", wanted: Wanted, *, personal: bool) -> None:
    """Write into the audit log that the log leaves the house, before it does."""
    since, until = (at and moment(at) for at in (wanted.since, wanted.until))
    data = {"since": since, "until": until, "personal": personal}
    with database.write() as uow:
        uow.audit.note(Entry(utc_now(), "operator", "log.exported", "log", "conversations", data))
        uow.commit()


def _write(found: Iterator[Json], how: str, out: Path) -> None:
    with whole_file(out) as draft:
        if how == "parquet":
            from amends.cli.log_parquet import write_parquet  # takes as long to load as all else

            write_parquet(found, draft)
            return
        with draft.open("w", encoding="utf-8", errors="backslashreplace") as file:
            write_lines(found, file)


def _wanted(arguments: argparse.Namespace, now: datetime) -> Wanted:
    """Return what was asked for; what begins from now on is left out, so that there is an end."""
    since = _moment("--since", arguments.since, timedelta()) if arguments.since else None
    until = _moment("--until", arguments.until, DAY) if arguments.until else now
    if since is not None and since >= until:
        raise UsageError("Nothing lies between --since and --until; --since comes first.")
    return Wanted(since, min(until, now), arguments.language, arguments.closed)


def _moment(option: str, text: str, day_lasts: timedelta) -> datetime:
    """Read a day, to its beginning or its end, or a moment with its offset from UTC."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _exact(option, text)
    return datetime.combine(day, time(), UTC) + day_lasts


def _exact(option: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(
            f"{option} {text!r} is no day and no moment; write 2026-03-04 or 2026-03-04T10:00Z."
        )
    return moment.astimezone(UTC)
