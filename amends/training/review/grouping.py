"""Alike messages stand in one row: which group a message belongs to, and what a group comes to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2
from typing import Final

from amends.training.review.model import (
    MOST_FOR_SIZE,
    PER_DOUBLING,
    SHOWN_FROM,
    WEIGHTS,
    Member,
    Reason,
    Standing,
    in_order,
    rank_of,
)
from amends.training.review.similarity import ALIKE, Signature, bands, likeness

MOST_COMPARED: Final = 12
"""So many groups that share most bands are compared; one that is alike shares many."""

FEWEST_CONVERSATIONS: Final = 3
"""From so many conversations unseen wording is no longer one customer's way of putting things."""


@dataclass
class Groups:
    """Known groups by their signature, found by bands; grows while messages are put in."""

    signatures: dict[int, Signature] = field(default_factory=dict)
    by_band: dict[int, list[int]] = field(default_factory=dict)

    def add(self, group_id: int, of: Signature) -> None:
        self.signatures[group_id] = of
        for key in bands(of):
            self.by_band.setdefault(key, []).append(group_id)

    def alike(self, of: Signature) -> int | None:
        """Return the group that is most alike; None when none is alike enough."""
        shared = Counter(one for key in bands(of) for one in self.by_band.get(key, ()))
        near = sorted(shared, key=lambda one: (-shared[one], one))[:MOST_COMPARED]
        judged = [(likeness(of, self.signatures[one]), -one) for one in near]
        best, minus_id = max(judged, default=(0.0, 0))
        return -minus_id if best >= ALIKE else None


def known_groups(signatures: Mapping[int, Signature]) -> Groups:
    groups = Groups()
    for group_id, of in sorted(signatures.items()):
        groups.add(group_id, of)
    return groups


def standing(members: Sequence[Member], size: int) -> Standing | None:
    """Return what a group's open messages come to; None when there is none.

    Args:
        members: its messages, or of a very large group those that rank highest.
        size: how many there are in all.
    """
    if not members:
        return None
    leader = max(members, key=lambda one: (rank_of(one.reasons), one.at, one.id))
    together = group_reasons(members)
    reasons = {*leader.reasons, *together}
    rank = sum(WEIGHTS[one] for one in reasons)
    if rank >= SHOWN_FROM:  # many times nothing is still nothing
        rank += _for_size(size)
    return Standing(
        rank=round(100 * rank),
        reasons=in_order({reason for one in members for reason in one.reasons} | {*together}),
        leader=leader,
        last_at=max(one.at for one in members),
    )


def group_reasons(members: Iterable[Member]) -> tuple[Reason, ...]:
    """Return the reasons that only the messages together give."""
    unseen = {one.conversation_id for one in members if Reason.UNSEEN_WORDS in one.reasons}
    return (Reason.NEW_WORDING,) if len(unseen) >= FEWEST_CONVERSATIONS else ()


def _for_size(size: int) -> float:
    return min(MOST_FOR_SIZE, PER_DOUBLING * log2(max(1, size)))
