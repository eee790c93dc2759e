"""The facts of a case, in the names that the compensation policy declares.

Everything about orders, money and history comes from systems; of the customer's word only the
category, the wish and the stated wait are taken, and the policy marks them as claimed.
"""

from dataclasses import dataclass
from datetime import date, datetime

from amends.cases.model import Case, Customer, Order, OrderState

Fact = bool | int | float | str | list[str] | None


@dataclass(frozen=True, slots=True)
class History:
    """What the ledger knows about this customer."""

    goodwill_count_90d: int = 0
    verified: bool = False  # signed in on the company's site, and the order is theirs
    settled_before: bool = False  # a remedy was accepted for this order in another case
    waiting_hours: float | None = None


def case_facts(
    case: Case, order: Order | None, customer: Customer | None, history: History, now: datetime
) -> dict[str, Fact]:
    """Return every fact that `policies/retail.yml` declares, None where it is unknown."""
    return {
        **_order_facts(order, now.date()),
        **_money_facts(case, order),
        "category": case.category.value,
        "wish": case.wish.value if case.wish else None,
        "flags": sorted(case.flags),
        "severity": case.severity,
        "repeat_complaint": case.repeat_complaint,
        "settled_before": history.settled_before,
        "customer_verified": history.verified,
        "customer_tier": customer.tier if customer else "regular",
        "previous_goodwill_count_90d": history.goodwill_count_90d,
        "waiting_hours": history.waiting_hours,
    }


def _order_facts(order: Order | None, today: date) -> dict[str, Fact]:
    if order is None:
        return {"order_found": False}
    return {
        "order_found": True,
        "order_state": order.state.value,
        "days_late": days_late(order, today),
        "days_since_delivery": _days_since(order.delivered_on, today),
        "days_since_return_received": _days_since(order.return_received_on, today),
        "stock_available": order.stock_available,
        "country": order.country,
    }


def _money_facts(case: Case, order: Order | None) -> dict[str, Fact]:
    if order is None:
        return {}
    return {
        "currency": order.currency,
        "order_total_minor": order.total.amount_minor,
        "item_price_minor": _item_price(case, order),
        "shipping_paid_minor": order.shipping_paid_minor,
        "refund_due": order.refund_due_minor > 0,
        "refund_open_minor": max(0, order.refund_due_minor - order.refund_paid_minor),
        "refund_paid": 0 < order.refund_due_minor <= order.refund_paid_minor,
        "charged_twice": order.charged_minor >= 2 * order.total.amount_minor > 0,
    }


def days_late(order: Order, today: date) -> int:
    """Return whole days past the due date; 0 when in time, cancelled or returned."""
    if order.state in {OrderState.CANCELLED, OrderState.RETURNED}:
        return 0
    arrived = order.delivered_on or today
    return max(0, (arrived - order.due_on).days)


def _days_since(day: date | None, today: date) -> int | None:
    return None if day is None else (today - day).days


def _item_price(case: Case, order: Order) -> int:
    """Return the price of the item concerned; the cheapest line when it cannot be told which."""
    named = [line for line in order.lines if case.item and _names(case.item, line.title)]
    lines = named or list(order.lines)
    return min((line.unit_price_minor * line.quantity for line in lines), default=0)


def _names(said: str, title: str) -> bool:
    said_words = {word for word in said.lower().split() if len(word) > 3}
    return bool(said_words & set(title.lower().split()))
