"""The filters of the list of cases in its address: read, validated, and linked on."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.model import CaseStatus, Category
from amends.cases.root_causes import RootCause
from amends.cases.search import Place, Sort
from amends.desk.case_query import FIELDS, Asked, place_text, read_query
from tests.storage.samples import NOW

PEOPLE = {"s-ana": "Ana", "s-ben": "Ben"}
BERLIN = ZoneInfo("Europe/Berlin")


def asked(**parameters: str) -> Asked:
    named = {name.rstrip("_"): value for name, value in parameters.items()}
    return read_query(named, PEOPLE, "s-ana", BERLIN)


class TestReading:
    def test_given_nothing_then_every_case_by_deadline(self) -> None:
        found = asked()

        assert found.problems == ()
        assert not found.filtered
        assert found.query.sort is Sort.DEADLINE
        assert found.address() == "/cases"

    def test_given_every_filter_then_each_is_understood(self) -> None:
        query = asked(
            q="lamp broken", status="with_staff", category="wrong_item", cause="packaging",
            owner="me", severity="high", flag="legal", language="zh", overdue="1",
            sort="oldest",
        ).query  # fmt: skip

        assert query.statuses == {CaseStatus.WITH_STAFF}
        assert (query.category, query.root_cause) == (Category.WRONG_ITEM, RootCause.PACKAGING)
        assert (query.owner, query.severity, query.overdue) == ("s-ana", "high", True)
        assert query.terms == ("lamp", "broken", "flag:legal", "language:zh")
        assert query.sort is Sort.OLDEST

    def test_given_dates_then_they_are_whole_days_of_the_readers_calendar(self) -> None:
        query = asked(from_="2026-03-01", to="2026-03-01").query

        assert query.opened_from == datetime(2026, 2, 28, 23, tzinfo=UTC)
        assert query.opened_before == datetime(2026, 3, 1, 23, tzinfo=UTC)

    @pytest.mark.parametrize("typed", ["AM-7K3F9D", "am-7k3f9d", " am7k3f9d "])
    def test_given_a_case_number_then_that_case_alone_is_asked_for(self, typed: str) -> None:
        assert asked(q=typed).query.number == "AM-7K3F9D"

    def test_given_cases_not_resolved_or_without_a_cause_then_they_have_words_of_their_own(
        self,
    ) -> None:
        query = asked(status="unresolved", cause="none").query

        assert query.unresolved
        assert query.no_root_cause
        assert query.statuses == frozenset()


class TestRefusing:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("status", "lost"),
            ("category", "Wrong item"),
            ("cause", "me"),
            ("owner", "s-eve"),
            ("severity", "9"),
            ("flag", "angry"),
            ("language", "tlh"),
            ("sort", "random"),
            ("from", "01.03.2026"),
            ("to", "0001-01-01"),
        ],
    )
    def test_given_a_value_nobody_knows_then_a_sentence_names_it_and_the_rest_holds(
        self, name: str, value: str
    ) -> None:
        found = read_query({name: value, "overdue": "1"}, PEOPLE, "s-ana", BERLIN)

        assert len(found.problems) == 1
        assert value in found.problems[0]
        assert found.query == asked(overdue="1").query

    def test_given_words_too_common_or_dates_the_wrong_way_round_then_a_sentence(self) -> None:
        assert "too short" in asked(q="the").problems[0]
        assert "before the first" in asked(from_="2026-03-02", to="2026-03-01").problems[0]
        assert "first 200" in asked(q="lamp " * 100).problems[0]

    @pytest.mark.parametrize("after", ["x", "0.12", "0.999999999999999999.k1", "0..k1", "2.1.k1"])
    def test_given_a_place_that_was_made_up_then_the_list_begins_anew(self, after: str) -> None:
        found = asked(after=after)

        assert found.after is None
        assert found.problems


@given(st.fixed_dictionaries({}, optional=dict.fromkeys((*FIELDS, "after"), st.text(max_size=30))))
def test_given_any_address_then_it_is_read_and_its_own_link_asks_the_same(
    parameters: dict[str, str],
) -> None:
    found = read_query(parameters, PEOPLE, "s-ana", BERLIN)
    linked = {k: v[0] for k, v in parse_qs(urlsplit(found.address()).query).items()}

    assert read_query(linked, PEOPLE, "s-ana", BERLIN).query == found.query


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from([0, 1]),
)
def test_given_any_place_when_it_is_linked_then_the_list_goes_on_there(
    at: datetime, phase: int
) -> None:
    place = Place(phase, at, "k1")

    assert asked(after=place_text(place)).after == place


def test_given_a_place_then_it_stands_in_the_address() -> None:
    assert "after=1." in asked(q="lamp").address(Place(1, NOW, "k1"))
