"""The address of the insights pages and of the list behind a number."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.desk.insight_filters import FILTERS, Listed, read_listed
from amends.desk.insight_list_views import place_text, read_place
from amends.desk.insight_query import Asked, Links, read_asked
from amends.insights.facts import Result
from amends.insights.measures.period import DAY, Period
from tests.insights.measures.samples import told

NOW = datetime(2026, 11, 29, 16, 30, 5, 123, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def asked(**parameters: str) -> Asked:
    return read_asked({name.rstrip("_"): value for name, value in parameters.items()}, NOW, BERLIN)


def listed(**parameters: str) -> Listed:
    return read_listed(parameters, NOW, BERLIN, lambda key: f"because {key}")


class TestPeriod:
    def test_given_nothing_then_the_last_28_days_up_to_this_second(self) -> None:
        found = asked()

        assert found.period.until == NOW.replace(microsecond=0)
        assert found.period.length == 28 * DAY
        assert (found.kept, found.problems) == ("", ())

    def test_given_own_dates_then_whole_days_of_the_reader(self) -> None:
        period = asked(from_="2026-03-01", to="2026-03-02", last="7").period

        assert period == Period(
            datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 2, 23, tzinfo=UTC)
        )

    def test_given_dates_that_reach_beyond_now_then_now_is_the_end(self) -> None:
        assert asked(from_="2026-11-01", to="2026-12-24").period.until == NOW.replace(microsecond=0)

    def test_given_dates_in_the_wrong_order_then_they_are_exchanged_and_that_is_said(self) -> None:
        found = asked(from_="2026-03-09", to="2026-03-02")

        assert found.period.length == 8 * DAY
        assert "exchanged" in found.problems[0]

    @pytest.mark.parametrize(
        ("name", "value"),
        [("last", "5"), ("category", "unicorns"), ("language", "xx"), ("from_", "soon"),
         ("to", "1999-01-01")],
    )  # fmt: skip
    def test_given_what_cannot_be_used_then_a_sentence_and_the_rest_holds(
        self, name: str, value: str
    ) -> None:
        found = asked(**{name: value})

        assert value in found.problems[0]
        assert found.kept == ""
        assert found.period.length == 28 * DAY

    @given(
        st.dictionaries(st.sampled_from(["last", "from", "to", "category"]), st.text(max_size=12))
    )
    def test_given_any_address_then_it_is_read_and_reads_the_same_again(
        self, parameters: dict[str, str]
    ) -> None:
        first = read_asked(parameters, NOW, BERLIN)

        again = read_asked(dict(parse_qsl(first.kept.lstrip("?"))), NOW, BERLIN)

        assert (again.period, again.equal, again.problems) == (first.period, first.equal, ())


class TestFilters:
    def test_given_a_link_then_the_list_reads_back_what_the_page_asked(self) -> None:
        page = asked(last="91", category="wrong_item", language="zh")
        span = Period(page.period.since, page.period.since + 7 * DAY)

        href = Links(page).to(span, csat="4,5", person="no")
        found = listed(**dict(parse_qsl(urlsplit(href).query)))

        assert found.problems == ()
        assert (found.query.since, found.query.until) == (span.since, span.until)
        assert found.query.equal == {
            "category": "wrong_item", "language": "zh", "csat": (4, 5), "handed_off": False
        }  # fmt: skip
        assert dict(parse_qsl(urlsplit(found.address()).query)) == dict(
            parse_qsl(urlsplit(href).query)
        )

    def test_given_each_filter_then_it_narrows_and_is_said(self) -> None:
        used = {
            "first": "yes", "complaint": "yes", "result": "open", "cause": "packaging",
            "severity": "high",
            "repeat": "yes", "warehouse": "Lyon", "carrier": "Northway", "product": "LAMP-OAK",
            "person": "yes", "reason": "furious", "right": "none", "answered": "in_time,late",
            "promises": "any", "remedy": "refund_full", "currency": "EUR", "paid": "yes",
            "survey": "silent", "csat": "1", "why": "speed", "nps": "promoter", "known": "ces",
            "predicted": "2-3", "mood": "improved", "review": "0.25-0.5",
            "unmet": "acknowledged", "judged": "next_step",
        }  # fmt: skip
        plain = listed()

        assert set(used) == set(FILTERS)
        for name, value in used.items():
            found = listed(**{name: value})
            assert found.problems == (), name
            assert found.query != plain.query, name
            assert len(found.said) == 2, name
            assert all(found.said[1]), name

    def test_given_a_complaint_then_it_is_any_result_but_none(self) -> None:
        wanted = listed(complaint="yes").query.equal["result"]

        assert set(wanted) == {one.value for one in Result if one is not Result.NO_CASE}

    def test_given_bounds_then_a_class_of_the_recommendation_or_a_band(self) -> None:
        passive, band, top = listed(nps="passive"), listed(predicted="2-3"), listed(predicted="4-5")

        assert (passive.query.low, passive.query.high) == ({"nps": 7}, {"nps": 8})
        assert (band.query.low, band.query.below) == ({"predicted": 2}, {"predicted": 3})
        assert (top.query.low, top.query.below) == ({"predicted": 4}, {})
        assert listed(review="1").query.high == {"review_share": 1}

    def test_given_the_reason_of_a_handoff_then_it_is_said_as_the_table_words_it(self) -> None:
        assert listed(reason="furious").said[1][1] == "because furious"

    @pytest.mark.parametrize(
        ("name", "value"),
        [("csat", "6"), ("result", "lost"), ("nps", "fan"), ("predicted", "nan"), ("unmet", "x"),
         ("mood", "odd"), ("known", "conversation_id"), ("right", "maybe"), ("promises", "all"),
         ("survey", "x"), ("complaint", "no"), ("paid", "x")],
    )  # fmt: skip
    def test_given_what_is_no_filter_then_it_is_left_out_and_said(
        self, name: str, value: str
    ) -> None:
        found = listed(**{name: value})

        assert value in found.problems[0]
        assert found.query == listed().query

    @given(st.dictionaries(st.sampled_from(sorted(FILTERS)), st.text(max_size=20)))
    def test_given_any_address_then_it_is_read(self, parameters: dict[str, str]) -> None:
        found = listed(**parameters)

        assert found.address().startswith("/insights/conversations?")


class TestPlace:
    def test_given_a_row_then_its_place_is_read_back(self) -> None:
        one = told(7, 0.123456)

        assert read_place(place_text(one)) == (one.started_at, "c7")

    @given(st.text(max_size=30))
    def test_given_any_text_then_a_place_or_none(self, text: str) -> None:
        place = read_place(text)

        assert place is None or place[0].tzinfo is UTC
