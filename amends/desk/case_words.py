"""What happened in a case and how it stands, in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from babel.dates import format_date, format_datetime

from amends.cases.errors import CaseClosed, CauseStays, DeadlineHasPassed, OwnerNotActive
from amends.cases.fields import FIELD_CHANGED
from amends.cases.promising import MOVED_ENTRY
from amends.cases.search import Sort
from amends.compensation.words import money
from amends.desk import entry_words, survey_words, words
from amends.desk.speech import mark, spoken, tr
from amends.handoff import marks
from amends.records.export import EXPORTED
from amends.records.timeline import Item, Kind
from amends.values import Money

ROOT_CAUSES = {
    "carrier_delay": mark("Carrier was late"),
    "lost_in_transit": mark("Lost in transit"),
    "packaging": mark("Packaging"),
    "picking_error": mark("Picking error"),
    "supplier_quality": mark("Supplier's quality"),
    "product_information": mark("Product information"),
    "payment_system": mark("Payment system"),
    "website_fault": mark("Fault of the website"),
    "staff_error": mark("Staff error"),
    "policy_unclear": mark("Policy unclear"),
    "capacity": mark("Too few people or goods"),
    "customer_misunderstanding": mark("Customer's misunderstanding"),
    "unknown": mark("Could not be found"),
}
STANDINGS = {
    "soon": mark("Due soon"),
    "overdue": mark("Overdue"),
}
SORTS = {
    Sort.DEADLINE: mark("Deadline, overdue first"),
    Sort.NEWEST: mark("Newest first"),
    Sort.OLDEST: mark("Oldest first"),
}
KINDS = {
    Kind.MESSAGE: mark("Messages"),
    Kind.CASE: mark("Case"),
    Kind.DECISION: mark("Decisions"),
    Kind.OFFER: mark("Offers"),
    Kind.REMEDY: mark("Remedies"),
    Kind.PROMISE: mark("Promises"),
    Kind.HANDOFF: mark("Handoffs"),
    Kind.NOTE: mark("Notes"),
    Kind.RATING: mark("Ratings"),
}
KIND_TAGS = {
    Kind.MESSAGE: mark("Message"),
    Kind.CASE: mark("Case"),
    Kind.DECISION: mark("Decision"),
    Kind.OFFER: mark("Offer"),
    Kind.REMEDY: mark("Remedy"),
    Kind.PROMISE: mark("Promise"),
    Kind.HANDOFF: mark("Handoff"),
    Kind.NOTE: mark("Note"),
    Kind.RATING: mark("Rating"),
}

_FIELDS = {
    "category": mark("Category changed from {before} to {after}"),
    "root_cause": mark("Root cause changed from {before} to {after}"),
    "owner": mark("Owner changed from {before} to {after}"),
    "deadline": mark("Deadline changed from {before} to {after}"),
    marks.FIELD: mark("Whether a person was needed, changed from {before} to {after}"),
}
_NEEDED = {marks.YES: mark("yes"), marks.NO: mark("no")}
_REMEDY_EVENTS = {
    "accepted": mark("Accepted: {what}"),
    "declined": mark("Declined: {what}"),
    "expired": mark("Taken back: {what}"),
    "issued": mark("Carried out: {what}"),
    "settled": mark("Arrived: {what}"),
    "failed": mark("Could not be carried out: {what}"),
}
_PROMISE_EVENTS = {
    "promised": mark("Promised: {what}, due {due}"),
    "promise_kept": mark("Promise kept: {what}"),
    "promise_broken": mark("Promise broken: {what}, it was due {due}"),
    "promise_released": mark("Promise not needed any more: {what}"),
}
_HANDOFF_EVENTS = {
    "requested": mark("Waits for a person: {reasons}"),
    "claimed": mark("Took the chat"),
    "answered": mark("Gave the first answer"),
    "ended": mark("The chat with a person ended"),
}
_DECISIONS = {
    "remedy": mark("The policy gives a remedy ({clauses})"),
    "none": mark("The policy gives nothing ({clauses})"),
    "person": mark("The policy asks for a person ({clauses})"),
}
_ACTORS = {
    "customer": mark("Customer"),
    "bot": mark("Assistant"),
    "system": mark("System"),
    "staff": mark("Staff"),
}


class Teller:
    """Words items for one reader, in their zone."""

    def __init__(
        self, names: Mapping[str, str], zone: tzinfo, reason: Callable[[str], str]
    ) -> None:
        """Keep the names of all staff by id, and how a reason of a handoff is worded."""
        self._names, self._zone, self._reason = names, zone, reason

    def actor(self, item: Item) -> str:
        author = item.data.get("author") if item.kind is Kind.MESSAGE else None
        return str(author) if author and item.actor == "staff" else self.person(item.actor)

    def person(self, key: str) -> str:
        known = _ACTORS.get(key)
        return tr(known) if known else self._names.get(key) or tr("Staff")

    def sentence(self, item: Item) -> str:
        """Return what happened, in one sentence; a message or a note speaks for itself."""
        data = item.data
        match item.kind:
            case Kind.MESSAGE | Kind.NOTE:
                return str(data["text"])
            case Kind.CASE:
                return self._case(item.event, data)
            case Kind.DECISION:
                return tr(
                    _DECISIONS[data["outcome"]], clauses=words.clauses(data["clauses"]) or "–"
                )
            case Kind.OFFER:
                return tr("Offered: {what}", what=_choices(data["alternatives"]))
            case Kind.REMEDY:
                return tr(_REMEDY_EVENTS[item.event], what=remedy_title(data))
            case Kind.PROMISE:
                return self._promise(item.event, data)
            case Kind.HANDOFF:
                reasons = ", ".join(self._reason(key) for key in data.get("reasons", ()))
                return tr(_HANDOFF_EVENTS[item.event], reasons=reasons)
            case Kind.RATING:
                return _rating(item)

    def when(self, moment: datetime) -> str:
        return moment_words(moment, self._zone)

    def _case(self, event: str, data: Mapping[str, Any]) -> str:
        if event == FIELD_CHANGED:
            return self._field(data)
        if event == EXPORTED:
            return tr("Exported with personal data")
        return entry_words.entry(event, dict(data), self._names)

    def _field(self, data: Mapping[str, Any]) -> str:
        field = str(data["field"])
        before, after = (self._field_value(field, data[key]) for key in ("before", "after"))
        return tr(_FIELDS[field], before=before, after=after)

    def _field_value(self, field: str, value: str | None) -> str:
        if value is None:
            return tr("not set")
        if field == "deadline":
            return self.when(datetime.fromisoformat(value))
        if field == "owner":
            return self.person(value)
        if field == marks.FIELD:
            return words.word(_NEEDED, value)
        return words.word(words.CATEGORIES if field == "category" else ROOT_CAUSES, value)

    def _promise(self, event: str, data: Mapping[str, Any]) -> str:
        if event == MOVED_ENTRY:
            moments = {"was_due": data["was_due_at"], "due": data["due_at"]}
            dates = {key: self.when(datetime.fromisoformat(at)) for key, at in moments.items()}
            return entry_words.new_date(data, dates)
        remedy = data["remedy"]
        what = remedy_title(remedy) if remedy else words.word(words.PROMISES, data["what"])
        due = self.when(datetime.fromisoformat(data["due_at"]))
        return tr(_PROMISE_EVENTS[event], what=what, due=due)


def refusal(error: Exception) -> str:
    """Return why a field was not set, in the reader's language."""
    match error:
        case CaseClosed():
            return tr(
                "Case {number} is closed; only its root cause can still be set.",
                number=error.number,
            )
        case CauseStays():
            return tr(
                "Case {number} is closed: choose another root cause, or keep this one.",
                number=error.number,
            )
        case OwnerNotActive():
            return tr(
                "{name} does not work at the desk any more; choose somebody else.",
                name=error.name,
            )
        case DeadlineHasPassed():
            return tr("This deadline has passed already; choose a later one.")
        case _:
            return str(error)


