"""Decide, offer, accept, decline. Each runs in one transaction that the caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from amends.cases import promising
from amends.cases import use_cases as cases
from amends.cases.model import (
    Case,
    CaseStatus,
    Category,
    Customer,
    NextStep,
    Order,
    Promise,
)
from amends.compensation.case_facts import History, case_facts
from amends.compensation.clauses import Role
from amends.compensation.decide import decide
from amends.compensation.decision import Decision, decision_to_json
from amends.compensation.errors import NothingOffered, OfferNotOpen, UnknownOffer
from amends.compensation.facts import check_facts
from amends.compensation.ledger import lay_out, with_state
from amends.compensation.model import DecisionRecord, Offer, Remedy, Step
from amends.compensation.policy import Policy, PolicyVersion, Usage
from amends.compensation.ports import UnitOfWork
from amends.compensation.settled import is_overtaken, settled_before
from amends.compensation.usage import hold, key_of, names_in, usage_of
from amends.values import new_id

GOODWILL_WINDOW = timedelta(days=90)
"""Window of the fact `previous_goodwill_count_90d`."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was decided for a case, and the offer that came of it (None: nothing to offer)."""

    case: Case
    decision: Decision
    offer: Offer | None
    order: Order | None


def decide_case(
    uow: UnitOfWork, policy: Policy, case_id: str, now: datetime, role: Role = Role.BOT
) -> Settlement:
    """Decide a case by the policy and make the offer; asked again, the standing offer is repeated.

    The rung is the number of offers that the customer declined in this case.

    Raises:
        UnknownCase, CaseClosed: there is nothing to decide.
    """
    case = cases.open_case_of(uow, case_id)
    order = cases.order_of(uow, case)
    key = key_of(case, order)
    hold(uow, case, key)
    version = policy.version_on(now.date())
    offers = _free_lapsed(uow, case, now)
    standing = next((o for o in offers if o.is_open and o.expires_at > now), None)
    rung = standing.rung if standing else sum(offer.is_declined for offer in offers)
    gathered = facts_of(uow, version, case, order, now)
    decision = _decision(uow, version, case, key, gathered, rung, role, now, bool(standing))
    if standing is not None:
        return Settlement(case, decision, standing, order)
    record = _record(uow, decision, gathered, case, rung, role, now)
    if decision.outcome != "remedy":
        return Settlement(case, decision, None, order)
    offer = lay_out(case.id, record.id, rung, decision.alternatives, key, order, "bot", now)
    uow.ledger.add_offer(offer)
    case = cases.set_progress(uow, case.id, CaseStatus.OFFERED, NextStep.CUSTOMER_DECIDES, now)
    cases.add_entry(uow, case, now, "bot", "offered", {"offer_id": offer.id, "rung": rung})
    return Settlement(case, decision, offer, order)


def _decision(
    uow: UnitOfWork,
    version: PolicyVersion,
    case: Case,
    key: str,
    gathered: dict[str, object],
    rung: int,
    role: Role,
    now: datetime,
    standing: bool,
) -> Decision:
    facts = check_facts(version, gathered)
    if standing:  # repeated, not decided anew: its own reservation must not count against it
        return decide(version, facts, Usage.none(), role, rung)
    uow.ledger.lock_budget()
    return decide(version, facts, usage_of(uow, version, case.id, key, now), role, rung)


def facts_of(
    uow: UnitOfWork, version: PolicyVersion, case: Case, order: Order | None, now: datetime
) -> dict[str, object]:
    """Gather the facts of a case from order system, ledger and log.

    A category that a company added, and that the policy does not name (yet), is not among them:
    no clause about a category speaks then.
    """
    customer = _owner(uow, case, order)
    key = key_of(case, order)
    found = uow.understandings.without_parse(case.conversation_id)
    waits = [one.waiting_hours for _, one in found]
    history = History(
        goodwill_count_90d=uow.ledger.goodwill_count(key, now - GOODWILL_WINDOW),
        verified=_is_verified(case, order),
        settled_before=settled_before(uow, case),
        waiting_hours=max((wait for wait in waits if wait is not None), default=None),
    )
    gathered: dict[str, object] = dict(case_facts(case, order, customer, history, now))
    if not _names(version, case.category):
        gathered["category"] = None
    return gathered


def _names(version: PolicyVersion, category: Category) -> bool:
    declared = version.facts.get("category")
    values = declared.values if declared else ()
    return not values or category.like is category or category.value in values


def _owner(uow: UnitOfWork, case: Case, order: Order | None) -> Customer | None:
    owner = order.customer_id if order else case.customer_id
    return uow.orders.customer(owner) if owner else None


def _is_verified(case: Case, order: Order | None) -> bool:
    return case.customer_id is not None and (order is None or order.customer_id == case.customer_id)


