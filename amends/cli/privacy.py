"""`amends privacy export | erase | hold | release | holds`: one person's data, and what is kept."""

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from amends.cli.errors import UsageError
from amends.cli.subcommands import add_command, on_the_database
from amends.records.retention import Hold, HoldKind, Person
from amends.values import Json, new_id, utc_now
from amends.wiring.settings import load_settings

if TYPE_CHECKING:
    from amends.storage.unit_of_work import SqlUnitOfWork
    from amends.wiring.app import App

type Work = Callable[["App", argparse.Namespace], Json | list[Json]]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = "Give a person their data, erase it, or keep it from being erased."
    commands = parser.add_subparsers(dest="privacy_command", required=True, metavar="command")
    exporting = add_command(
        commands, "export", run_export, "write all that is known of one person as JSON"
    )
    erasing = add_command(
        commands, "erase", run_erase, "erase one person's data; counts only without --yes"
    )
    for one in (exporting, erasing):
        who = one.add_mutually_exclusive_group(required=True)
        who.add_argument("--customer", metavar="ID", help="the customer's id in your shop")
        who.add_argument("--email", metavar="ADDRESS", help="the person's e-mail address")
    erasing.add_argument("--yes", action="store_true", help="erase; without it rows are counted")
    erasing.add_argument(
        "--force", metavar="REASON", help="erase in spite of a legal hold or an open case"
    )
    holding = add_command(commands, "hold", run_hold, "keep a case or a customer from being erased")
    releasing = add_command(commands, "release", run_release, "end a legal hold")
    for one in (holding, releasing):
        what = one.add_mutually_exclusive_group(required=True)
        what.add_argument("--case", metavar="NUMBER", help="the case's number")
        what.add_argument("--customer", metavar="ID", help="the customer's id in your shop")
    holding.add_argument("--reason", required=True, help="why; whoever wants to erase reads it")
    add_command(commands, "holds", run_holds, "list the legal holds")


def run(arguments: argparse.Namespace) -> int:
    from amends.wiring.app import build

    settings = load_settings()
    with on_the_database(settings):
        app = build(settings)
        with closing(app.db):
            answer = arguments.work(app, arguments)
    for one in answer if isinstance(answer, list) else [answer]:
        json.dump(one, sys.stdout, ensure_ascii=False, default=str)
        sys.stdout.write("\n")
    return 0


def run_export(app: "App", arguments: argparse.Namespace) -> Json:
    from amends.storage.trackers import Trackers

    with app.db.read() as uow:
        person = _person(uow, arguments)
        tables = uow.privacy.rows_of(person)
    visits = Trackers(app.settings.tracker_url).of_conversations(person.conversations)
    known = {"customers": list(person.customers), "emails": list(person.emails)}
    return {"person": known, "tables": tables, "dialogue_states": len(visits)}


def run_erase(app: "App", arguments: argparse.Namespace) -> Json:
    """Erase, or count what would be: the same work, rolled back."""
    from amends.wiring.retention import erase_person

    with app.db.write() as uow:
        person = _person(uow, arguments)
        hindrances = uow.privacy.hindrances(person)
        if hindrances and not arguments.force:
            reasons = "; ".join(f"{h.case_number or 'the person'}: {h.why}" for h in hindrances)
            raise UsageError(
                f"this person's data is not erased ({reasons}); end the hold, close the case, or "
                "give --force with the reason."
            )
        if not arguments.yes:
            return {
                "would_erase": uow.privacy.erase(person, utc_now()),
                "chats": len(person.conversations),
            }
        counts = erase_person(app, uow, person, arguments.force or "")
        uow.commit()
    return {"erased": counts, "chats": len(person.conversations)}


def run_hold(app: "App", arguments: argparse.Namespace) -> Json:
    if not arguments.reason.strip():
        raise UsageError("--reason is empty; say why this must be kept.")
    with app.db.write() as uow:
        kind, subject = _held(uow, arguments)
        by = f"operator {getpass.getuser()}"
        hold = Hold(new_id(), kind, subject, arguments.reason.strip(), by, utc_now())
        if not uow.privacy.add_hold(hold):
            raise UsageError(f"there is a hold on this {kind.value} already.")
        uow.commit()
    return _shown(hold)


def run_release(app: "App", arguments: argparse.Namespace) -> Json:
    with app.db.write() as uow:
        kind, subject = _held(uow, arguments)
        by = f"operator {getpass.getuser()}"
        if not uow.privacy.end_hold(kind, subject, by, utc_now()):
            raise UsageError(f"there is no hold on this {kind.value}.")
        uow.commit()
    return {"kind": kind.value, "subject": subject, "ended_by": by}


def run_holds(app: "App", arguments: argparse.Namespace) -> list[Json]:
    with app.db.read() as uow:
        return [_shown(hold) for hold in uow.privacy.holds()]


def _person(uow: "SqlUnitOfWork", arguments: argparse.Namespace) -> Person:
    customers = [arguments.customer] if arguments.customer else []
    emails = [arguments.email] if arguments.email else []
    person = uow.privacy.person(customers, emails)
    known = person.is_known or uow.privacy.mails_to(person.emails)
    if not known or (arguments.customer and not uow.privacy.rows_of(person)):
        who = arguments.customer or arguments.email
        raise UsageError(
            f"nobody is known as {who}; check it, or try the other of --customer and --email."
        )
    return person


def _held(uow: "SqlUnitOfWork", arguments: argparse.Namespace) -> tuple[HoldKind, str]:
    if arguments.customer:
        return HoldKind.CUSTOMER, arguments.customer
    case = uow.cases.by_number(arguments.case)
    if case is None:
        raise UsageError(f"there is no case {arguments.case}; see Cases at the desk.")
    return HoldKind.CASE, case.id


def _shown(hold: Hold) -> Json:
    return {
        "kind": hold.kind.value,
        "subject": hold.subject,
        "reason": hold.reason,
        "made_by": hold.made_by,
        "made_at": hold.made_at.isoformat(),
    }
