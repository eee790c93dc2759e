"""How a case stands against the time by which it is to be resolved."""

from datetime import datetime, timedelta
from enum import StrEnum

from amends.cases.model import Case

WARNING_SHARE = 4
"""The last quarter of the time is the warning …"""
SHORTEST_WARNING = timedelta(hours=2)
"""… and never less than this, so that somebody can still do something about it."""


class Standing(StrEnum):
    NONE = "none"  # the case has ended, or was never given a deadline
    CALM = "calm"
    SOON = "soon"
    OVERDUE = "overdue"


def standing(case: Case, now: datetime) -> Standing:
    """Return whether a case is overdue, or soon will be."""
    due_at = case.resolution_due_at
    if due_at is None or case.closed_at is not None:
        return Standing.NONE
    if now >= due_at:
        return Standing.OVERDUE
    warning = max((due_at - case.opened_at) / WARNING_SHARE, SHORTEST_WARNING)
    return Standing.SOON if due_at - now <= warning else Standing.CALM
