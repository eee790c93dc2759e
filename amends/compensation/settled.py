"""Whether an order was settled already: nothing is paid twice, whoever complains about it."""

from amends.cases.details import NO_ORDER
from amends.cases.model import Case
from amends.compensation.model import GIVEN, Offer
from amends.compensation.ports import UnitOfWork


def settled_before(uow: UnitOfWork, case: Case) -> bool:
    """Tell whether another case about the same order ended with a remedy, or was granted one."""
    if case.order_number in (None, NO_ORDER):
        return False
    number = case.order_number or ""
    # What was granted for the order counts, even where that case names another order by now.
    given = uow.ledger.cases_given_for_order(number)
    ended = {one.id for one in uow.cases.of_order(number) if _ended_with_a_remedy(uow, one)}
    return bool((ended | set(given)) - {case.id})


def _ended_with_a_remedy(uow: UnitOfWork, case: Case) -> bool:
    offers = uow.ledger.offers_of_case(case.id)
    given = any(remedy.state in GIVEN for offer in offers for remedy in offer.remedies)
    return given or case.outcome == "remedy_accepted"


def is_overtaken(uow: UnitOfWork, case: Case, offer: Offer) -> bool:
    """Tell whether the order was settled in another case since this offer was decided.

    Two chats about one order may hold an offer each; once one is accepted, the other stands on a
    fact that is no longer true. An offer that was decided in the knowledge of it still stands.
    """
    decisions = uow.ledger.decisions_of_case(case.id)
    made = next((one for one in decisions if one.id == offer.decision_id), None)
    known = made is not None and bool(made.facts.get("settled_before"))
    return not known and settled_before(uow, case)
