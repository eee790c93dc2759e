"""A form of business hours and the text that says the same."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.handoff.errors import HoursError
from amends.handoff.hours import MINUTES_OF_DAY, Holiday, Hours, Span
from amends.handoff.hours_text import HoursForm, SpecialDay, form_of, yaml_of
from amends.handoff.load_hours import parse_hours

WEEK = ("09:00-18:00",) * 5 + ("", "closed")


@st.composite
def _spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Spans of one day that do not overlap; the last one may end after midnight."""
    edges = st.integers(0, MINUTES_OF_DAY - 1)
    marks = sorted(draw(st.lists(edges, max_size=6, unique=True)))
    pairs = [Span(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False)]
    if pairs and draw(st.booleans()):
        start = pairs.pop().start
        after_midnight = draw(st.integers(0, max(0, start - 1)))
        pairs.append(Span(start, MINUTES_OF_DAY + after_midnight))
    return tuple(pairs)


_NAMES = st.text(min_size=2, max_size=30).map(str.strip).filter(lambda name: len(name) >= 2)
_WEEKS = st.tuples(*[_spans()] * 7).filter(any)
_HOLIDAYS = st.dictionaries(
    st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.builds(Holiday, _NAMES, _spans()), max_size=4
)
_ZONES = st.sampled_from(["Europe/London", "Asia/Shanghai", "America/St_Johns", "UTC"])
_HOURS = st.builds(Hours, _ZONES.map(ZoneInfo), _WEEKS, _HOLIDAYS)
_TYPED = st.text(max_size=20)
_FORMS = st.builds(
    HoursForm,
    _TYPED,
    st.tuples(*[_TYPED] * 7),
    st.lists(st.builds(SpecialDay, _TYPED, _TYPED, _TYPED), max_size=3).map(tuple),
)


def _refusal(text: str) -> str | None:
    try:
        parse_hours(text, "text")
    except HoursError as error:
        return str(error)
    return None


class TestForm:
    @settings(deadline=None)
    @given(_HOURS)
    def test_given_any_hours_when_through_the_form_and_the_text_then_the_same(
        self, hours: Hours
    ) -> None:
        assert parse_hours(yaml_of(form_of(hours)), "text") == hours

    @settings(deadline=None)
    @given(_FORMS)
    def test_given_anything_typed_then_it_is_read_or_refused_in_a_sentence(
        self, form: HoursForm
    ) -> None:
        sentence = _refusal(yaml_of(form))

        assert sentence is None or sentence.endswith((".", "?"))

    @pytest.mark.parametrize("typed", ["09:00-12:30, 13:30-17:00", " 9:00–12:30；13:30-17:00,"])
    def test_given_several_spans_with_a_mark_between_then_each_is_read(self, typed: str) -> None:
        form = HoursForm("Europe/London", (typed, *WEEK[1:]))

        hours = parse_hours(yaml_of(form), "text")

        assert hours.week[0] == (Span(540, 750), Span(810, 1020))
        assert hours.week[5] == hours.week[6] == ()

    def test_given_a_day_off_with_hours_of_its_own_then_it_is_open_then(self) -> None:
        sunday = SpecialDay("2026-12-20", "Sunday before Christmas", "10:00-16:00")
        form = HoursForm("Europe/London", WEEK, (sunday, SpecialDay()))

        hours = parse_hours(yaml_of(form), "text")

        assert hours.spans_of(date(2026, 12, 20)) == (Span(600, 960),)
        assert len(hours.holidays) == 1

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"zone": "Europe/Londn"}, "line 1: time_zone: .* did you mean Europe/London"),
            ({"week": ("9 to 5", *WEEK[1:])}, "line 3: week, monday: '9 to 5' is no span"),
            ({"week": ("",) * 7}, "every day is closed"),
            ({"special": (SpecialDay("2026-02-30", "Leap"),)}, "line 11: holiday 2026-02-30, date"),
            ({"special": (SpecialDay("2026-02-03", ""),)}, "line 11: holiday 2026-02-03, name"),
        ],
    )
    def test_given_a_mistake_then_the_sentence_of_the_file_says_where(
        self, change: dict[str, object], sentence: str
    ) -> None:
        form = replace(HoursForm("Europe/London", WEEK), **change)  # type: ignore[arg-type]

        with pytest.raises(HoursError, match=sentence):
            parse_hours(yaml_of(form), "The text")