def _record(
    uow: UnitOfWork,
    decision: Decision,
    gathered: dict[str, object],
    case: Case,
    rung: int,
    role: Role,
    now: datetime,
) -> DecisionRecord:
    record = DecisionRecord(
        id=new_id(),
        case_id=case.id,
        at=now,
        policy=decision.policy,
        version=str(decision.version),
        role=role.value,
        rung=rung,
        facts=gathered,
        outcome=str(decision.outcome),
        decision=decision_to_json(decision),
    )
    uow.ledger.add_decision(record)
    data = {"decision_id": record.id, "outcome": record.outcome, "clauses": list(decision.clauses)}
    cases.add_entry(uow, case, now, "bot", "decided", data)
    return record


@dataclass(frozen=True, slots=True)
class Accepted:
    case: Case
    remedies: tuple[Remedy, ...]
    promises: tuple[Promise, ...]


def open_offer(uow: UnitOfWork, case_id: str, now: datetime) -> Offer:
    """Return the offer that lies with the customer.

    Raises:
        NothingOffered: none does.
    """
    case = cases.case_of(uow, case_id)
    for offer in uow.ledger.offers_of_case(case_id):
        if offer.is_open and offer.expires_at > now and not is_overtaken(uow, case, offer):
            return offer
    raise NothingOffered(case_id)


def accept(uow: UnitOfWork, offer_id: str, alternative: int, now: datetime) -> Accepted:
    """Accept one alternative of an offer: its remedies become promises, the case is resolved.

    Raises:
        UnknownOffer, OfferNotOpen: there is nothing to accept.
    """
    case = cases.case_of(uow, _offer(uow, offer_id).case_id)
    hold(uow, case)
    offer = _offer(uow, offer_id)  # as it stands now that nobody else can change it
    chosen = offer.alternative(alternative)
    if not chosen or not offer.is_open or offer.expires_at <= now:
        raise OfferNotOpen(offer_id)
    if is_overtaken(uow, case, offer):
        raise OfferNotOpen(offer_id)
    for remedy in offer.remedies:
        step = Step.ACCEPTED if remedy.alternative == alternative else Step.DECLINED
        uow.ledger.add_step(remedy.id, step, now, "customer", None)
    promises = tuple(_promise(uow, case, remedy, now) for remedy in chosen)
    case = cases.resolve(uow, case.id, "remedy_accepted", "customer", now)
    accepted = with_state(offer, alternative, Step.ACCEPTED, Step.DECLINED)
    return Accepted(case, accepted.alternative(alternative), promises)


def decline(uow: UnitOfWork, offer_id: str, now: datetime) -> Case:
    """Decline an offer as a whole; the next decision stands one rung higher.

    Raises:
        UnknownOffer, OfferNotOpen: there is nothing to decline.
    """
    offer = _offer(uow, offer_id)
    if not offer.is_open:
        raise OfferNotOpen(offer_id)
    for remedy in offer.remedies:
        uow.ledger.add_step(remedy.id, Step.DECLINED, now, "customer", None)
    case = cases.case_of(uow, offer.case_id)
    cases.add_entry(uow, case, now, "customer", "declined", {"offer_id": offer.id})
    return cases.set_progress(uow, case.id, CaseStatus.OPEN, NextStep.CUSTOMER_ANSWERS, now)


def take_back_offers(uow: UnitOfWork, case_id: str, now: datetime) -> None:
    """Void the open offers of a case whose facts have changed; the ladder starts where it was."""
    for offer in uow.ledger.offers_of_case(case_id):
        if offer.is_open:
            _void(uow, offer, now)


def _free_lapsed(uow: UnitOfWork, case: Case, now: datetime) -> Sequence[Offer]:
    """Return the offers of a case; what can no longer be accepted reserves nothing."""
    for offer in uow.ledger.offers_of_case(case.id):
        if offer.is_open and (offer.expires_at <= now or is_overtaken(uow, case, offer)):
            _void(uow, offer, now)
    return uow.ledger.offers_of_case(case.id)


def expire_offers(uow: UnitOfWork, now: datetime) -> int:
    """Mark offers that nobody took up; their reservation ends. Returns how many."""
    expired = 0
    overdue = uow.ledger.offers_expiring_before(now)
    uow.ledger.lock({name for late in overdue for name in names_in(late)})
    for late in overdue:
        offer = _offer(uow, late.id)  # it may have been accepted just now
        if offer.is_open:
            _void(uow, offer, now)
            expired += 1
    return expired


def _void(uow: UnitOfWork, offer: Offer, now: datetime) -> None:
    for remedy in offer.remedies:
        uow.ledger.add_step(remedy.id, Step.EXPIRED, now, "system", None)


def _offer(uow: UnitOfWork, offer_id: str) -> Offer:
    offer = uow.ledger.offer(offer_id)
    if offer is None:
        raise UnknownOffer(offer_id)
    return offer


def _promise(uow: UnitOfWork, case: Case, remedy: Remedy, now: datetime) -> Promise:
    due_at = now + timedelta(days=remedy.due_days or 0)
    return promising.promise(uow, case, remedy.kind, due_at, "bot", now, remedy_id=remedy.id)
