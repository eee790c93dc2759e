"""A customer changes their mind: an acceptance is taken back before anything has gone out.

What was accepted rests for a while before the company's system hears of it (`to_carry_out` leaves
it alone). Within that time the acceptance can be undone; after it a person has to look.
"""

from datetime import datetime, timedelta

from amends.cases import use_cases as cases
from amends.cases.model import Case, PromiseState
from amends.compensation.errors import TooLateToTakeBack
from amends.compensation.model import GIVEN, Offer, Step
from amends.compensation.ports import UnitOfWork
from amends.compensation.usage import hold

ACCEPTED = "remedy_accepted"
BOT = "bot"


def accepted_offer(uow: UnitOfWork, case: Case) -> Offer | None:
    """Return the assistant's offer that the customer accepted in a case, if that ended it."""
    if case.outcome != ACCEPTED:
        return None
    offers = uow.ledger.offers_of_case(case.id)
    taken = [o for o in offers if o.made_by == BOT and any(r.state in GIVEN for r in o.remedies)]
    return taken[-1] if taken else None


def may_take_back(case: Case, offer: Offer, now: datetime, rest: timedelta) -> bool:
    """Tell whether the acceptance is so fresh that nothing of it can have gone out."""
    if case.closed_at is None or now >= case.closed_at + rest:
        return False
    return not any(one.state in GIVEN - {Step.ACCEPTED} for one in offer.remedies)


def take_back(uow: UnitOfWork, case_id: str, now: datetime, rest: timedelta) -> Case:
    """Undo the acceptance: its remedies are void, its promises released, the case is open again.

    The ladder stands where it stood, so the same can be offered once more. The caller holds the
    conversation, as whoever carries remedies out does.

    Raises:
        UnknownCase: there is none of this id.
        TooLateToTakeBack: nothing was accepted, or it may have gone out already.
    """
    case = cases.case_of(uow, case_id)
    hold(uow, case)
    offer = accepted_offer(uow, case)
    if offer is None or not may_take_back(case, offer, now, rest):
        raise TooLateToTakeBack(case.number)
    void = [remedy.id for remedy in offer.remedies if remedy.state is Step.ACCEPTED]
    for remedy_id in void:
        uow.ledger.add_step(remedy_id, Step.EXPIRED, now, "customer", {"reason": "taken_back"})
    for promise in uow.promises.of_case(case.id):
        if promise.remedy_id in void:
            uow.promises.set_state(promise.id, PromiseState.RELEASED, now)
    return cases.reopen(uow, case.id, "customer", now)
