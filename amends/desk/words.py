"""Plain words for what the rooms call by keys, and times and money as staff read them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from babel.dates import format_date
from babel.lists import format_list

from amends.cases.categories import ADDED, by_key
from amends.cases.model import Case, NextStep, Promise, PromiseState
from amends.compensation.clauses import EXCEPTION
from amends.compensation.words import money
from amends.desk import sparkline
from amends.desk.speech import mark, spoken, tr
from amends.handoff.model import Contact, Handoff, HandoffState
from amends.handoff.thresholds import Thresholds
from amends.values import Money

CATEGORIES = {
    "not_received": mark("Not received"),
    "damaged_item": mark("Damaged item"),
    "wrong_item": mark("Wrong item"),
    "missing_item": mark("Missing item"),
    "faulty_product": mark("Faulty product"),
    "not_as_described": mark("Not as described"),
    "billing_error": mark("Billing error"),
    "unauthorised_charge": mark("Unauthorised charge"),
    "refund_not_received": mark("Refund not received"),
    "return_problem": mark("Return problem"),
    "cancellation_problem": mark("Cancellation problem"),
    "service_failure": mark("Service failure"),
    "website_app_problem": mark("Website or app problem"),
    "account_access": mark("Account access"),
    "staff_conduct": mark("Staff conduct"),
    "unresponsive_support": mark("Unresponsive support"),
    "price_or_policy": mark("Price or policy"),
    "stock_availability": mark("Out of stock"),
    "facilities": mark("Shop or facilities"),
    "misleading_advertising": mark("Misleading advertising"),
    "privacy_data": mark("Privacy and data"),
    "general_complaint": mark("General complaint"),
} | {key: name["en"] for key, name in by_key(ADDED, "name").items()}
STATUSES = {
    "open": mark("Open"),
    "offered": mark("Offer with customer"),
    "with_staff": mark("With staff"),
    "resolved": mark("Resolved"),
    "withdrawn": mark("Withdrawn"),
}
DETAILS = {
    "order_number": mark("Order number"),
    "item": mark("Item"),
    "what_happened": mark("What happened"),
    "wish": mark("Wish"),
}
CAPS = {
    "maximum": mark("The most by the clause: {amount}"),
    "per_case": mark("The most per case: {amount}"),
    "per_customer": mark("The most per customer: {amount}"),
    "per_day": mark("What is left of the day: {amount}"),
    "authority": mark("The most by authority: {amount}"),
}
NEXT_STEPS = {
    "customer_answers": mark("The customer answers"),
    "customer_decides": mark("The customer decides on the offer"),
    "staff_answers": mark("We answer"),
    "remedy_is_issued": mark("We carry out what was promised"),
    "nothing": mark("Nothing is owed"),
}
FLAGS = {
    "safety": mark("Somebody's safety"),
    "legal": mark("Legal steps mentioned"),
    "regulator": mark("Regulator or ombudsman mentioned"),
    "discrimination": mark("Discrimination"),
    "harassment": mark("Harassment"),
    "self_harm": mark("Speaks of self-harm"),
    "vulnerable_customer": mark("Vulnerable customer"),
    "fraud": mark("Fraud"),
    "violence_threat": mark("Threat of violence"),
    "media": mark("Press or social media mentioned"),
    "human_request": mark("Asked for a person"),
    "privacy": mark("Personal data"),
}
PRIORITIES = {1: mark("Critical"), 2: mark("High"), 3: mark("Normal"), 4: mark("Low")}
SEVERITIES = {
    "low": mark("Low"),
    "medium": mark("Medium"),
    "high": mark("High"),
    "critical": mark("Critical"),
}
WISHES = {
    "refund": mark("Money back"),
    "replacement": mark("A replacement"),
    "apology": mark("An apology"),
    "explanation": mark("An explanation"),
    "compensation": mark("Compensation"),
    "other": mark("Something else"),
}
ORDER_STATES = {
    "processing": mark("Being packed"),
    "shipped": mark("On its way"),
    "late": mark("Late"),
    "lost": mark("Lost"),
    "delivered": mark("Delivered"),
    "cancelled": mark("Cancelled"),
    "returned": mark("Returned"),
}
STEPS = {
    "offered": mark("With the customer"),
    "accepted": mark("Accepted, being carried out"),
    "declined": mark("Declined"),
    "expired": mark("Taken back"),
    "issued": mark("Carried out"),
    "settled": mark("Done"),
    "failed": mark("Could not be carried out"),
}
PROMISE_STATES = {
    "open": mark("Open"),
    "kept": mark("Kept"),
    "broken": mark("Broken"),
    "moved": mark("Broken, new date given"),
    "released": mark("Not needed"),
}
PROMISES = {"staff_answer": mark("An answer by a person")}
PARTS = {"entitlement": mark("owed"), "goodwill": mark("goodwill")}
OUTCOMES = {
    "remedy_granted": mark("Put right with a remedy"),
    "explained": mark("Explained, customer is satisfied"),
    "passed_on": mark("Passed on to another team"),
    "refused": mark("Nothing owed, reasons given"),
    "customer_left": mark("Customer did not answer any more"),
}
CLOSED_AS = OUTCOMES | {
    "remedy_accepted": mark("Offer accepted"),
    "withdrawn": mark("Withdrawn by customer"),
}
ROLES = {
    "agent": mark("Agent"),
    "supervisor": mark("Supervisor"),
    "trainer": mark("Trainer"),
    "manager": mark("Manager"),
    "admin": mark("Administrator"),
}
_REASONS = {
    "customer_asked": mark("Asked for a person"),
    "engine_down": mark("The assistant did not answer"),
    "engine_cannot_answer": mark("The assistant could not answer"),
    "refused": mark("A payment could not be carried out"),
    "remedy_delayed": mark("A payment has failed for hours and is tried on"),
    "payment_answers_differ": mark("The refund system contradicts our books"),
    "promise_broken": mark("A promise was broken"),
    "not_solved": mark("Said after closing that it is not solved"),
    "policy_person": mark("The policy asks for a person"),
    "second_look": mark("Asked for a second look"),
    "staff_gone": mark("Taken from somebody who was gone"),
    "staff_silent": mark("Taken from somebody who did not answer"),
    "passed_not_taken": mark("Passed on, and taken by nobody"),
    "taken_back": mark("Taken back from the assistant"),
}
CHANNELS = {"email": mark("E-mail"), "phone": mark("Phone")}
MOODS = {"neg": mark("negative"), "neu": mark("neutral"), "pos": mark("positive")}
LANGUAGES = {"en": mark("English"), "zh": mark("Chinese")}
"""In which customers write and are answered: a name for each of `amends.values.LANGUAGES`."""

_TAKEN = {
    "staff_gone": mark("Back in the queue: {name} was gone from the desk. Claim it to answer."),
    "staff_silent": mark("Back in the queue: {name} did not answer in time. Claim it to answer."),
    "passed_not_taken": mark(
        "Back in the queue: {name} passed it on, and nobody took it in time. Claim it to answer."
    ),
}
_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}


def plain(key: str) -> str:
    """Return a key that nobody has worded yet as words."""
    return key.replace("_", " ").replace("-", " ").capitalize()


def word(table: dict[str, str], key: str | None) -> str:
    """Return the word for a key in the reader's language."""
    if key is None:
        return ""
    known = table.get(key)
    return tr(known) if known else plain(key)


