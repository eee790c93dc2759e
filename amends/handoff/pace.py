"""How fast the queue has moved lately, from which a customer is told how long it takes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from amends.handoff.hours import Hours
from amends.handoff.model import Handoff

LOOK_BACK = timedelta(hours=24)
"""Claims older than this say nothing about today."""

LATEST = 20
"""So many claims are looked at, those of the last hours where many come."""

TAKEN_BACK = "taken_back"
"""The reason of a handoff that its person began: they took the chat back from the assistant."""

A_FEW = 3
"""Fewer claims are chance; then nothing is said but the promise."""


def pace_of(claims: Sequence[Handoff], online: int, hours: Hours) -> timedelta | None:
    """Return how long each place in the queue takes, in working time; None when too few tell.

    Args:
        claims: chats that were claimed lately, latest first.
        online: people at the desk now; when fewer are there than have claimed these chats, each
            place takes longer in proportion. More of them promise nothing better.
        hours: business hours; what was claimed outside them is left out.
    """
    told = [claim for claim in claims if _tells(claim, hours)][:LATEST]
    if len(told) < A_FEW:
        return None
    taken = sorted(claim.claimed_at for claim in claims if claim.claimed_at)
    usual = timedelta(
        seconds=median(_per_place(claim, taken, hours).total_seconds() for claim in told)
    )
    claimers = len({claim.claimed_by for claim in told})
    return usual * max(1.0, claimers / online) if online else usual


def _tells(claim: Handoff, hours: Hours) -> bool:
    """Whether a claim tells how long one waits: not when it took up a chat already answered, nor
    when the person took it from the assistant without being asked."""
    if TAKEN_BACK in claim.reasons:
        return False
    if claim.claimed_at is None or not hours.is_open(claim.claimed_at):
        return False
    return claim.first_answer_at is None or claim.first_answer_at >= claim.claimed_at


def _per_place(claim: Handoff, taken: Sequence[datetime], hours: Hours) -> timedelta:
    """Return a claim's wait, parted among the chats that were taken while it waited."""
    claimed_at = claim.claimed_at or claim.requested_at
    ahead = sum(claim.requested_at < at <= claimed_at for at in taken)
    return hours.between(claim.requested_at, claimed_at) / max(1, ahead)
