"""Figures in words: numbers, durations and money as the reader's language writes them."""

from datetime import datetime, tzinfo

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from amends.desk import words
from amends.desk.speech import mark, spoken, tr
from amends.insights.statistics.intervals import Estimate
from amends.values import Money

RESULTS = {
    "no_case": mark("No complaint"),
    "open": mark("Still open"),
    "remedy_accepted": mark("Offer accepted"),
    "refusal_accepted": mark("Reasons accepted, nothing given"),
    "resolved_by_staff": mark("Resolved by a person"),
    "withdrawn": mark("Withdrawn by customer"),
}
ANSWER_MARKS = {
    "in_time": mark("Within 30 minutes"),
    "late": mark("Within 3 hours"),
    "too_late": mark("After 3 hours, or not at all"),
    "not_yet": mark("Still waiting"),
    "never": mark("Left, or helped otherwise, in time"),
}
REMEDIES = {
    "refund_full": mark("Full refund"),
    "refund_part": mark("Partial refund"),
    "refund_partial": mark("Partial refund"),
    "refund": mark("Refund"),
    "voucher": mark("Voucher"),
    "replacement": mark("Replacement"),
    "discount": mark("Discount"),
    "apology_letter": mark("Letter of apology"),
    "gift": mark("Gift"),
    "repair": mark("Repair"),
}
CSAT_REASONS = {
    "outcome": mark("The outcome"),
    "speed": mark("The speed"),
    "understood": mark("Being understood"),
    "friendliness": mark("The friendliness"),
    "promise_kept": mark("A promise that was kept or not"),
    "had_to_repeat": mark("Having to repeat oneself"),
    "reached_a_person": mark("Reaching a person"),
    "other": mark("Something else"),
}
DIMENSIONS = {
    "reliability": mark("Reliability"),
    "responsiveness": mark("Responsiveness"),
    "assurance": mark("Assurance"),
    "empathy": mark("Empathy"),
    "tangibles": mark("Clear and tidy"),
}
JUSTICES = {
    "outcome": mark("Outcome"),
    "process": mark("Process"),
    "treatment": mark("Treatment"),
}
GRADES = {
    "very_dissatisfied": mark("Very dissatisfied"),
    "dissatisfied": mark("Dissatisfied"),
    "neutral": mark("Neutral"),
    "satisfied": mark("Satisfied"),
    "very_satisfied": mark("Very satisfied"),
}
CRITERIA = {
    "acknowledged": mark("Case number in the first answer"),
    "right_apology": mark("Apology for the very thing"),
    "next_step": mark("Next step said, with a time"),
    "asked_once": mark("Nothing asked twice"),
    "own_language": mark("Answered in the customer's language"),
    "person_when_asked": mark("A person answered who was asked for"),
    "apology_with_offer": mark("No offer without an apology"),
    "customers_say": mark("Not closed over the customer's head"),
}
COLUMNS = {
    "category": mark("Category"),
    "warehouse": mark("Warehouse"),
    "carrier": mark("Carrier"),
    "product": mark("Product"),
}
YES_NO = {"yes": mark("Yes"), "no": mark("No")}


def number(value: float, digits: int = 0) -> str:
    """Return a number with thousands apart and so many decimals."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=words.locale())


def signed(value: float, digits: int = 1) -> str:
    """Return a number with its sign, also where that is a plus."""
    rounded = round(value, digits)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + number(abs(rounded), digits)


def share(value: float, digits: int = 0) -> str:
    """Return 0.297 as "30%"."""
    pattern = "0%" if not digits else f"0.{'0' * digits}%"
    return format_percent(value, format=pattern, locale=words.locale())


def share_of(value: float, n: int) -> str:
    """Return a share with a decimal where there are enough conversations to bear one."""
    return share(value, 1 if n >= 1000 else 0)


def duration(seconds: float) -> str:
    """Return "0.4 s", "16 min", "8.1 h", "2.3 d"."""
    if seconds < 59.5:
        return tr("{count} s", count=_two_digits(seconds)) if seconds else "0"
    if seconds < 90 * 60:
        return tr("{count} min", count=number(seconds / 60))
    if seconds < 48 * 3600:
        return tr("{hours} h", hours=_two_digits(seconds / 3600))
    return tr("{days} d", days=_two_digits(seconds / 86_400))


def _two_digits(value: float) -> str:
    """Return "0.4", "8.1", "8", "23"."""
    pattern = "#,##0.#" if value < 9.95 else "#,##0"
    return format_decimal(value, format=pattern, locale=words.locale())


def money(minor: float, currency: str) -> str:
    return words.amount(Money(round(minor), currency))


def between(low: str, high: str) -> str:
    """Return the bounds of an interval."""
    return tr("{low} to {high}", low=low, high=high)


def interval(estimate: Estimate | None, digits: int = 1) -> str:
    """Return the bounds of a score."""
    if estimate is None:
        return ""
    return between(number(estimate.low, digits), number(estimate.high, digits))


def share_interval(estimate: Estimate | None) -> str:
    if estimate is None:
        return ""
    return between(share_of(estimate.low, estimate.n), share_of(estimate.high, estimate.n))


def signed_interval(estimate: Estimate | None, digits: int = 1) -> str:
    if estimate is None:
        return ""
    return between(signed(estimate.low, digits), signed(estimate.high, digits))


def score(estimate: Estimate | None, digits: int = 1) -> str:
    return number(estimate.value, digits) if estimate else too_few()


def share_word(estimate: Estimate | None) -> str:
    return share_of(estimate.value, estimate.n) if estimate else too_few()


def too_few() -> str:
    return tr("too few to tell")


def short_day(moment: datetime, zone: tzinfo) -> str:
    """Return "4 Nov"."""
    pattern = "M月d日" if spoken() == "zh" else "d MMM"
    return format_date(moment.astimezone(zone), pattern, locale=words.locale())


def day(moment: datetime, zone: tzinfo) -> str:
    return words.day(moment.astimezone(zone))


def category(key: str) -> str:
    return words.word(words.CATEGORIES, key)


def remedy(key: str) -> str:
    return words.word(REMEDIES, key)
