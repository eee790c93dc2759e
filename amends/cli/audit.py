"""`amends audit verify | list | head`: the log of what was done, and whether it is whole."""

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from amends.audit.chain import ChainBroken, checked, moment
from amends.audit.model import Chained, Head
from amends.cli.errors import UsageError
from amends.cli.stored import reading
from amends.cli.subcommands import add_command
from amends.values import Json
from amends.wiring.settings import load_settings

if TYPE_CHECKING:
    from amends.storage import SqlUnitOfWork

EXIT_BROKEN = 1


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "The audit log: every business action, each row chained to the one before by its hash. "
        "Writes JSON."
    )
    commands = parser.add_subparsers(dest="audit_command", required=True, metavar="command")
    verifying = add_command(
        commands, "verify", verify, "check the chain, and the tables against it"
    )
    verifying.add_argument(
        "--noted",
        metavar="NUMBER:HASH",
        help="a head that `amends audit head` printed earlier and that was kept elsewhere",
    )
    listing = add_command(commands, "list", show, "write the log, one row a line")
    listing.add_argument("--since", metavar="DAY", help="first day (UTC), or a moment (ISO 8601)")
    listing.add_argument(
        "--subject", metavar="KIND:ID", help="only what was done to this, such as case:4f2a..."
    )
    add_command(
        commands, "head", head, "print the last row's number and hash, to be kept elsewhere"
    )


def run(arguments: argparse.Namespace) -> int:
    with reading(load_settings()) as uow:
        work: Callable[[SqlUnitOfWork, argparse.Namespace], int] = arguments.work
        return work(uow, arguments)


def verify(uow: "SqlUnitOfWork", arguments: argparse.Namespace) -> int:
    """Check everything; say what was checked, or the first thing that is wrong."""
    from amends.storage.audit.agreement import Disagreement

    noted = _noted(arguments.noted) if arguments.noted else None
    began: Json = {}
    last = Head(0, "")
    try:
        with closing(uow.audit.rows()) as rows:
            for row in checked(rows, noted):
                began = row.entry.data if row.number == 1 else began
                last = Head(row.number, row.hash)
        compared = uow.audit.agree(began)
    except ChainBroken as broken:
        return _wrong(str(broken))
    except Disagreement as differs:
        return _wrong(f"{differs}.")
    print(json.dumps({"ok": True, "compared": compared, **_shown_head(last)}))
    return 0


def show(uow: "SqlUnitOfWork", arguments: argparse.Namespace) -> int:
    since = _moment(arguments.since) if arguments.since else None
    subject = _subject(arguments.subject) if arguments.subject else None
    with closing(uow.audit.rows(since, subject)) as rows:
        for row in rows:
            print(json.dumps(_shown(row), ensure_ascii=False))
    return 0


def head(uow: "SqlUnitOfWork", arguments: argparse.Namespace) -> int:
    print(json.dumps(_shown_head(uow.audit.head())))
    return 0


def _wrong(sentence: str) -> int:
    print(json.dumps({"ok": False, "first_break": sentence}, ensure_ascii=False))
    print(f"amends: {sentence}", file=sys.stderr)
    return EXIT_BROKEN


def _shown_head(last: Head) -> Json:
    return {"number": last.number, "hash": last.hash, "noted": f"{last.number}:{last.hash}"}


def _shown(row: Chained) -> Json:
    entry = row.entry
    return {
        "number": row.number,
        "at": moment(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "subject": f"{entry.subject_kind}:{entry.subject_id}",
        "data": entry.data,
        "hash": row.hash,
    }


def _noted(text: str) -> Head:
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise UsageError(
            f"--noted {text!r} is no head; write NUMBER:HASH as `amends audit head` prints it."
        )
    return Head(int(number), digest)


def _subject(text: str) -> tuple[str, str]:
    kind, colon, subject_id = text.partition(":")
    if not (kind and colon and subject_id):
        raise UsageError(f"--subject {text!r} is no subject; write KIND:ID, such as remedy:4f2a.")
    return kind, subject_id


def _moment(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise UsageError(
            f"--since {text!r} is no day and no moment; write 2026-03-04 or 2026-03-04T10:00Z."
        )
    return found.astimezone(UTC)
