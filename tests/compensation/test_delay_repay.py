"""Delay Repay, against the operators' table written out in Python with exact fractions."""

from fractions import Fraction
from math import floor
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

DELAY_REPAY = book("delay_repay")
JOURNEYS = {"single": 1, "weekly": 10, "monthly": 40, "quarterly": 130, "annual": 464}


# -- the rules, once more --------------------------------------------------------------------------


def oracle(facts: dict[str, Any]) -> Result:
    if facts["days_since_travel"] > 28:
        return NOTHING
    exact = facts["fare_minor"] * share(facts["ticket"], facts["delay_min"], facts["scheme"])
    pence = floor(exact + Fraction(1, 2))
    if pence == 0:
        return NOTHING
    return "remedy", (("compensation", "entitlement", pence, "GBP"),)


def share(ticket: str, minutes: int, scheme: str) -> Fraction:
    if minutes < 15 or (minutes < 30 and scheme == "DR30"):
        return Fraction(0)
    if ticket == "return":
        if minutes >= 120:
            return Fraction(1)
        return Fraction(1, 8 if minutes < 30 else 4 if minutes < 60 else 2)
    return Fraction(1, 4 if minutes < 30 else 2 if minutes < 60 else 1) / JOURNEYS[ticket]


# -- facts -----------------------------------------------------------------------------------------

MINUTES = [14, 15, 29, 30, 59, 60, 119, 120]
FACTS = st.fixed_dictionaries(
    {
        "scheme": st.sampled_from(["DR15", "DR30"]),
        "delay_min": st.sampled_from(MINUTES) | st.integers(-10, 500),
        "ticket": st.sampled_from(["return", *JOURNEYS]),
        "fare_minor": st.integers(0, 3000) | st.integers(0, 10**7) | st.integers(0, 10**15),
        "days_since_travel": st.integers(0, 28) | st.sampled_from([28, 29]) | st.integers(0, 400),
    }
)
SINGLE: dict[str, Any] = {
    "scheme": "DR15", "delay_min": 20, "ticket": "single", "fare_minor": 2000,
    "days_since_travel": 1,
}  # fmt: skip
BOUNDS: dict[str, list[Any]] = {
    "scheme": ["DR15", "DR30"],
    "delay_min": MINUTES,
    "ticket": ["return", *JOURNEYS],
    "fare_minor": [0, 1, 2, 9, 464, 2004, 500_000],
    "days_since_travel": [0, 28, 29],
}


class TestAllFactsKnown:
    def test_given_both_sides_of_every_bound_then_the_exact_share(self) -> None:
        for facts in every(BOUNDS):
            assert result_of(DELAY_REPAY, facts) == oracle(facts), facts

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(FACTS)
    def test_given_any_facts_then_the_exact_share_rounded_once(self, facts: dict[str, Any]) -> None:
        assert result_of(DELAY_REPAY, facts) == oracle(facts)

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(FACTS, st.integers(-10, 500))
    def test_given_a_longer_delay_then_never_less(
        self, facts: dict[str, Any], minutes: int
    ) -> None:
        short, long = sorted((facts["delay_min"], minutes))

        paid_short, paid_long = (
            paid(result_of(DELAY_REPAY, facts | {"delay_min": delay})) for delay in (short, long)
        )

        assert paid_short <= paid_long

    @pytest.mark.parametrize("ticket", list(JOURNEYS))
    def test_given_exactly_half_a_penny_then_it_goes_up(self, ticket: str) -> None:
        fare = JOURNEYS[ticket] * 2  # a quarter of two pence for each journey

        result = result_of(DELAY_REPAY, SINGLE | {"ticket": ticket, "fare_minor": fare})

        assert paid(result) == 1


class TestFactsUnknown:
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(FACTS, blanks(SINGLE))
    def test_given_unknown_facts_then_a_person_or_what_holds_whatever_they_are(
        self, facts: dict[str, Any], unknown: set[str]
    ) -> None:
        result = result_of(DELAY_REPAY, without(facts, unknown))

        assert result in (PERSON, oracle(facts))

    @pytest.mark.parametrize("name", list(SINGLE))
    def test_given_one_fact_that_decides_is_unknown_then_a_person(self, name: str) -> None:
        assert result_of(DELAY_REPAY, SINGLE)[0] == "remedy"

        assert result_of(DELAY_REPAY, without(SINGLE, {name})) == PERSON
