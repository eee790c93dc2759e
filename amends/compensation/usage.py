"""What goodwill is given or reserved already, and whom the caps per customer count."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from amends.cases import use_cases as cases
from amends.cases.details import NO_ORDER
from amends.cases.model import Case, Order
from amends.compensation.model import NOBODY_KNOWN, Offer
from amends.compensation.policy import PolicyVersion, Usage
from amends.compensation.ports import UnitOfWork


def key_of(case: Case, order: Order | None) -> str:
    """Return whom the caps per customer count.

    The order's owner, whoever writes: several guests with one order number share one cap.
    """
    owner = order.customer_id if order else case.customer_id
    return owner or f"{NOBODY_KNOWN}{case.conversation_id}"


def customer_key(uow: UnitOfWork, case: Case) -> str:
    """Look the case's order up, and return whom the caps per customer count."""
    return key_of(case, cases.order_of(uow, case))


def hold(uow: UnitOfWork, case: Case, key: str | None = None) -> None:
    """Hold what is offered to a case, its customer and for its order, until the transaction ends.

    For the order too: nothing is paid for it twice, even where the order system does not know
    whose it is.

    Args:
        key: Whom the caps count, where it was looked up already.
    """
    uow.ledger.lock(_names(case.id, key or customer_key(uow, case), case.order_number))


def names_in(offer: Offer) -> set[str]:
    """Return what to lock before this offer is changed."""
    return {
        name
        for one in offer.remedies
        for name in _names(offer.case_id, one.customer_key, one.order_number)
    }


def _names(case_id: str, key: str, order_number: str | None) -> set[str]:
    order = () if order_number in (None, NO_ORDER) else (f"order {order_number}",)
    return {f"case {case_id}", f"customer {key}", *order}


def usage_of(
    uow: UnitOfWork, version: PolicyVersion, case_id: str, key: str, now: datetime
) -> Usage:
    """Add up what counts against the caps of a case and of the customer whom `key` names."""
    window = timedelta(days=version.caps.customer_window_days)
    midnight = datetime.combine(now.date(), time(), UTC)
    return Usage(
        given_to_customer=uow.ledger.goodwill_to_customer(key, now - window),
        given_to_case=uow.ledger.goodwill_to_case(case_id),
        given_today=uow.ledger.goodwill_since(midnight),
    )


def without_open(usage: Usage, offers: Sequence[Offer], now: datetime) -> Usage:
    """Return what counts against the caps once these offers, as far as open, are taken back."""
    midnight = datetime.combine(now.date(), time(), UTC)
    for offer in offers:
        if not offer.is_open:
            continue
        reserved = _reserved(offer)
        today = reserved if offer.made_at >= midnight else {}
        usage = Usage(
            given_to_customer=_less(usage.given_to_customer, reserved),
            given_to_case=_less(usage.given_to_case, reserved),
            given_today=_less(usage.given_today, today),
        )
    return usage


def _reserved(offer: Offer) -> dict[str, int]:
    """Return the goodwill an offer reserves: of its alternatives, the dearest."""
    most: dict[str, int] = {}
    for bundle in offer.alternatives:
        totals: dict[str, int] = {}
        for remedy in bundle:
            if remedy.part == "goodwill" and remedy.amount is not None:
                currency = remedy.amount.currency
                totals[currency] = totals.get(currency, 0) + remedy.amount.amount_minor
        most = {c: max(most.get(c, 0), totals.get(c, 0)) for c in most.keys() | totals.keys()}
    return most


def _less(given: Mapping[str, int], reserved: Mapping[str, int]) -> dict[str, int]:
    return {currency: max(0, sum_ - reserved.get(currency, 0)) for currency, sum_ in given.items()}
