"""`amends report`: satisfaction, service, cost and causes of a period, as one page or a PDF."""

import argparse
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from amends.cli.errors import UsageError
from amends.cli.log_files import whole_file
from amends.cli.stored import opened
from amends.desk import words
from amends.desk.insight_query import LASTS, USUAL, Asked, read_asked
from amends.desk.report.page import write_page
from amends.desk.report.sections import Report, report_of
from amends.desk.speech import LANGUAGES, speaking
from amends.handoff.errors import HandoffError
from amends.handoff.thresholds import Thresholds
from amends.storage import Database
from amends.values import utc_now
from amends.wiring.rules import StoredRules, load_files
from amends.wiring.settings import Settings, load_settings

FORMATS = ("html", "pdf")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Writes a report on satisfaction, service, cost, causes and quality: one page of HTML "
        "that needs nothing else, or a PDF. Prints the path of the file."
    )
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--last", type=int, choices=LASTS, help=f"the last so many days (as if not said: {USUAL})"
    )
    when.add_argument(
        "--last-week", action="store_true", help="the week, Monday to Sunday, that ended last"
    )
    when.add_argument("--from", dest="first", metavar="DAY", help="the first day, as 2026-03-01")
    parser.add_argument("--to", dest="last_day", metavar="DAY", help="the last day, with --from")
    parser.add_argument("--category", default="", help="only complaints of this category")
    parser.add_argument("--language", default="", help="only conversations in this language")
    parser.add_argument("--in", dest="speech", choices=sorted(LANGUAGES), default="en",
                        help="the language that the report is written in")  # fmt: skip
    parser.add_argument("--format", choices=FORMATS, help="html, unless --out ends in .pdf")
    parser.add_argument("--out", type=Path, help="the file; var/reports/… if it is not said")


def run(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    kind = _format(arguments)
    with opened(settings) as database, speaking(arguments.speech):
        thresholds = _thresholds(settings, database)
        zone, now = thresholds.hours.zone, utc_now()
        asked = _asked(arguments, now, zone)
        with database.read() as uow:
            report = report_of(uow, settings.company_name, thresholds, asked, zone, now)
        content = _content(kind, report, settings)
    out = arguments.out or _usual_place(settings, asked, zone, kind)
    with whole_file(out) as draft:
        draft.write_bytes(content)
    print(out)
    return 0


def _thresholds(settings: Settings, database: Database) -> Thresholds:
    try:
        rules = StoredRules(database, load_files(settings))
    except HandoffError as error:
        raise UsageError(str(error)) from None
    rules.refresh()
    return rules.now()


def _format(arguments: argparse.Namespace) -> str:
    by_name = arguments.out.suffix.lstrip(".").lower() if arguments.out else ""
    if arguments.format and by_name in FORMATS and by_name != arguments.format:
        raise UsageError(
            f"{arguments.out} says {by_name} and --format says {arguments.format}; "
            "leave one of them out."
        )
    return arguments.format or (by_name if by_name in FORMATS else "html")


def _asked(arguments: argparse.Namespace, now: datetime, zone: ZoneInfo) -> Asked:
    fields = _fields(arguments, now.astimezone(zone).date())
    for name, known in (("category", words.CATEGORIES), ("language", words.LANGUAGES)):
        if fields[name] and fields[name] not in known:
            raise UsageError(f"{fields[name]!r} is not a {name}; there are {', '.join(known)}.")
    first, last = (_day(fields[name]) for name in ("from", "to"))
    if first and last and last < first:
        raise UsageError(f"--to {last} lies before --from {first}.")
    return read_asked(fields, now, zone)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise UsageError(f"{typed!r} is not a date; write it as 2026-03-01.") from None


def _fields(arguments: argparse.Namespace, today: date) -> Mapping[str, str]:
    first, last = arguments.first or "", arguments.last_day or ""
    if last and not first:
        raise UsageError("--to needs --from: say the first day, too.")
    if arguments.last_week:
        sunday = today - timedelta(days=today.isoweekday())
        first, last = (sunday - timedelta(days=6)).isoformat(), sunday.isoformat()
    return {
        "last": str(arguments.last or "") if not first else "",
        "from": first,
        "to": last,
        "category": arguments.category,
        "language": arguments.language,
    }


def _content(kind: str, report: Report, settings: Settings) -> bytes:
    if kind == "html":
        return write_page(report, settings.desk_url).encode()
    from amends.desk.report.paper import write_pdf  # half a second, for PDFs alone

    return write_pdf(report)


def _usual_place(settings: Settings, asked: Asked, zone: ZoneInfo, kind: str) -> Path:
    period = asked.period
    first = period.since.astimezone(zone).date()
    last = (period.until.astimezone(zone) - timedelta(seconds=1)).date()
    folder = settings.var_dir / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"report-{first}-to-{last}.{kind}"
