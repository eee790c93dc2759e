"""What the order system says about an order, in words."""

from datetime import datetime

from actions.base import Say
from actions.words import day, days_words, money
from amends.cases.model import Case, Category, Order, OrderState
from amends.compensation.case_facts import days_late
from amends.values import Money

_ABOUT_MONEY = frozenset(
    {Category.REFUND_NOT_RECEIVED, Category.RETURN_PROBLEM, Category.CANCELLATION_PROBLEM}
)
_ABOUT_AN_ORDER = _ABOUT_MONEY | {
    Category.NOT_RECEIVED,
    Category.DAMAGED_ITEM,
    Category.WRONG_ITEM,
    Category.MISSING_ITEM,
    Category.FAULTY_PRODUCT,
    Category.NOT_AS_DESCRIBED,
}
"""Complaints that the state of an order says something about; elsewhere it would only distract."""


def fact_says(case: Case, order: Order | None, now: datetime, language: str) -> list[Say]:
    """Confirm the facts that matter for this case; nothing when there is no order."""
    if order is None:
        return []
    values: dict[str, object] = {
        "order_number": order.number,
        "due_on": day(order.due_on, language),
        "days_late": days_words(days_late(order, now.date()), language),
    }
    if case.category is Category.BILLING_ERROR:
        return [_charge_say(order, language)]
    if case.category not in _ABOUT_AN_ORDER:
        return []
    says = [_state_say(order, values, now, language)]
    if case.category in _ABOUT_MONEY and order.refund_due_minor:
        says.append(_refund_say(order, language))
    return says


def _state_say(order: Order, values: dict[str, object], now: datetime, language: str) -> Say:
    if order.state is OrderState.DELIVERED and order.delivered_on:
        return Say(
            "say_fact_delivered", values | {"delivered_on": day(order.delivered_on, language)}
        )
    if order.state is OrderState.LOST:
        return Say("say_fact_lost", values)
    if order.state is OrderState.CANCELLED and order.cancelled_on:
        return Say(
            "say_fact_cancelled", values | {"cancelled_on": day(order.cancelled_on, language)}
        )
    if order.state is OrderState.RETURNED and order.return_received_on:
        return Say(
            "say_fact_returned", values | {"returned_on": day(order.return_received_on, language)}
        )
    if days_late(order, now.date()) > 0:
        return Say("say_fact_late", values)
    if order.state is OrderState.PROCESSING:
        return Say("say_fact_processing", values)
    return Say("say_fact_on_time", values)


def _refund_say(order: Order, language: str) -> Say:
    amount = money(Money(order.refund_due_minor, order.currency), language)
    paid = order.refund_paid_minor >= order.refund_due_minor
    return Say("say_fact_refund_paid" if paid else "say_fact_refund_open", {"amount": amount})


def _charge_say(order: Order, language: str) -> Say:
    amount = money(Money(order.charged_minor, order.currency), language)
    words = "say_fact_charged_twice" if _charged_twice(order) else "say_fact_charged_once"
    return Say(words, {"order_number": order.number, "amount": amount})


def _charged_twice(order: Order) -> bool:
    return order.charged_minor >= 2 * order.total.amount_minor > 0
