"""Entries of the audit log.

An entry holds ids, words of ours and figures: never what a customer wrote, nor a name or address.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from amends.values import Json

BEGAN = "audit.began"
"""The action of the first row, which sums up what was there before the log."""

_OURS = frozenset({"customer", "bot", "system", "operator", "help_desk"})

acting: ContextVar[str] = ContextVar("amends_audit_actor", default="system")
"""Who acts where a row does not say it: `operator` at the terminal, `job:expire_offers`, a staff
member's id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One business action."""

    at: datetime
    actor: str  # customer, bot, system, operator, help_desk, job:<name>, staff:<id>
    action: str  # such as remedy.issued
    subject_kind: str  # such as remedy
    subject_id: str
    data: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chained:
    """An entry in its place: its number, and the hash over it and all before it."""

    number: int
    entry: Entry
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of the chain; whoever has noted it elsewhere can prove all before it."""

    number: int
    hash: str


def actor_of(who: str | None) -> str:
    """Return an actor as the log names it; nobody stands for whoever acts just now."""
    who = who or acting.get()
    return who if who in _OURS or ":" in who else f"staff:{who}"
