"""From what was gathered of a case to what is logged of it; pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from amends.cases.details import NO_ORDER
from amends.cases.model import CaseEntry, Promise
from amends.compensation.model import GIVEN, DecisionRecord, Offer, Remedy, StepTaken
from amends.handoff.approval_model import Approval
from amends.records.log.cases import (
    LoggedApproval,
    LoggedCase,
    LoggedDecision,
    LoggedEntry,
    LoggedGiven,
    LoggedGrant,
    LoggedOffer,
    LoggedPromise,
    LoggedRemedy,
    LoggedStep,
)
from amends.records.log.gathered import GatheredCase
from amends.values import Json


def logged_case(gathered: GatheredCase) -> LoggedCase:
    case, order = gathered.case, gathered.order
    return LoggedCase(
        id=case.id,
        number=case.number,
        status=case.status,
        category=case.category,
        secondary=case.secondary,
        severity=case.severity,
        flags=tuple(sorted(case.flags)),
        opened_at=case.opened_at,
        opened_by_seq=case.opened_by_seq,
        owner=case.owner,
        next_step=case.next_step,
        order_number=None if case.order_number == NO_ORDER else case.order_number,
        warehouse=order.warehouse if order else None,
        carrier=order.carrier if order else None,
        item=case.item,
        what_happened=case.what_happened,
        wish=case.wish,
        wish_text=case.wish_text,
        repeat_complaint=case.repeat_complaint,
        root_cause=case.root_cause,
        resolution_due_at=case.resolution_due_at,
        closed_at=case.closed_at,
        outcome=case.outcome,
        resolution_seconds=seconds(case.opened_at, case.closed_at),
        entries=tuple(map(_entry, gathered.entries)),
        decisions=tuple(map(_decision, gathered.decisions)),
        offers=tuple(_offer(one, gathered) for one in gathered.offers),
        promises=tuple(map(_promise, gathered.promises)),
        approvals=tuple(map(_approval, gathered.approvals)),
    )


def given_in(offers: Iterable[Offer]) -> tuple[LoggedGiven, ...]:
    """Return what was accepted, issued or settled, by part and currency."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for offer in offers:
        for remedy in offer.remedies:
            if remedy.amount is not None and remedy.state in GIVEN:
                sums[remedy.part, remedy.amount.currency] += remedy.amount.amount_minor
    return tuple(LoggedGiven(part, sums[part, one], one) for part, one in sorted(sums))


def seconds(begun: datetime, ended: datetime | None) -> float | None:
    return None if ended is None else (ended - begun).total_seconds()


def _entry(entry: CaseEntry) -> LoggedEntry:
    return LoggedEntry(entry.at, entry.actor, entry.kind, entry.data)


def _decision(one: DecisionRecord) -> LoggedDecision:
    return LoggedDecision(
        id=one.id,
        at=one.at,
        policy=one.policy,
        policy_version=one.version,
        role=one.role,
        rung=one.rung,
        outcome=one.outcome,
        clauses=tuple(one.decision.get("clauses", ())),
        remedies=tuple(_grants(one.decision.get("alternatives", ()))),
        facts_json=one.facts,
        decision_json=one.decision,
    )


def _grants(alternatives: Sequence[Sequence[Json]]) -> Iterator[LoggedGrant]:
    for number, bundle in enumerate(alternatives):
        for grant in bundle:
            amount = grant.get("amount") or {}
            yield LoggedGrant(
                kind=grant["kind"],
                recovery=grant["recovery"],
                part=grant["part"],
                alternative=number,
                amount_minor=amount.get("amount_minor"),
                currency=amount.get("currency"),
                clauses=tuple(grant["clauses"]),
            )


def _offer(offer: Offer, gathered: GatheredCase) -> LoggedOffer:
    return LoggedOffer(
        id=offer.id,
        decision_id=offer.decision_id,
        rung=offer.rung,
        made_at=offer.made_at,
        made_by=offer.made_by,
        expires_at=offer.expires_at,
        remedies=tuple(_remedy(one, gathered.steps.get(one.id, ())) for one in offer.remedies),
    )


def _remedy(remedy: Remedy, steps: Sequence[StepTaken]) -> LoggedRemedy:
    """Return a remedy without a voucher's code, which is as good as money."""
    return LoggedRemedy(
        id=remedy.id,
        alternative=remedy.alternative,
        kind=remedy.kind,
        recovery=remedy.recovery,
        part=remedy.part,
        title=remedy.title.get("en", remedy.kind),
        amount_minor=remedy.amount.amount_minor if remedy.amount else None,
        currency=remedy.amount.currency if remedy.amount else None,
        clauses=remedy.clauses,
        due_days=remedy.due_days,
        order_number=remedy.order_number,
        state=remedy.state,
        steps=tuple(LoggedStep(one.step, one.at, one.actor) for one in steps),
    )


def _promise(one: Promise) -> LoggedPromise:
    return LoggedPromise(
        id=one.id,
        what=one.what,
        remedy_id=one.remedy_id,
        made_at=one.made_at,
        made_by=one.made_by,
        due_at=one.due_at,
        state=one.state,
        ended_at=one.ended_at,
        replaces=one.replaces,
    )


def _approval(one: Approval) -> LoggedApproval:
    return LoggedApproval(
        id=one.id,
        handoff_id=one.handoff_id,
        asked_at=one.asked_at,
        asked_by=one.asked_by,
        note=one.note,
        state=one.state,
        decided_at=one.decided_at,
        decided_by=one.decided_by,
        reason=one.reason,
        offer_id=one.offer_id,
    )
