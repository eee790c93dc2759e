"""Business hours in words: when the desk is open on the next days, and what would be promised."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date

from amends.desk.forms import Form
from amends.desk.speech import spoken, tr
from amends.desk.staff_views import moment
from amends.handoff.hours import MINUTES_OF_DAY, Hours, Span
from amends.handoff.hours_text import DAYS, HoursForm, SpecialDay
from amends.handoff.thresholds import Thresholds

DAYS_AHEAD = 14

EMPTY_LINES = 3
"""So many empty lines for special days a form offers at its end."""

_DATES = {"en": ("en_GB", "EEE d MMM"), "zh": ("zh_Hans_CN", "M月d日EEE")}


@dataclass(frozen=True, slots=True)
class Day:
    """A day in words."""

    name: str
    hours: str
    special: str  # the name of a holiday
    is_open: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """What hours come to."""

    now: str
    promise: str
    days: list[Day]


def outlook(hours: Hours, in_force: Thresholds, now: datetime) -> Outlook:
    """Say when the desk is open from today on, and by when an answer would be promised now.

    Args:
        hours: the hours that are looked at.
        in_force: the table, which says within what working time an answer is promised.
        now: the moment.
    """
    by = moment(hours.add(now, in_force.answer_within), hours.zone)
    promise = tr(
        "A chat that came now would be promised an answer by {time}, if nobody waits before it.",
        time=by,
    )
    today = hours.local(now).date()
    days = [_day(hours, today + timedelta(days=number)) for number in range(DAYS_AHEAD)]
    return Outlook(_now(hours, now), promise, days)


def _now(hours: Hours, now: datetime) -> str:
    shown = moment(now, hours.zone)
    if hours.is_open(now):
        return tr("Open now: it is {time} in {zone}.", time=shown, zone=hours.zone.key)
    opens = moment(hours.opens_at(now), hours.zone)
    return tr(
        "Closed now: it is {time} in {zone}. Open again {opens}.",
        time=shown, zone=hours.zone.key, opens=opens,
    )  # fmt: skip


def _day(hours: Hours, day: date) -> Day:
    locale, pattern = _DATES[spoken()]
    spans = hours.spans_of(day)
    holiday = hours.holidays.get(day)
    return Day(
        name=format_date(day, pattern, locale=locale),
        hours=", ".join(_span(span) for span in spans) or tr("Closed"),
        special=holiday.name if holiday else "",
        is_open=bool(spans),
    )


def _span(span: Span) -> str:
    if span == Span(0, MINUTES_OF_DAY):
        return tr("Around the clock")
    start, end = _clock(span.start), _clock(span.end % MINUTES_OF_DAY or MINUTES_OF_DAY)
    if span.end > MINUTES_OF_DAY:
        return tr("{start}–{end} the next day", start=start, end=end)
    return f"{start}–{end}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def form_typed(form: Form) -> HoursForm:
    """Return the hours as they were typed into the form."""
    lines = zip(form.all("date"), form.all("name"), form.all("open"), strict=False)
    special = (SpecialDay(*line) for line in lines)
    return HoursForm(
        zone=form.get("zone"),
        week=tuple(form.get(day) for day in DAYS),
        special=tuple(one for one in special if not one.is_empty),
    )
