"""Plain words for what the rooms call by keys, and times and money as staff read them."""

from datetime import datetime, timedelta

from amends.compensation.words import money
from amends.handoff.model import Contact, Handoff, HandoffState
from amends.handoff.thresholds import Thresholds
from amends.values import Money

CATEGORIES = {
    "not_received": "Not received",
    "damaged_item": "Damaged item",
    "wrong_item": "Wrong item",
    "missing_item": "Missing item",
    "faulty_product": "Faulty product",
    "not_as_described": "Not as described",
    "billing_error": "Billing error",
    "unauthorised_charge": "Unauthorised charge",
    "refund_not_received": "Refund not received",
    "return_problem": "Return problem",
    "cancellation_problem": "Cancellation problem",
    "service_failure": "Service failure",
    "website_app_problem": "Website or app problem",
    "account_access": "Account access",
    "staff_conduct": "Staff conduct",
    "unresponsive_support": "Unresponsive support",
    "price_or_policy": "Price or policy",
    "stock_availability": "Out of stock",
    "facilities": "Shop or facilities",
    "misleading_advertising": "Misleading advertising",
    "privacy_data": "Privacy and data",
    "general_complaint": "General complaint",
}
STATUSES = {
    "open": "Open",
    "offered": "Offer with customer",
    "with_staff": "With staff",
    "resolved": "Resolved",
    "withdrawn": "Withdrawn",
}
NEXT_STEPS = {
    "customer_answers": "The customer answers",
    "customer_decides": "The customer decides on the offer",
    "staff_answers": "We answer",
    "remedy_is_issued": "We carry out what was promised",
    "nothing": "Nothing is owed",
}
FLAGS = {
    "safety": "Somebody's safety",
    "legal": "Legal steps mentioned",
    "regulator": "Regulator or ombudsman mentioned",
    "discrimination": "Discrimination",
    "harassment": "Harassment",
    "self_harm": "Speaks of self-harm",
    "vulnerable_customer": "Vulnerable customer",
    "fraud": "Fraud",
    "violence_threat": "Threat of violence",
    "media": "Press or social media mentioned",
    "human_request": "Asked for a person",
    "privacy": "Personal data",
}
PRIORITIES = {1: "Critical", 2: "High", 3: "Normal", 4: "Low"}
SEVERITIES = {"low": "Low", "medium": "Medium", "high": "High", "critical": "Critical"}
WISHES = {
    "refund": "Money back",
    "replacement": "A replacement",
    "apology": "An apology",
    "explanation": "An explanation",
    "compensation": "Compensation",
    "other": "Something else",
}
ORDER_STATES = {
    "processing": "Being packed",
    "shipped": "On its way",
    "late": "Late",
    "lost": "Lost",
    "delivered": "Delivered",
    "cancelled": "Cancelled",
    "returned": "Returned",
}
STEPS = {
    "offered": "With the customer",
    "accepted": "Accepted, being carried out",
    "declined": "Declined",
    "expired": "Taken back",
    "issued": "Carried out",
    "settled": "Done",
    "failed": "Could not be carried out",
}
PROMISE_STATES = {"open": "Open", "kept": "Kept", "broken": "Broken", "released": "Not needed"}
PROMISES = {"staff_answer": "An answer by a person"}
PARTS = {"entitlement": "owed", "goodwill": "goodwill"}
OUTCOMES = {
    "remedy_granted": "Put right with a remedy",
    "explained": "Explained, customer is satisfied",
    "passed_on": "Passed on to another team",
    "refused": "Nothing owed, reasons given",
    "customer_left": "Customer did not answer any more",
}
CLOSED_AS = OUTCOMES | {"remedy_accepted": "Offer accepted", "withdrawn": "Withdrawn by customer"}
ROLES = {
    "agent": "Agent",
    "supervisor": "Supervisor",
    "trainer": "Trainer",
    "manager": "Manager",
    "admin": "Administrator",
}
_REASONS = {
    "customer_asked": "Asked for a person",
    "engine_down": "The assistant did not answer",
    "engine_cannot_answer": "The assistant could not answer",
    "refused": "A payment could not be carried out",
    "remedy_delayed": "A payment has failed for hours and is tried on",
    "payment_answers_differ": "The refund system contradicts our books",
    "promise_broken": "A promise was broken",
    "policy_person": "The policy asks for a person",
    "second_look": "Asked for a second look",
    "staff_gone": "Taken from somebody who was gone",
    "staff_silent": "Taken from somebody who did not answer",
}
_ENTRIES = {
    "complained": "Complained: {category}",
    "added": "Added to the complaint",
    "second_problem": "Second problem noted: {category}",
    "second_problem_taken": "Second problem taken up",
    "details": "Gave {keys}",
    "progress": "Now: {status}",
    "decided": "Policy decided: {outcome}",
    "offered": "Offer made",
    "declined": "Offer declined",
    "granted": "Granted a remedy ({clauses})",
    "promised": "Promised: {what}",
    "promise_broken": "Promise broken: {what}",
    "remedy_failed": "Could not be carried out: {what}",
    "remedy_delayed": "Still being tried: {what}",
    "payment_answers_differ": "Refund system and books differ: {what}",
    "no_other_kind": "Wished for another kind; the policy has none here",
    "reopened": "Took the acceptance back; the case is open again",
    "unknown_order": "Named an order we do not know",
    "contact": "Wants an answer by {channel}",
    "taken_away": "Chat put back into the queue: {why}",
    "closed": "Case closed: {outcome}",
}
CHANNELS = {"email": "E-mail", "phone": "Phone"}
_TAKEN = {"staff_gone": "was gone from the desk", "staff_silent": "did not answer in time"}
_DECISIONS = {"remedy": "a remedy", "none": "nothing is owed", "person": "a person decides"}


