"""The steps a trainer takes: decide on alike messages, undo the last decision."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from amends.handoff.model import StaffMember
from amends.training.review.errors import (
    AlreadyDecided,
    NothingChosen,
    NothingToUndo,
    UnknownGroup,
    UnknownIntent,
)
from amends.training.review.model import Decision, Kind, Verdict
from amends.training.review.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which messages of a group are decided on."""

    group_id: int
    last: int  # the newest message that stood on the page; later ones stay open
    unticked: frozenset[int] = frozenset()


def decide(
    uow: UnitOfWork,
    chosen: Chosen,
    verdict: Verdict,
    intents: Collection[str],
    by: StaffMember,
    now: datetime,
) -> Decision:
    """Store what a trainer decided on a group, or on those of its messages that are ticked.

    Raises:
        UnknownIntent: the new intent has no examples.
        UnknownGroup: there is no such group.
        NothingChosen: every message is unticked.
        AlreadyDecided: somebody was faster; the error carries the decision.
    """
    if verdict.intent is not None and verdict.intent not in intents:
        raise UnknownIntent(verdict.intent)
    if not uow.reviews.lock(chosen.group_id):
        raise UnknownGroup(chosen.group_id)
    open_ids = uow.reviews.open_ids(chosen.group_id, chosen.last)
    if not open_ids:
        raise AlreadyDecided(uow.reviews.decision_on(chosen.group_id))
    ids = [one for one in open_ids if one not in chosen.unticked]
    if not ids:
        raise NothingChosen
    return _stored(uow, chosen.group_id, ids, verdict, by, now)


def _stored(
    uow: UnitOfWork,
    group_id: int,
    ids: Sequence[int],
    verdict: Verdict,
    by: StaffMember,
    now: datetime,
) -> Decision:
    wanted = set(ids)
    leader = next((one for one in uow.reviews.members(group_id) if one.id in wanted), None)
    leader = leader or uow.reviews.item(ids[0])
    if leader is None:
        raise UnknownGroup(group_id)
    decision = Decision(
        id=0,
        at=now,
        by=by.id,
        verdict=_plain(verdict, leader.intent),
        read_as=leader.intent,
        language=leader.language,
        reasons=leader.reasons,
        size=len(ids),
        leader_id=leader.id,
    )
    return replace(decision, id=uow.reviews.decide(ids, decision))


def undo_last(uow: UnitOfWork, decision_id: int, by: StaffMember, now: datetime) -> Decision:
    """Undo a person's latest decision; its messages stand open again.

    Raises:
        NothingToUndo: this is not the latest decision of this person's that holds.
    """
    last = uow.reviews.last_decision(by.id)
    if last is None or last.id != decision_id:
        raise NothingToUndo
    uow.reviews.undo(last.id, by.id, now)
    return last


def _plain(verdict: Verdict, read_as: str) -> Verdict:
    """Return the verdict as it is kept: to relabel to what was read is to accept it."""
    if verdict.kind is Kind.RELABEL and verdict.intent == read_as:
        return replace(verdict, kind=Kind.ACCEPT, intent=None)
    return verdict
