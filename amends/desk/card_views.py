"""What each section of the summary card shows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from amends.cases.details import NO_ORDER
from amends.cases.model import Case, Order, Promise
from amends.desk import entry_words, promise_views, sparkline, views, words
from amends.desk.actions import Opened
from amends.desk.speech import tr, trn
from amends.handoff.model import StaffMember
from amends.handoff.queue import Summary
from amends.values import Money

Values = dict[str, Any]


def sections(opened: Opened, reader: StaffMember, now: datetime) -> dict[str, Values]:
    """Return the values of each template by its name, as this person may see and use it."""
    summary = opened.summary
    pledges = promise_views.pledges(summary.case, summary.promises, summary.offers, reader, now)
    moods = [found.sentiment for _, found in summary.moods]
    return {
        "case": _case(summary, opened.names),
        "mood": {
            "mood": sparkline.mood(moods), "width": sparkline.WIDTH, "height": sparkline.HEIGHT,
            "outlook": outlook(opened.outlook),
        },
        "order": _order(summary, now),
        "offers": {"offers": views.offers(summary, opened.names)},
        "promises": {"promises": pledges, "chat": summary.handoff.id},
        "earlier": _earlier(summary),
        "timeline": _timeline(summary, opened.names),
    }  # fmt: skip


def _case(summary: Summary, names: dict[str, str]) -> Values:
    case, customer, handoff = summary.case, summary.customer, summary.handoff
    facts = [(tr("Customer"), _customer(summary))]
    if handoff.contact:
        facts.append((tr("Answer by"), words.contact(handoff.contact)))
    taken = words.taken_away(handoff, names.get(handoff.taken_from or "", tr("Somebody")))
    flags = {flag for _, found in summary.moods for flag in found.flags}
    if customer:
        facts.append((tr("Membership"), tr(words.plain(customer.tier))))
    if case is None:
        return {"case": None, "facts": facts, "flags": _flags(flags), "what_happened": "",
                "wish": "", "status": "", "taken": taken}  # fmt: skip
    return {
        "case": {"number": case.number, "status": case.status.value,
                 "repeat": case.repeat_complaint},
        "status": words.word(words.STATUSES, case.status.value),
        "facts": [*_case_facts(case, names, summary.promises), *facts],
        "taken": taken,
        "flags": _flags(flags | case.flags),
        "what_happened": case.what_happened or "",
        "wish": case.wish_text or words.word(words.WISHES, case.wish.value if case.wish else None),
    }  # fmt: skip


def outlook(course: Sequence[float]) -> str:
    """Return how satisfied the customer would be now, and was at first, as predicted."""
    if not course:
        return ""
    first, last = f"{course[0]:.1f}", f"{course[-1]:.1f}"
    if len(course) == 1:
        return tr("Satisfaction as predicted: {now} of 5", now=last)
    return tr("Satisfaction as predicted: {now} of 5, at first {first}", now=last, first=first)


def _customer(summary: Summary) -> str:
    if summary.customer is None:
        return tr("Guest")
    name, country = summary.customer.name, summary.customer.country
    if summary.conversation.customer_id:
        return tr("{name}, {country}", name=name, country=country)
    return tr("{name}, {country} (by the order, not signed in)", name=name, country=country)


def _case_facts(
    case: Case, names: dict[str, str], promises: Sequence[Promise]
) -> list[tuple[str, str]]:
    also = ", ".join(words.word(words.CATEGORIES, one.value) for one in case.secondary)
    owner = tr("Assistant") if case.owner == "bot" else names.get(case.owner, tr("Staff"))
    facts = [
        (tr("About"), words.word(words.CATEGORIES, case.category.value)),
        (tr("Also"), also),
        (tr("Item"), case.item or ""),
        (tr("Severity"), words.word(words.SEVERITIES, case.severity)),
        (tr("Owner"), owner),
        (tr("Next step"), words.next_step(case, promises)),
        (tr("Outcome"), words.word(words.CLOSED_AS, case.outcome)),
    ]
    return [(name, value) for name, value in facts if value]


def _flags(flags: set[str] | frozenset[str]) -> list[str]:
    return [words.word(words.FLAGS, flag) for flag in sorted(flags)]


def _order(summary: Summary, now: datetime) -> Values:
    order, case = summary.order, summary.case
    if order is None:
        named = case.order_number if case else None
        if named and named != NO_ORDER:
            return {
                "order": None,
                "missing": tr("Order {number} is not in the order system.", number=named),
            }
        return {"order": None, "missing": tr("No order was named.")}
    lines = [
        (f"{line.quantity} × {line.title}" if line.quantity > 1 else line.title,
         words.amount(Money(line.quantity * line.unit_price_minor, order.currency)))
        for line in order.lines
    ]  # fmt: skip
    if order.shipping_paid_minor:
        lines.append(
            (tr("Delivery"), words.amount(Money(order.shipping_paid_minor, order.currency)))
        )
    facts = _order_facts(order, now)
    return {"missing": "", "order": {"number": order.number, "lines": lines, "facts": facts}}


def _order_facts(order: Order, now: datetime) -> list[tuple[str, str]]:
    late = (min(now.date(), order.delivered_on or now.date()) - order.due_on).days
    was_due = words.day(order.due_on)
    if late > 0:
        was_due = trn("{day} ({count} day late)", "{day} ({count} days late)", late, day=was_due)
    over = order.charged_minor - order.total.amount_minor
    facts = [
        (tr("Order"), order.number),
        (tr("State"), words.word(words.ORDER_STATES, order.state.value)),
        (tr("Placed"), words.day(order.placed_at)),
        (tr("Due"), was_due if not order.cancelled_on else ""),
        (tr("Delivered"), words.day(order.delivered_on) if order.delivered_on else ""),
        (tr("Return arrived"), words.day(order.return_received_on)
         if order.return_received_on else ""),
        (tr("Total"), words.amount(order.total)),
        (tr("Overcharged"), words.amount(Money(over, order.currency)) if over > 0 else ""),
        (tr("Refund owed"), words.amount(Money(order.refund_due_minor, order.currency))
         if order.refund_due_minor else ""),
        (tr("Refund paid"), words.amount(Money(order.refund_paid_minor, order.currency))
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
    actors = {
        "customer": tr("Customer"), "bot": tr("Assistant"), "system": tr("System"), **names,
    }  # fmt: skip
    texts = {note.id: note.text for note in summary.notes}
    entries = [
        {
            "at": one.at,
            "text": entry_words.entry(one.kind, one.data, names),
            "actor": actors.get(one.actor, tr("Staff")),
            "note": texts.get(one.data.get("note_id", 0), ""),
        }
        for one in reversed(summary.timeline)
    ]
    return {"entries": entries}
