"""A case as JSON, complete and in a stable form: `docs/schemas/case-v1.json` describes it."""

from datetime import datetime

from amends.cases.deadlines import Standing, standing
from amends.cases.model import Customer, Order
from amends.compensation.model import Offer, Remedy
from amends.compensation.words import money
from amends.handoff.model import Handoff
from amends.records.record import Record
from amends.records.timeline import timeline
from amends.values import Json, Money

VERSION = 1
"""Within a version fields are added, never changed or taken away."""

EXPORTED = "exported"
"""Kind of the entry of a case that says who took its personal data."""


def case_to_json(record: Record, now: datetime, *, personal: bool) -> Json:
    """Return all that is known of a case.

    Args:
        record: the case; masked already where nothing personal is to go out.
        now: the present moment.
        personal: whether it holds personal data, which the file says of itself.
    """
    return {
        "version": VERSION,
        "exported_at": now.isoformat(),
        "personal_data": personal,
        "case": _case(record, now),
        "conversation": {
            "id": record.conversation.id,
            "language": record.conversation.language,
            "started_at": record.conversation.created_at.isoformat(),
        },
        "people": [_person(one) for one in record.people],
        "order": _order(record.order) if record.order else None,
        "offers": [_offer(record, one) for one in record.offers],
        "promises": [
            {
                "id": one.id,
                "what": one.what,
                "remedy_id": one.remedy_id,
                "made_at": one.made_at.isoformat(),
                "made_by": one.made_by,
                "due_at": one.due_at.isoformat(),
                "state": one.state.value,
                "ended_at": _when(one.ended_at),
                "replaces": one.replaces,
            }
            for one in record.promises
        ],
        "decisions": [
            {
                "id": one.id,
                "at": one.at.isoformat(),
                "policy": one.policy,
                "version": one.version,
                "role": one.role,
                "rung": one.rung,
                "outcome": one.outcome,
                "facts": one.facts,
                "decision": one.decision,
            }
            for one in record.decisions
        ],
        "handoffs": [_handoff(one) for one in record.handoffs],
        "staff": dict(record.names),
        "timeline": [
            {
                "at": one.at.isoformat(),
                "kind": one.kind.value,
                "event": one.event,
                "actor": one.actor,
                "data": one.data,
            }
            for one in timeline(record)
        ],
    }


def amount_to_json(amount: Money | None) -> Json | None:
    """Return an amount in minor units, with its currency, and as people read it."""
    if amount is None:
        return None
    return {
        "amount_minor": amount.amount_minor,
        "currency": amount.currency,
        "text": money(amount),
    }


def _case(record: Record, now: datetime) -> Json:
    case = record.case
    return {
        "number": case.number,
        "id": case.id,
        "status": case.status.value,
        "category": case.category.value,
        "secondary": [one.value for one in case.secondary],
        "severity": case.severity,
        "flags": sorted(case.flags),
        "root_cause": case.root_cause.value if case.root_cause else None,
        "owner": case.owner,
        "next_step": case.next_step,
        "customer_id": case.customer_id,
        "order_number": case.order_number,
        "item": case.item,
        "what_happened": case.what_happened,
        "wish": case.wish.value if case.wish else None,
        "wish_text": case.wish_text,
        "repeat_complaint": case.repeat_complaint,
        "opened_at": case.opened_at.isoformat(),
        "resolution_due_at": _when(case.resolution_due_at),
        "overdue": standing(case, now) is Standing.OVERDUE,
        "closed_at": _when(case.closed_at),
        "outcome": case.outcome,
    }


def _person(person: Customer) -> Json:
    return {
        "id": person.id or None,
        "name": person.name,
        "email": person.email,
        "tier": person.tier,
        "country": person.country,
        "language": person.language,
    }


def _order(order: Order) -> Json:
    return {
        "number": order.number,
        "state": order.state.value,
        "placed_at": order.placed_at.isoformat(),
        "due_on": order.due_on.isoformat(),
        "delivered_on": order.delivered_on.isoformat() if order.delivered_on else None,
        "total": amount_to_json(order.total),
        "lines": [
            {
                "sku": line.sku,
                "title": line.title,
                "quantity": line.quantity,
                "unit_price": amount_to_json(Money(line.unit_price_minor, order.currency)),
            }
            for line in order.lines
        ],
    }


def _offer(record: Record, offer: Offer) -> Json:
    return {
        "id": offer.id,
        "decision_id": offer.decision_id,
        "made_at": offer.made_at.isoformat(),
        "made_by": offer.made_by,
        "expires_at": offer.expires_at.isoformat(),
        "remedies": [_remedy(record, one) for one in offer.remedies],
    }


def _remedy(record: Record, remedy: Remedy) -> Json:
    """Return a remedy without a voucher's code, which is as good as money."""
    return {
        "id": remedy.id,
        "alternative": remedy.alternative,
        "kind": remedy.kind,
        "recovery": remedy.recovery,
        "part": remedy.part,
        "title": remedy.title,
        "amount": amount_to_json(remedy.amount),
        "clauses": list(remedy.clauses),
        "state": remedy.state.value,
        "steps": [
            {"step": one.step.value, "at": one.at.isoformat(), "actor": one.actor}
            for one in record.steps
            if one.remedy_id == remedy.id
        ],
    }


def _handoff(one: Handoff) -> Json:
    return {
        "id": one.id,
        "state": one.state.value,
        "priority": one.priority,
        "reasons": list(one.reasons),
        "requested_at": one.requested_at.isoformat(),
        "answer_due_at": one.answer_due_at.isoformat(),
        "claimed_by": one.claimed_by,
        "claimed_at": _when(one.claimed_at),
        "first_answer_at": _when(one.first_answer_at),
        "ended_at": _when(one.ended_at),
        "outcome": one.outcome,
        "contact_channel": one.contact.channel.value if one.contact else None,
        "contact_address": one.contact.address if one.contact else None,
    }


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
