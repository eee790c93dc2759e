"""The rules of the ledger: which step may follow which, and how a decision becomes an offer."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from amends.cases.model import Order
from amends.compensation.decision import RemedyGrant
from amends.compensation.model import FOLLOWS, Offer, Remedy, Step
from amends.values import new_id

OFFER_STANDS = timedelta(days=7)
"""How long an offer can be accepted; the same offer is made again on request while it stands."""

_CODE_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"


def may_follow(state: Step, step: Step) -> bool:
    return step in FOLLOWS[state]


def steps_to(state: Step, said: Step) -> tuple[Step, ...] | None:
    """Return the steps that lead from a remedy's state to what its system says of it.

    None when both cannot be true; nothing when it stands in the books already. A system may say
    that it is done before we have written down that it was asked.
    """
    if state is said or (said is Step.ISSUED and state in (Step.SETTLED, Step.FAILED)):
        return ()
    if may_follow(state, said):
        return (said,)
    if said is Step.SETTLED and may_follow(state, Step.ISSUED):
        return (Step.ISSUED, Step.SETTLED)
    return None


def lay_out(
    case_id: str,
    decision_id: str,
    rung: int,
    alternatives: tuple[tuple[RemedyGrant, ...], ...],
    customer_key: str,
    order: Order | None,
    made_by: str,
    now: datetime,
) -> Offer:
    """Lay out what was decided as an offer: each alternative is one bundle of remedies."""
    offer_id = new_id()
    remedies = tuple(
        _remedy(grant, offer_id, case_id, index, customer_key, order)
        for index, bundle in enumerate(alternatives)
        for grant in bundle
    )
    return Offer(
        id=offer_id,
        case_id=case_id,
        decision_id=decision_id,
        rung=rung,
        made_at=now,
        expires_at=now + OFFER_STANDS,
        made_by=made_by,
        remedies=remedies,
    )


def _remedy(
    grant: RemedyGrant,
    offer_id: str,
    case_id: str,
    index: int,
    customer_key: str,
    order: Order | None,
) -> Remedy:
    return Remedy(
        id=new_id(),
        offer_id=offer_id,
        case_id=case_id,
        alternative=index,
        kind=grant.kind,
        recovery=str(grant.recovery),
        part=str(grant.part),
        amount=grant.amount,
        clauses=grant.clauses,
        title=dict(grant.title),
        due_days=grant.due_days,
        state=Step.OFFERED,
        customer_key=customer_key,
        order_number=order.number if order else None,
    )


def with_state(offer: Offer, alternative: int, step: Step, others: Step) -> Offer:
    """Return the offer as it stands once one alternative took `step` and the rest `others`."""
    remedies = tuple(
        replace(remedy, state=step if remedy.alternative == alternative else others)
        for remedy in offer.remedies
    )
    return replace(offer, remedies=remedies)


def new_code() -> str:
    """Return a voucher code that cannot be guessed: 72 bits, in groups that can be read out."""
    letters = [secrets.choice(_CODE_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))
