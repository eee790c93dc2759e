"""What a customer is told of their own case: what was offered and promised, and what comes next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from amends.cases.model import Case, Promise, PromiseState
from amends.compensation.model import Offer, Remedy, Step
from amends.handoff.model import Handoff, HandoffState
from amends.handoff.use_cases import STAFF_ANSWER
from amends.records.record import Record


class Answerer(StrEnum):
    """Who answers the customer now."""

    ASSISTANT = "assistant"
    WAITING = "waiting"  # a person will
    PERSON = "person"
    NOBODY = "nobody"  # the case has ended


@dataclass(frozen=True, slots=True)
class OfferTold:
    made_at: datetime
    expires_at: datetime | None  # None when it is not open any more
    state: Step
    alternatives: tuple[tuple[Remedy, ...], ...]  # the one that was taken, or all


@dataclass(frozen=True, slots=True)
class PromiseTold:
    remedy: Remedy | None  # None: an answer by a person
    promise: Promise
    is_moved: bool = False  # another date was given in its place


@dataclass(frozen=True, slots=True)
class Status:
    case: Case
    language: str
    offers: tuple[OfferTold, ...]  # latest first
    promises: tuple[PromiseTold, ...]  # what is still to come first
    answerer: Answerer
    name: str | None  # of the person who answers
    answer_due_at: datetime | None  # None: nobody waits, or the answer is late beyond all promises


def status_of(record: Record, now: datetime) -> Status:
    """Return what the customer may know; codes, notes and decisions are not part of it."""
    handoff = record.open_handoff
    waiting = handoff is not None and handoff.state is HandoffState.WAITING
    answerer = _answerer(record)
    return Status(
        case=record.case,
        language=record.conversation.language,
        offers=tuple(_offer(one) for one in reversed(record.offers) if one.remedies),
        promises=_promises(record),
        answerer=answerer,
        name=record.names.get((handoff and handoff.claimed_by) or ""),
        answer_due_at=_answer_due(handoff, now) if handoff and waiting else None,
    )


def _answer_due(handoff: Handoff, now: datetime) -> datetime | None:
    due = (handoff.answer_due_at, handoff.limit_due_at)
    return next((moment for moment in due if moment > now), None)


def _answerer(record: Record) -> Answerer:
    handoff = record.open_handoff
    if handoff is not None:
        claimed = handoff.state is HandoffState.CLAIMED
        return Answerer.PERSON if claimed else Answerer.WAITING
    return Answerer.NOBODY if record.case.closed_at is not None else Answerer.ASSISTANT


def _offer(offer: Offer) -> OfferTold:
    taken = [one for one in offer.remedies if one.state not in (Step.DECLINED, Step.EXPIRED)]
    state = taken[0].state if taken else offer.remedies[0].state
    chosen = taken and state is not Step.OFFERED
    return OfferTold(
        made_at=offer.made_at,
        expires_at=offer.expires_at if state is Step.OFFERED else None,
        state=state,
        alternatives=(offer.alternative(taken[0].alternative),) if chosen else offer.alternatives,
    )


def _promises(record: Record) -> tuple[PromiseTold, ...]:
    remedies = record.remedies
    moved = {one.replaces for one in record.promises}
    told = [
        PromiseTold(remedies.get(one.remedy_id or ""), one, one.id in moved)
        for one in record.promises
    ]
    worth = [one for one in told if one.remedy is not None or one.promise.what == STAFF_ANSWER]
    shown = [one for one in worth if one.promise.state is not PromiseState.RELEASED]
    return tuple(
        sorted(
            shown, key=lambda one: (one.promise.state is not PromiseState.OPEN, one.promise.due_at)
        )
    )
