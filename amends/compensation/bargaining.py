"""Bargaining inside the policy: the next rung, or a remedy of another kind; never more."""

from dataclasses import replace
from datetime import datetime

from amends.cases import use_cases as cases
from amends.cases.details import Detail
from amends.cases.model import Case, Wish
from amends.compensation.clauses import Recovery, Role
from amends.compensation.decide import decide
from amends.compensation.decision import Decision, Outcome, RemedyGrant
from amends.compensation.facts import check_facts
from amends.compensation.model import Offer, Remedy
from amends.compensation.policy import Policy
from amends.compensation.ports import UnitOfWork
from amends.compensation.usage import hold, key_of, usage_of, without_open
from amends.compensation.use_cases import decide_case, facts_of, take_back_offers

REFUND = "refund"
_OF_RECOVERY = {Wish.REPLACEMENT: Recovery.CORRECTIVE, Wish.APOLOGY: Recovery.RELATIONAL}


def suits(remedy: Remedy | RemedyGrant, wish: Wish) -> bool:
    """Tell whether a remedy is of the kind that the customer wishes for."""
    if wish is Wish.REFUND:
        return remedy.kind == REFUND
    if wish is Wish.COMPENSATION:
        return remedy.recovery == Recovery.COMPENSATORY and remedy.kind != REFUND
    return remedy.recovery == _OF_RECOVERY.get(wish)


def alternatives_for(offer: Offer, wish: Wish) -> tuple[int, ...]:
    """Return which alternatives of an offer hold a remedy of the kind wished for."""
    return tuple(
        index
        for index, bundle in enumerate(offer.alternatives)
        if any(suits(remedy, wish) for remedy in bundle)
    )


def has_next_rung(uow: UnitOfWork, offer: Offer) -> bool:
    """Tell whether the ladder goes on after this offer, as it was decided then."""
    decisions = uow.ledger.decisions_of_case(offer.case_id)
    made = next((one for one in decisions if one.id == offer.decision_id), None)
    return made is not None and offer.rung + 1 < made.decision["rungs"]


def was_refused_another_kind(uow: UnitOfWork, offer: Offer) -> bool:
    """Tell whether the customer heard already that nothing of another kind can stand here."""
    entries = uow.cases.entries(offer.case_id)
    return any(e.kind == "no_other_kind" and e.data.get("offer_id") == offer.id for e in entries)


def offer_another_kind(
    uow: UnitOfWork, policy: Policy, offer: Offer, wish: Wish, now: datetime
) -> Offer | None:
    """Replace an open offer by one on the same rung that suits a wish; None if there is none.

    The open offer is taken back only for another one, so asking never costs the customer
    anything; that there is none is kept in the timeline.

    Raises:
        UnknownCase, CaseClosed: there is nothing to decide.
    """
    case = cases.open_case_of(uow, offer.case_id)
    hold(uow, case)
    decision = _decide_with_wish(uow, policy, case, offer, wish, now)
    if decision.outcome is not Outcome.REMEDY or not _offers_more_kinds(decision, offer, wish):
        data = {"offer_id": offer.id, "wish": wish.value}
        cases.add_entry(uow, case, now, "customer", "no_other_kind", data)
        return None
    take_back_offers(uow, case.id, now)
    cases.record_details(uow, case.id, {Detail.WISH: wish.value}, now)
    return decide_case(uow, policy, case.id, now).offer


def _decide_with_wish(
    uow: UnitOfWork, policy: Policy, case: Case, offer: Offer, wish: Wish, now: datetime
) -> Decision:
    version = policy.version_on(now.date())
    wishing, order = replace(case, wish=wish), cases.order_of(uow, case)
    facts = check_facts(version, facts_of(uow, version, wishing, order, now))
    uow.ledger.lock_budget()
    usage = usage_of(uow, version, case.id, key_of(case, order), now)
    usage = without_open(usage, [offer], now)
    return decide(version, facts, usage, Role.BOT, offer.rung)


def _offers_more_kinds(decision: Decision, offer: Offer, wish: Wish) -> bool:
    """Whether a remedy of that kind would be offered which the open offer does not hold."""
    held = {(remedy.kind, remedy.amount) for remedy in offer.remedies}
    return any(
        suits(grant, wish) and (grant.kind, grant.amount) not in held
        for bundle in decision.alternatives
        for grant in bundle
    )
