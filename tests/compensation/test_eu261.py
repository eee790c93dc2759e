"""Compensation of air passengers, against the rules of the Regulation written out in Python."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compensation.rule_books import (
    EXAMPLES,
    NOTHING,
    PERSON,
    Result,
    blanks,
    book,
    every,
    paid,
    result_of,
    without,
)

EU261 = book("eu261")
LOOKED_UP = {
    "departs_eu", "arrives_eu", "eu_carrier", "intra_eu", "distance_km", "event",
    "arrival_delay_h", "passengers",
}  # fmt: skip
FOR_THE_CARRIER_TO_PROVE = {"notice_days", "rerouted", "departs_early_h", "extraordinary_proved"}


# -- the rules, once more --------------------------------------------------------------------------


def oracle(facts: dict[str, Any]) -> Result:
    euros = euros_for_one(facts)
    if euros == 0:
        return NOTHING
    cents = round(euros * 100) * facts["passengers"]
    return "remedy", (("compensation", "entitlement", cents, "EUR"),)


def euros_for_one(facts: dict[str, Any]) -> float:
    from_the_eu = facts["departs_eu"]
    to_the_eu_with_its_airline = facts["arrives_eu"] and facts["eu_carrier"]
    if not from_the_eu and not to_the_eu_with_its_airline:
        return 0
    if facts["event"] != "denied_boarding" and facts["extraordinary_proved"]:
        return 0
    band = band_of(facts)
    if facts["event"] == "delay":
        return for_a_delay(band, facts["arrival_delay_h"])
    if facts["event"] == "cancellation" and excused(facts):
        return 0
    hours_for_half = {250: 2, 400: 3, 600: 4}[band]
    if facts["rerouted"] and facts["arrival_delay_h"] <= hours_for_half:
        return band / 2
    return band


def band_of(facts: dict[str, Any]) -> int:
    if facts["distance_km"] <= 1500:
        return 250
    return 400 if facts["intra_eu"] or facts["distance_km"] <= 3500 else 600


def for_a_delay(band: int, hours: float) -> float:
    if hours < 3:
        return 0
    return 300 if band == 600 and hours < 4 else band


def excused(facts: dict[str, Any]) -> bool:
    days = facts["notice_days"] if facts["notice_days"] is not None else 0
    if days >= 14:
        return True
    if not facts["rerouted"]:
        return False
    earlier, later = facts["departs_early_h"], facts["arrival_delay_h"]
    return bool(earlier <= 2 and later < 4 if days >= 7 else earlier <= 1 and later < 2)


# -- facts -----------------------------------------------------------------------------------------

HOURS = st.sampled_from([0, 1, 1.99, 2, 2.01, 2.99, 3, 3.01, 3.99, 4, 4.01]) | st.floats(-6, 30)
FACTS = st.fixed_dictionaries(
    {
        "departs_eu": st.booleans(),
        "arrives_eu": st.booleans(),
        "eu_carrier": st.booleans(),
        "intra_eu": st.booleans(),
        "distance_km": st.sampled_from([1, 1499, 1500, 1501, 3499, 3500, 3501, 9000])
        | st.integers(1, 20_000),
        "event": st.sampled_from(["delay", "cancellation", "denied_boarding"]),
        "arrival_delay_h": HOURS,
        "notice_days": st.none() | st.sampled_from([0, 6, 7, 13, 14]) | st.integers(0, 60),
        "departs_early_h": HOURS,
        "rerouted": st.booleans(),
        "extraordinary_proved": st.booleans() | st.just(False),
        "passengers": st.integers(1, 12) | st.integers(1, 10**6),
    }
)
TRUE_FACTS = FACTS.map(
    lambda facts: facts | {"intra_eu": facts["departs_eu"] and facts["arrives_eu"]}
)
SHORT: dict[str, Any] = {
    "departs_eu": True, "arrives_eu": True, "eu_carrier": True, "intra_eu": True,
    "distance_km": 900, "event": "delay", "arrival_delay_h": 5, "passengers": 1,
}  # fmt: skip
BOUNDS: dict[str, list[Any]] = {
    "distance_km": [1500, 1501, 3500, 3501],
    "intra_eu": [True, False],
    "event": ["delay", "cancellation", "denied_boarding"],
    "arrival_delay_h": [1.9, 2, 2.1, 2.9, 3, 3.1, 3.9, 4, 4.1],
    "notice_days": [None, 6, 7, 13, 14],
    "departs_early_h": [1, 1.1, 2, 2.1],
    "rerouted": [True, False],
    "extraordinary_proved": [True, False],
}


class TestAllFactsKnown:
    def test_given_both_sides_of_every_bound_then_what_the_regulation_says(self) -> None:
        for bounds in every(BOUNDS):
            facts = SHORT | bounds
            assert result_of(EU261, facts) == oracle(facts), facts

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(FACTS)
    def test_given_any_facts_then_what_the_regulation_says(self, facts: dict[str, Any]) -> None:
        assert result_of(EU261, facts) == oracle(facts)

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(FACTS)
    def test_given_no_rerouting_then_the_arrival_need_not_be_known(
        self, facts: dict[str, Any]
    ) -> None:
        facts |= {"rerouted": False, "event": "cancellation"}

        known = without(facts, {"arrival_delay_h", "departs_early_h"})

        assert result_of(EU261, known) == oracle(facts)


class TestFactsUnknown:
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(TRUE_FACTS, blanks(LOOKED_UP))
    def test_given_facts_to_look_up_then_a_person_or_what_holds_whatever_they_are(
        self, facts: dict[str, Any], unknown: set[str]
    ) -> None:
        result = result_of(EU261, without(facts, unknown))

        assert result in (PERSON, oracle(facts))

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(FACTS, blanks(FOR_THE_CARRIER_TO_PROVE))
    def test_given_the_carrier_proves_less_then_it_never_pays_less(
        self, facts: dict[str, Any], unproved: set[str]
    ) -> None:
        result = result_of(EU261, without(facts, unproved))

        assert result != PERSON
        assert paid(result) >= paid(oracle(facts))

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(FACTS)
    def test_given_unknown_notice_then_nothing_only_if_no_notice_would_earn_anything(
        self, facts: dict[str, Any]
    ) -> None:
        facts |= {"event": "cancellation"}

        unknown = paid(result_of(EU261, facts | {"notice_days": None}))

        assert unknown == max(paid(oracle(facts | {"notice_days": n})) for n in range(20))

    @pytest.mark.parametrize("name", ["departs_eu", "distance_km", "event", "passengers"])
    def test_given_one_fact_that_decides_is_unknown_then_a_person(self, name: str) -> None:
        facts = SHORT | {"eu_carrier": False}
        assert result_of(EU261, facts)[0] == "remedy"

        assert result_of(EU261, without(facts, {name})) == PERSON

    def test_given_a_delay_or_rerouting_of_unknown_length_then_a_person(self) -> None:
        facts = without(SHORT, {"arrival_delay_h"})
        rerouted = facts | {"event": "denied_boarding", "rerouted": True}

        assert result_of(EU261, facts) == PERSON
        assert result_of(EU261, rerouted) == PERSON

    @pytest.mark.parametrize(
        ("departs", "arrives", "euros"), [(True, True, 400), (True, False, 600)]
    )
    def test_given_the_two_ends_then_they_tell_whether_it_is_within_the_eu(
        self, departs: bool, arrives: bool, euros: int
    ) -> None:
        facts = without(SHORT, {"intra_eu"}) | {"distance_km": 5000}

        result = result_of(EU261, facts | {"departs_eu": departs, "arrives_eu": arrives})

        assert paid(result) == euros * 100
