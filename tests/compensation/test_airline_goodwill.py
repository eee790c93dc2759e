"""An airline's certificates, against its house rules written out in Python."""

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
    result_of,
    without,
)

GOODWILL = book("airline_goodwill")


def oracle(facts: dict[str, Any]) -> Result:
    """The house rules, once more."""
    favoured = (
        facts["membership"] in ("silver", "gold")
        or facts["insured"]
        or facts["cabin"] == "business"
    )
    if not (facts["asked_for_compensation"] and facts["facts_confirmed"] and favoured):
        return NOTHING
    dollars = 0
    if facts["event"] == "cancelled":
        dollars = 100
    elif facts["event"] == "delayed" and facts["changed_or_cancelled"]:
        dollars = 50
    if dollars == 0:
        return NOTHING
    cents = dollars * 100 * facts["passengers"]
    return "remedy", (("certificate", "goodwill", cents, "USD"),)


MOSTLY = st.sampled_from([True, True, True, False])
FACTS = st.fixed_dictionaries(
    {
        "membership": st.sampled_from(["regular", "silver", "gold"]),
        "insured": st.booleans(),
        "asked_for_compensation": MOSTLY,
        "facts_confirmed": MOSTLY,
        "changed_or_cancelled": st.booleans(),
        "cabin": st.sampled_from(["basic_economy", "economy", "business"]),
        "event": st.sampled_from(["cancelled", "delayed", "other"]),
        "passengers": st.integers(1, 12) | st.integers(1, 10**6),
    }
)
LATE: dict[str, Any] = {
    "membership": "silver", "insured": False, "asked_for_compensation": True,
    "facts_confirmed": True, "changed_or_cancelled": True, "cabin": "economy", "event": "delayed",
    "passengers": 2,
}  # fmt: skip
EVERYTHING: dict[str, list[Any]] = {
    "membership": ["regular", "silver", "gold"],
    "insured": [True, False],
    "asked_for_compensation": [True, False],
    "facts_confirmed": [True, False],
    "changed_or_cancelled": [True, False],
    "cabin": ["basic_economy", "economy", "business"],
    "event": ["cancelled", "delayed", "other"],
    "passengers": [1, 2],
}


def test_given_every_combination_then_what_the_house_rules_say() -> None:
    for facts in every(EVERYTHING):
        assert result_of(GOODWILL, facts) == oracle(facts), facts


@settings(max_examples=EXAMPLES, deadline=None)
@given(FACTS)
def test_given_any_facts_then_what_the_house_rules_say(facts: dict[str, Any]) -> None:
    assert result_of(GOODWILL, facts) == oracle(facts)


@settings(max_examples=EXAMPLES, deadline=None)
@given(FACTS, blanks(LATE))
def test_given_unknown_facts_then_a_person_or_what_holds_whatever_they_are(
    facts: dict[str, Any], unknown: set[str]
) -> None:
    result = result_of(GOODWILL, without(facts, unknown))

    assert result in (PERSON, oracle(facts))


@pytest.mark.parametrize(
    "name",
    [
        "membership",
        "asked_for_compensation",
        "facts_confirmed",
        "changed_or_cancelled",
        "event",
        "passengers",
    ],
)
def test_given_one_fact_that_decides_is_unknown_then_a_person(name: str) -> None:
    assert result_of(GOODWILL, LATE)[0] == "remedy"

    assert result_of(GOODWILL, without(LATE, {name})) == PERSON