def cap(key: str, limit: Money | None) -> str:
    """Return which bound was reached, and where it lies."""
    if limit is None:
        return tr("Not within this authority")
    said = CAPS.get(key.partition(".")[0], mark("Bound: {amount}"))
    return tr(said, amount=amount(limit))


def clauses(ids: Iterable[object]) -> str:
    """Return the clauses that something rests on; an exception rests on none."""
    return ", ".join(tr("exception") if one == EXCEPTION else str(one) for one in ids)


def reason(key: str, thresholds: Thresholds) -> str:
    row = thresholds.row(key)
    return tr(row.title) if row else word(_REASONS, key)


def mood(sentiment: float) -> str:
    return word(MOODS, sparkline.label(sentiment))


def language(code: str) -> str:
    return word(LANGUAGES, code)


def languages() -> list[tuple[str, str]]:
    """Return the code and the name of each language, for a choice."""
    return [(code, tr(name)) for code, name in LANGUAGES.items()]


def contact(wish: Contact) -> str:
    """Return how the customer wants to be answered, and where."""
    channel = word(CHANNELS, wish.channel.value)
    if wish.address is None:
        return tr("{channel}: not given yet", channel=channel)
    return f"{channel}: {wish.address}"


def taken_away(handoff: Handoff, name: str) -> str:
    """Return why a waiting chat was put back into the queue; empty when it was not."""
    why = next((key for key in reversed(handoff.reasons) if key in _TAKEN), None)
    if handoff.taken_from is None or handoff.state is not HandoffState.WAITING or why is None:
        return ""
    return tr(_TAKEN[why], name=name)


def listing(words: list[str]) -> str:
    """Return "a, b, c"."""
    return format_list(words, style="unit", locale=locale()) if words else ""


def both(words: Sequence[str]) -> str:
    """Return "a refund", "a refund and a voucher", as the reader's language joins them."""
    return format_list(list(words), locale=locale()) if words else ""


def minutes(count: int) -> str:
    """Return "now", "7 min", "2 h 5 min", "3 d"."""
    if count < 1:
        return tr("now")
    if count < 60:
        return tr("{count} min", count=count)
    if count < 24 * 60:
        hours, rest = divmod(count, 60)
        if rest and hours < 6:
            return tr("{hours} h {minutes} min", hours=hours, minutes=rest)
        return tr("{hours} h", hours=hours)
    return tr("{days} d", days=count // (24 * 60))


def due(minutes_left: int) -> str:
    if minutes_left < 0:
        return tr("Overdue by {time}", time=minutes(-minutes_left))
    return tr("Due in {time}", time=minutes(minutes_left)) if minutes_left else tr("Due now")


def due_at(when: datetime, now: datetime) -> str:
    """Return when something is due, near in minutes, far as a date."""
    left = when - now
    if abs(left) < timedelta(hours=24):
        return due(int(left.total_seconds() // 60))
    if left < timedelta(0):
        return tr("Overdue since {day}", day=day(when))
    return tr("Due {day}", day=day(when))


def next_step(case: Case, promises: Iterable[Promise]) -> str:
    """Return who owes what next; once all is carried out, that."""
    due = any(one.remedy_id and one.state is PromiseState.OPEN for one in promises)
    if case.next_step == NextStep.REMEDY_IS_ISSUED and not due:
        return tr("Everything was carried out")
    return word(NEXT_STEPS, case.next_step)


def day(when: date) -> str:
    """Return a day as the reader writes it, such as 1 Mar 2026."""
    return format_date(when, "medium", locale=locale())


def locale() -> str:
    """Return the reader's locale for dates and lists."""
    return _LOCALES.get(spoken(), _LOCALES["en"])


def amount(value: Money | None) -> str:
    return money(value, spoken()) if value else ""