def plain(key: str) -> str:
    """Return a key that nobody has worded yet as words."""
    return key.replace("_", " ").replace("-", " ").capitalize()


def word(table: dict[str, str], key: str | None) -> str:
    return "" if key is None else table.get(key) or plain(key)


def reason(key: str, thresholds: Thresholds) -> str:
    row = thresholds.row(key)
    return row.title if row else word(_REASONS, key)


def entry(kind: str, data: dict[str, object]) -> str:
    """Return one line of the timeline."""
    keys = ", ".join(plain(key).lower() for key in data)
    outcome = str(data.get("outcome", ""))
    values = {
        "category": word(CATEGORIES, str(data.get("category", "general_complaint"))).lower(),
        "keys": keys,
        "status": word(STATUSES, str(data.get("status", ""))).lower(),
        "outcome": _DECISIONS.get(outcome) or word(CLOSED_AS, outcome).lower(),
        "clauses": ", ".join(map(str, _listed(data.get("clauses")))),
        "what": word(PROMISES, str(data.get("what", ""))).lower(),
        "channel": word(CHANNELS, str(data.get("channel", ""))).lower(),
        "why": "its person " + word(_TAKEN, str(data.get("why", ""))),
    }
    return _ENTRIES.get(kind, plain(kind)).format(**values)


def contact(wish: Contact) -> str:
    """Return how the customer wants to be answered, and where."""
    return f"{word(CHANNELS, wish.channel.value)}: {wish.address or 'not given yet'}"


def taken_away(handoff: Handoff, name: str) -> str:
    """Return why a waiting chat was put back into the queue; empty when it was not."""
    why = next((key for key in reversed(handoff.reasons) if key in _TAKEN), None)
    if handoff.taken_from is None or handoff.state is not HandoffState.WAITING or why is None:
        return ""
    return f"Back in the queue: {name} {_TAKEN[why]}. Claim it to answer."


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def minutes(count: int) -> str:
    """Return "now", "7 min", "2 h 5 min", "3 d"."""
    if count < 1:
        return "now"
    if count < 60:
        return f"{count} min"
    if count < 24 * 60:
        hours, rest = divmod(count, 60)
        return f"{hours} h {rest} min" if rest and hours < 6 else f"{hours} h"
    return f"{count // (24 * 60)} d"


def due(minutes_left: int) -> str:
    if minutes_left < 0:
        return f"Overdue by {minutes(-minutes_left)}"
    return f"Due in {minutes(minutes_left)}" if minutes_left else "Due now"


def due_at(when: datetime, now: datetime) -> str:
    """Return when something is due, near in minutes, far as a date."""
    left = when - now
    if abs(left) < timedelta(hours=24):
        return due(int(left.total_seconds() // 60))
    return f"{'Overdue since' if left < timedelta(0) else 'Due'} {day(when)}"


def day(when: datetime) -> str:
    return f"{when.day} {when:%b %Y}"


def amount(value: Money | None) -> str:
    return money(value) if value else ""
