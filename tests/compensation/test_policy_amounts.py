"""Amounts: fixed, shares, per unit, bounds, tiers, sums; rounded half up to the smallest unit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.compensation.compile_amounts import share_half_up
from amends.compensation.decide import Decision, decide
from tests.compensation.policy_texts import facts_of, version_of

NAMED = "amounts: {gift: {EUR: 5, JPY: 700}, double: {percent: 200, of: {named: gift}}}"
LADDER = "{tiers: [{when: {days: {at_least: 7}}, amount: {EUR: 9, JPY: 900}}, \
{when: {days: {at_least: 3}}, amount: {EUR: 4, JPY: 400}}]}"


def decided(amount: str, part: str = "goodwill", **raw: Any) -> Decision:
    version = version_of(
        f"- {{id: a, title: T, source: S, part: {part}, "
        f"grant: [{{remedy: voucher, amount: {amount}}}]}}",
        NAMED,
    )
    return decide(version, facts_of(version, **raw))


def minor(amount: str, **raw: Any) -> int | None:
    remedies = decided(amount, **raw).remedies
    money = remedies[0].amount if remedies else None
    return money.amount_minor if money else None


class TestAmounts:
    @pytest.mark.parametrize(
        ("amount", "raw", "expected"),
        [
            ("{EUR: 5, JPY: 700}", {}, 500),
            ("{EUR: 4.99, JPY: 700}", {}, 499),
            ("{fixed: {EUR: 5, JPY: 700}}", {"currency": "JPY"}, 700),
            ("{fact: total_minor}", {"total_minor": 1234}, 1234),
            ("{fact: total_minor, divided_by: 40}", {"total_minor": 1020}, 26),
            ("{percent: 10, of: total_minor}", {"total_minor": 4994}, 499),
            ("{percent: 10, of: total_minor}", {"total_minor": 4995}, 500),
            ("{percent: 12.5, of: total_minor, divided_by: 40}", {"total_minor": 160000}, 500),
            ("{percent: 50, of: {named: gift}}", {}, 250),
            ("{named: double}", {}, 1000),
            ("{sum: [{named: gift}, {fact: total_minor}]}", {"total_minor": 1}, 501),
            ("{fixed: {EUR: 2, JPY: 1}, per: days}", {"days": 3}, 600),
            ("{fixed: {EUR: 2, JPY: 1}, per: days, every: 2}", {"days": 5}, 400),
            ("{fixed: {EUR: 2, JPY: 1}, per: hours, every: 24}", {"hours": 49.5}, 400),
            ("{fact: total_minor, maximum: {EUR: 5, JPY: 1}}", {"total_minor": 501}, 500),
            ("{fact: total_minor, minimum: {EUR: 5, JPY: 1}}", {"total_minor": 3}, 500),
            ("{fact: total_minor, minimum: {EUR: 5, JPY: 1}}", {"total_minor": 0}, None),
            ("{named: gift, maximum: {fact: total_minor}}", {"total_minor": 400}, 400),
            (LADDER, {"days": 7}, 900),
            (LADDER, {"days": 6}, 400),
            (LADDER, {"days": 2}, None),
        ],
    )
    def test_given_facts_then_amount(
        self, amount: str, raw: dict[str, Any], expected: int | None
    ) -> None:
        assert minor(amount, **raw) == expected

    def test_given_a_maximum_that_binds_then_it_is_named_with_what_was_wanted(self) -> None:
        hit = decided("{fact: total_minor, maximum: {EUR: 5, JPY: 1}}", total_minor=800).caps[0]

        assert (hit.cap, hit.clauses) == ("maximum", ("a",))
        assert hit.wanted is not None
        assert hit.wanted.amount_minor == 800
        assert hit.granted is not None
        assert hit.granted.amount_minor == 500

    def test_given_a_maximum_that_does_not_bind_then_no_cap_is_named(self) -> None:
        amount = "{fact: total_minor, maximum: {EUR: 5, JPY: 1}}"

        assert decided(amount, total_minor=500).caps == ()

    @pytest.mark.parametrize(
        "amount",
        [
            "{fact: total_minor}",
            "{named: gift, per: days}",
            "{named: gift, maximum: {fact: total_minor}}",
            "{sum: [{named: gift}, {fact: total_minor}]}",
            LADDER,
        ],
    )
    def test_given_an_unknown_fact_then_what_is_owed_goes_to_a_person(self, amount: str) -> None:
        owed = decided(amount, part="entitlement")
        given_freely = decided(amount)

        assert owed.outcome == "person"
        assert given_freely.outcome == "none"
        assert any("cannot be computed" in line for line in owed.explanation)

    def test_given_the_arithmetic_then_staff_can_read_it(self) -> None:
        lines = decided("{percent: 10, of: total_minor}", total_minor=4990).explanation

        assert "a: voucher = 10 % of total_minor 49.90 EUR = 4.99 EUR" in lines

    @given(st.integers(0, 10**9), st.integers(0, 1000), st.integers(1, 1000))
    def test_rounding_is_half_up_and_exact(self, value: int, part: int, whole: int) -> None:
        rounded = share_half_up(value, part, whole)

        twice_off = 2 * (rounded * whole - value * part)
        assert -whole < twice_off <= whole  # at a tie, up
        assert share_half_up(float(value), part, whole) == rounded
