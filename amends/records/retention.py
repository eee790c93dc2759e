"""How long what is kept, and what stands in the way of erasing it.

RetentionError   policies/retention.yml cannot be used; one sentence says where and why
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from amends.handoff.errors import HandoffError
from amends.handoff.tables import read_table

MARKER = "[erased]"
"""Stands where words stood."""

MOST_DAYS = 36_500
_WORD = re.compile(r"[a-z0-9][a-z0-9_.:+-]{0,95}", re.I)

KEPT_KEYS = frozenset(
    {
        "category",
        "channel",
        "clauses",
        "currency",
        "decision_id",
        "due_at",
        "field",
        "from",
        "kind",
        "language",
        "next_step",
        "offer_id",
        "outcome",
        "owner",
        "priority",
        "promise_id",
        "reasons",
        "remedy_id",
        "role",
        "severity",
        "skill",
        "staff_id",
        "status",
        "to",
        "was_due_at",
        "what",
        "why",
        "wish",
    }
)
"""Keys of a timeline's entries whose values are words of ours or ids, not what somebody wrote."""


class RetentionError(HandoffError):
    pass


class Kind(StrEnum):
    """What has a period of its own."""

    CHAT = "chat"
    CASE = "case"
    LEDGER = "ledger"
    SURVEY = "survey"


class HoldKind(StrEnum):
    CASE = "case"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold: what it is on is kept until it ends; `subject` is a case's or customer's id."""

    id: str
    kind: HoldKind
    subject: str
    reason: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Periods:
    """How long each class is kept, and after how long closed chats' dialogue states are deleted."""

    kept: Mapping[Kind, timedelta]
    tracker: timedelta

    def cutoff(self, kind: Kind, now: datetime) -> datetime:
        return now - self.kept[kind]


_Days = Annotated[int, Field(ge=1, le=MOST_DAYS)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    chat_days: _Days
    case_days: _Days
    ledger_days: _Days
    survey_days: _Days
    tracker_days: _Days


def load_periods(path: Path) -> Periods:
    """Read the periods.

    Raises:
        RetentionError: the file is missing, is no YAML, or cannot be used.
    """
    table = read_table(path, _File, RetentionError)
    if table.ledger_days < table.case_days:
        raise RetentionError(
            f"{path}: ledger_days: it must not be less than case_days, for the ledger tells what "
            "was paid in a case."
        )
    days = {kind: timedelta(days=getattr(table, f"{kind.value}_days")) for kind in Kind}
    return Periods(days, timedelta(days=table.tracker_days))


def blanked(value: Any, key: str = "") -> Any:
    """Return a JSON value with each text replaced that somebody may have written.

    Keys, figures and words of ours stay, so that whatever reads it finds what it looks for.
    """
    if isinstance(value, dict):
        return {name: blanked(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [blanked(inner, key) for inner in value]
    if not isinstance(value, str) or (key in KEPT_KEYS and _WORD.fullmatch(value)):
        return value
    return MARKER


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data is meant: the ids under which somebody is known, and where."""

    customers: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return bool(self.customers or self.conversations or self.cases)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a person's data is not erased now."""

    case_number: str | None
    why: str