def locale_of_reader() -> str:
    return {"zh": "zh_Hans_CN"}.get(spoken(), "en_GB")


def moment_words(moment: datetime, zone: tzinfo) -> str:
    """Return "4 Mar 2026, 14:05" as the reader's clock shows it."""
    pattern = "y年M月d日 HH:mm" if spoken() == "zh" else "d MMM y, HH:mm"
    return format_datetime(moment.astimezone(zone), pattern, locale=locale_of_reader())


def day_words(moment: datetime, zone: tzinfo) -> str:
    return format_date(moment.astimezone(zone), "full", locale=locale_of_reader())


def clock_words(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"


def remedy_title(remedy: Mapping[str, Any]) -> str:
    """Return a remedy with its amount, as "Voucher, £5.00"."""
    titles: Mapping[str, str] = remedy["title"]
    title = titles.get(spoken()) or titles.get("en") or words.plain(str(remedy["kind"]))
    if not remedy["amount_minor"]:
        return title
    amount = money(Money(remedy["amount_minor"], remedy["currency"]), spoken())
    return tr("{title}, {amount}", title=title, amount=amount)


def _choices(alternatives: list[list[Mapping[str, Any]]]) -> str:
    bundles = [" + ".join(remedy_title(one) for one in bundle) for bundle in alternatives]
    return tr(" or ").join(bundles)


def _rating(item: Item) -> str:
    if item.event == "survey":
        return survey_words.rated(item.data)
    satisfaction = f"{item.data['satisfaction']:.1f}"
    return tr("Predicted satisfaction: {score} of 5", score=satisfaction)
