"""Erases what is past its period: a bounded piece at a time, each in a transaction of its own."""

from datetime import datetime
from pathlib import Path

import structlog

from amends.audit.model import Entry
from amends.records.retention import Kind, Periods, Person, load_periods
from amends.storage.trackers import Trackers
from amends.storage.unit_of_work import SqlUnitOfWork
from amends.wiring.app import App

log = structlog.get_logger()

AT_ONCE = 50
"""Of one transaction: on SQLite it holds up every other writer."""
MOST_PER_ROUND = 5_000
"""Of one kind in one round; what is left is erased in the next."""


def erase_what_is_past(app: App) -> int:
    """Erase by kinds; cut off anywhere, the next round finds the rest."""
    periods = load_periods(app.settings.retention_path)
    done = sum(_erase(app, periods, kind) for kind in Kind)
    return done + forget_trackers(app, periods)


def _erase(app: App, periods: Periods, kind: Kind) -> int:
    done = 0
    while done < MOST_PER_ROUND:
        now = app.clock()
        with app.db.write() as uow:
            # Who left a kind to another gateway, and was left one in turn, would leave both undone.
            uow.privacy.begin_erasing()
            due = uow.privacy.due(kind, periods.cutoff(kind, now), AT_ONCE)
            if not due:
                return done
            counts = uow.privacy.erase_due(kind, due, now)
            data = {"subjects": len(due), "rows": sum(counts.values())}
            uow.audit.note(
                Entry(now, "job:retention", f"privacy.{kind.value}_erased", "job", kind, data)
            )
            uow.commit()
        done += len(due)
    return done


def forget_trackers(app: App, periods: Periods) -> int:
    """Delete the dialogue states of visits that are over; returns how many visits."""
    trackers, done, after = Trackers(app.settings.tracker_url), 0, ""
    before = app.clock() - periods.tracker
    while names := trackers.quiet_since(before, after):
        with app.db.read() as uow:
            over = uow.privacy.finished(names)
        trackers.delete(over)
        done, after = done + len(over), names[-1]
    return done


def erase_person(app: App, uow: SqlUnitOfWork, person: Person, reason: str) -> dict[str, int]:
    """Erase all of a person within the caller's transaction, files and dialogue states included."""
    now: datetime = app.clock()
    mails = uow.privacy.mails_to(person.emails)
    counts = uow.privacy.erase(person, now)
    trackers = Trackers(app.settings.tracker_url)
    counts["trackers"] = trackers.delete(trackers.of_conversations(person.conversations))
    counts["mail files"] = sum(
        _remove(app.settings.var_dir / "mail" / f"{one}.eml") for one in mails
    )
    data = {"rows": sum(counts.values()), "cases": len(person.cases), "forced": bool(reason)}
    uow.audit.note(Entry(now, "operator", "privacy.person_erased", "person", "person", data))
    return counts


def _remove(file: Path) -> bool:
    there = file.is_file()
    file.unlink(missing_ok=True)
    return there
