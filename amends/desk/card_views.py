"""What each section of the summary card shows."""

from datetime import datetime
from typing import Any

from amends.cases.details import NO_ORDER
from amends.cases.model import Case, Order
from amends.desk import sparkline, views, words
from amends.desk.actions import Opened
from amends.handoff.queue import Summary
from amends.values import Money

Values = dict[str, Any]


def sections(opened: Opened, now: datetime) -> dict[str, Values]:
    """Return the values of each template by its name."""
    summary = opened.summary
    moods = [found.sentiment for _, found in summary.moods]
    return {
        "case": _case(summary, opened.names),
        "mood": {
            "mood": sparkline.mood(moods), "width": sparkline.WIDTH, "height": sparkline.HEIGHT,
        },
        "order": _order(summary, now),
        "offers": {"offers": views.offers(summary, opened.names)},
        "promises": {"promises": views.pledges(summary, now)},
        "earlier": _earlier(summary),
        "timeline": _timeline(summary, opened.names),
    }  # fmt: skip


def _case(summary: Summary, names: dict[str, str]) -> Values:
    case, customer, handoff = summary.case, summary.customer, summary.handoff
    facts = [("Customer", _customer(summary))]
    if handoff.contact:
        facts.append(("Answer by", words.contact(handoff.contact)))
    taken = words.taken_away(handoff, names.get(handoff.taken_from or "", "Somebody"))
    flags = {flag for _, found in summary.moods for flag in found.flags}
    if customer:
        facts.append(("Membership", words.plain(customer.tier)))
    if case is None:
        return {"case": None, "facts": facts, "flags": _flags(flags), "what_happened": "",
                "wish": "", "status": "", "taken": taken}  # fmt: skip
    return {
        "case": {"number": case.number, "status": case.status.value,
                 "repeat": case.repeat_complaint},
        "status": words.word(words.STATUSES, case.status.value),
        "facts": [*_case_facts(case, names), *facts],
        "taken": taken,
        "flags": _flags(flags | case.flags),
        "what_happened": case.what_happened or "",
        "wish": case.wish_text or words.word(words.WISHES, case.wish.value if case.wish else None),
    }  # fmt: skip


def _customer(summary: Summary) -> str:
    if summary.customer is None:
        return "Guest"
    known = "" if summary.conversation.customer_id else " (by the order, not signed in)"
    return f"{summary.customer.name}, {summary.customer.country}{known}"


def _case_facts(case: Case, names: dict[str, str]) -> list[tuple[str, str]]:
    also = ", ".join(words.word(words.CATEGORIES, one.value) for one in case.secondary)
    owner = "Assistant" if case.owner == "bot" else names.get(case.owner, "Staff")
    facts = [
        ("About", words.word(words.CATEGORIES, case.category.value)),
        ("Also", also),
        ("Item", case.item or ""),
        ("Severity", words.word(words.SEVERITIES, case.severity)),
        ("Owner", owner),
        ("Next step", words.word(words.NEXT_STEPS, case.next_step)),
        ("Outcome", words.word(words.CLOSED_AS, case.outcome)),
    ]
    return [(name, value) for name, value in facts if value]


def _flags(flags: set[str] | frozenset[str]) -> list[str]:
    return [words.word(words.FLAGS, flag) for flag in sorted(flags)]


def _order(summary: Summary, now: datetime) -> Values:
    order, case = summary.order, summary.case
    if order is None:
        named = case.order_number if case else None
        if named and named != NO_ORDER:
            return {"order": None, "missing": f"Order {named} is not in the order system."}
        return {"order": None, "missing": "No order was named."}
    lines = [
        (f"{line.quantity} × {line.title}" if line.quantity > 1 else line.title,
         words.amount(Money(line.quantity * line.unit_price_minor, order.currency)))
        for line in order.lines
    ]  # fmt: skip
    if order.shipping_paid_minor:
        lines.append(("Delivery", words.amount(Money(order.shipping_paid_minor, order.currency))))
    facts = _order_facts(order, now)
    return {"missing": "", "order": {"number": order.number, "lines": lines, "facts": facts}}


def _order_facts(order: Order, now: datetime) -> list[tuple[str, str]]:
    late = (min(now.date(), order.delivered_on or now.date()) - order.due_on).days
    was_due = f"{order.due_on:%-d %b %Y}" + (f" ({late} days late)" if late > 0 else "")
    over = order.charged_minor - order.total.amount_minor
    facts = [
        ("Order", order.number),
        ("State", words.word(words.ORDER_STATES, order.state.value)),
        ("Placed", words.day(order.placed_at)),
        ("Due", was_due if not order.cancelled_on else ""),
        ("Delivered", f"{order.delivered_on:%-d %b %Y}" if order.delivered_on else ""),
        ("Return arrived", f"{order.return_received_on:%-d %b %Y}"
         if order.return_received_on else ""),
        ("Total", words.amount(order.total)),
        ("Overcharged", words.amount(Money(over, order.currency)) if over > 0 else ""),
        ("Refund owed", words.amount(Money(order.refund_due_minor, order.currency))
         if order.refund_due_minor else ""),
        ("Refund paid", words.amount(Money(order.refund_paid_minor, order.currency))
         if order.refund_paid_minor else ""),
    ]  # fmt: skip
    return [(name, value) for name, value in facts if value]


def _earlier(summary: Summary) -> Values:
    found = [
        {
            "number": case.number,
            "title": words.word(words.CATEGORIES, case.category.value),
            "when": words.day(case.opened_at),
            "state": words.word(words.CLOSED_AS, case.outcome)
            or words.word(words.STATUSES, case.status.value),
        }
        for case in sorted(summary.earlier_cases, key=lambda one: one.opened_at, reverse=True)
    ]
    return {"cases": found, "known": summary.customer is not None}


def _timeline(summary: Summary, names: dict[str, str]) -> Values:
    actors = {"customer": "Customer", "bot": "Assistant", "system": "System", **names}
    entries = [
        {"at": one.at, "text": words.entry(one.kind, one.data),
         "actor": actors.get(one.actor, "Staff")}
        for one in reversed(summary.timeline)
    ]  # fmt: skip
    return {"entries": entries}
