"""Business hours, against the clock at the wall looked at minute by minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amends.handoff.hours import ALWAYS_OPEN, Holiday, Hours, Span

MINUTE = timedelta(minutes=1)
LONDON = ZoneInfo("Europe/London")
NINE_TO_FIVE, LATE_SHIFT = Span(9 * 60, 17 * 60), Span(22 * 60, 26 * 60)
OFFICE = Hours(
    LONDON,
    ((Span(9 * 60, 12 * 60 + 30), Span(13 * 60 + 30, 18 * 60)),) * 5 + ((), ()),
    {
        date(2026, 12, 24): Holiday("Christmas Eve", (Span(9 * 60, 13 * 60),)),
        date(2026, 12, 25): Holiday("Christmas Day"),
    },
)
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/London",
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",  # half an hour off, and clocks once changed a minute past midnight
        "Australia/Lord_Howe",  # clocks change by half an hour
        "Asia/Shanghai",
        "Asia/Kathmandu",  # a quarter of an hour off
        "Africa/Casablanca",  # changes around Ramadan
        "America/Santiago",  # midnight itself is skipped
    )
]
TRANSITIONS = (
    datetime(2026, 3, 8, 7, 0, tzinfo=UTC),  # New York springs forward
    datetime(2026, 11, 1, 6, 0, tzinfo=UTC),  # New York falls back
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # Europe springs forward
    datetime(2026, 10, 25, 1, 0, tzinfo=UTC),  # Europe falls back
    datetime(2026, 4, 4, 15, 0, tzinfo=UTC),  # Lord Howe falls back
    datetime(2026, 9, 6, 4, 0, tzinfo=UTC),  # Santiago springs forward
)

SPANS = st.builds(
    lambda start, length: Span(start, start + length), st.integers(0, 1439), st.integers(1, 1440)
)
WEEKS = st.lists(
    st.lists(SPANS, max_size=2).map(tuple), min_size=7, max_size=7
).map(tuple).filter(any)  # fmt: skip
MOMENTS = st.one_of(
    st.integers(0, 4 * 366 * 1440).map(
        lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + minutes * MINUTE
    ),
    st.builds(
        lambda at, minutes: at + minutes * MINUTE,
        st.sampled_from(TRANSITIONS),
        st.integers(-3 * 1440, 1440),
    ),
)


@st.composite
def hours_and_moment(draw: st.DrawFn) -> tuple[Hours, datetime]:
    """Hours whose holidays lie around the moment, which may be a day on which clocks change."""
    moment = draw(MOMENTS)
    days = st.integers(-2, 6).map(lambda off: moment.date() + timedelta(days=off))
    holidays = st.dictionaries(
        days, st.lists(SPANS, max_size=1).map(lambda spans: Holiday("A day", tuple(spans))),
        max_size=3,
    )  # fmt: skip
    return Hours(draw(st.sampled_from(ZONES)), draw(WEEKS), draw(holidays)), moment


def shows_an_opening_hour(hours: Hours, moment: datetime) -> bool:
    """Whether the clock at the wall does, by the table alone."""
    shown = moment.astimezone(hours.zone)
    minute = shown.hour * 60 + shown.minute
    today, yesterday = shown.date(), shown.date() - timedelta(days=1)
    return any(span.start <= minute < span.end for span in hours.spans_of(today)) or any(
        span.start <= minute + 1440 < span.end for span in hours.spans_of(yesterday)
    )


def minutes_from(moment: datetime) -> Iterator[datetime]:
    while True:
        yield moment
        moment += MINUTE


class TestAgainstTheClock:
    @given(hours_and_moment())
    def test_given_any_moment_when_asked_whether_open_then_the_clock_decides(
        self, given_hours: tuple[Hours, datetime]
    ) -> None:
        hours, moment = given_hours

        assert hours.is_open(moment) is shows_an_opening_hour(hours, moment)

    @settings(max_examples=60, deadline=None)
    @given(hours_and_moment())
    def test_given_any_moment_when_asked_for_the_next_opening_then_the_first_open_minute(
        self, given_hours: tuple[Hours, datetime]
    ) -> None:
        hours, moment = given_hours

        first = next(m for m in minutes_from(moment) if shows_an_opening_hour(hours, m))

        assert hours.opens_at(moment) == first

    @settings(max_examples=60, deadline=None)
    @given(hours_and_moment(), st.integers(1, 400))
    @example((Hours(LONDON, ((Span(30, 90),),) * 7), datetime(2026, 10, 25, tzinfo=UTC)), 150)
    def test_given_so_many_minutes_when_added_then_as_many_open_ones_have_passed(
        self, given_hours: tuple[Hours, datetime], minutes: int
    ) -> None:
        hours, moment = given_hours

        worked = 0
        for one in minutes_from(moment):
            worked += shows_an_opening_hour(hours, one)
            if worked == minutes:
                break

        due = hours.add(moment, minutes * MINUTE)
        assert due == one + MINUTE
        assert hours.between(moment, due) == minutes * MINUTE

    @settings(max_examples=60, deadline=None)
    @given(hours_and_moment(), st.integers(0, 3000))
    def test_given_two_moments_when_asked_what_lies_between_then_the_open_minutes(
        self, given_hours: tuple[Hours, datetime], minutes: int
    ) -> None:
        hours, start = given_hours
        end = start + minutes * MINUTE

        worked = sum(shows_an_opening_hour(hours, start + n * MINUTE) for n in range(minutes))

        assert hours.between(start, end) == worked * MINUTE

    @given(hours_and_moment(), st.timedeltas(timedelta(0), timedelta(hours=9)))
    def test_given_seconds_too_when_added_then_a_later_start_never_ends_earlier(
        self, given_hours: tuple[Hours, datetime], worked: timedelta
    ) -> None:
        hours, moment = given_hours

        assert moment <= hours.add(moment, worked)
        later = moment + timedelta(minutes=17, seconds=3)
        assert hours.add(moment, worked) <= hours.add(later, worked)


class TestExamples:
    @pytest.mark.parametrize(
        ("moment", "due"),
        [
            ("2026-03-04T10:00", "2026-03-04T10:30"),  # in the middle of the day
            ("2026-03-04T12:15", "2026-03-04T13:45"),  # over the lunch break
            ("2026-03-04T17:45", "2026-03-05T09:15"),  # over the night
            ("2026-03-06T19:00", "2026-03-09T09:30"),  # over the weekend
            ("2026-03-27T17:40", "2026-03-30T08:10"),  # over the change to summer time
            ("2026-12-24T12:50", "2026-12-28T09:20"),  # over Christmas and a weekend
        ],
    )
    def test_given_an_office_when_half_an_hour_is_added_then_closed_time_does_not_count(
        self, moment: str, due: str
    ) -> None:
        at, wanted = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (moment, due))

        assert OFFICE.add(at, timedelta(minutes=30)) == wanted

    def test_given_a_shift_past_midnight_when_the_next_day_is_free_then_it_is_worked_to_its_end(
        self,
    ) -> None:
        sunday, monday = date(2026, 3, 1), date(2026, 3, 2)
        hours = Hours(LONDON, ((LATE_SHIFT,),) * 7, {monday: Holiday("Free")})

        assert hours.is_open(datetime(2026, 3, 2, 1, 59, tzinfo=UTC)), "Sunday's shift"
        assert not hours.is_open(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
        assert hours.opens_at(datetime(2026, 3, 2, 2, 0, tzinfo=UTC)).day == 3
        assert hours.spans_of(sunday) == (LATE_SHIFT,)

    def test_given_the_night_clocks_go_back_when_worked_then_the_hour_shown_twice_counts_twice(
        self,
    ) -> None:
        hours = Hours(LONDON, ((Span(0, 4 * 60),),) * 7)
        start, end = datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)

        assert hours.between(start, end) == timedelta(hours=5)

    def test_given_the_night_clocks_go_forward_when_worked_then_the_skipped_hour_does_not_count(
        self,
    ) -> None:
        hours = Hours(LONDON, ((Span(0, 4 * 60),),) * 7)
        start, end = datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)

        assert hours.between(start, end) == timedelta(hours=3)

    def test_given_another_zone_of_the_caller_when_asked_then_the_moment_counts(self) -> None:
        tokyo = datetime(2026, 3, 4, 19, 0, tzinfo=ZoneInfo("Asia/Tokyo"))  # 10:00 in London

        assert OFFICE.is_open(tokyo)
        assert OFFICE.add(tokyo, 30 * MINUTE) == datetime(2026, 3, 4, 10, 30, tzinfo=UTC)

    @given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=30)))
    def test_given_open_around_the_clock_when_added_then_all_time_counts(
        self, moment: datetime, worked: timedelta
    ) -> None:
        assert ALWAYS_OPEN.is_open(moment)
        assert ALWAYS_OPEN.add(moment, worked) == moment + worked
        assert ALWAYS_OPEN.between(moment, moment + worked) == worked

    def test_given_an_end_before_the_start_when_asked_what_lies_between_then_nothing(self) -> None:
        now = datetime(2026, 3, 4, 10, tzinfo=UTC)

        assert OFFICE.between(now, now - MINUTE) == timedelta(0)
        assert OFFICE.add(now, timedelta(0)) == now
