"""Clauses and tiers that no facts reach are found, however many facts it takes to see it."""

import pytest

from amends.compensation.proof.findings import Kind
from tests.compensation.proof_steps import (
    clause,
    found,
    texts,
    tiered,
)


class TestUnreachable:
    def test_given_a_contradiction_between_two_facts_then_its_lines_are_named(self) -> None:
        when = (
            "{stock: true, days: {more_than: {fact: limit_days}}, "
            "all: [{limit_days: {at_least: 100}}]}"
        )

        assert texts(clause("a", when), Kind.UNREACHABLE) == [
            "a: can never speak: no facts fit days is more than limit_days "
            "and limit_days is at least 100"
        ]

    def test_given_facts_that_can_just_fit_then_none(self) -> None:
        when = "{days: {more_than: {fact: limit_days}}, all: [{limit_days: {at_least: 99}}]}"

        assert texts(clause("a", when), Kind.UNREACHABLE) == []

    @pytest.mark.parametrize(
        "when",
        [
            "{days: {more_than: 10, less_than: {fact: limit_days}}, limit_days: {less_than: 13}}",
            "{days: {more_than: 10, less_than: {fact: limit_days}}, "
            "limit_days: {less_than: {fact: total_minor}}, total_minor: {less_than: 14}}",
            "{days: {more_than: 10, less_than: {fact: hours}}, hours: {less_than: 12}}",
            "{hours: {more_than: {fact: days}}, days: 10, limit_days: 11, "
            "all: [{hours: {less_than: {fact: limit_days}}}]}",
            "{category: {is: {fact: currency}}}",
        ],
    )
    def test_given_facts_that_fit_between_two_constants_then_none(self, when: str) -> None:
        assert texts(clause("a", when), Kind.UNREACHABLE) == []

    def test_given_no_room_between_two_constants_then_it_is_unreachable(self) -> None:
        when = "{days: {more_than: 10, less_than: {fact: limit_days}}, limit_days: {less_than: 12}}"

        assert [finding.place for finding in found(clause("a", when), Kind.UNREACHABLE)] == ["a"]

    def test_given_three_facts_in_a_circle_then_it_is_unreachable(self) -> None:
        when = (
            "{days: {more_than: {fact: limit_days}}, limit_days: {more_than: {fact: total_minor}}, "
            "total_minor: {more_than: {fact: days}}}"
        )

        [finding] = found(clause("a", when), Kind.UNREACHABLE)

        assert finding.message.count("is more than") == 3

    def test_given_amounts_that_fit_in_no_currency_then_it_is_unreachable(self) -> None:
        low, high = "{EUR: 5, JPY: 700}", "{EUR: 5, JPY: 600}"
        never = f"{{total_minor: {{more_than: {low}, at_most: {high}}}}}"
        in_yen = f"{{total_minor: {{more_than: {high}, at_most: {low}}}}}"

        assert [f.place for f in found(clause("a", never), Kind.UNREACHABLE)] == ["a"]
        assert found(clause("a", in_yen), Kind.UNREACHABLE) == []

    @pytest.mark.parametrize(
        ("when", "tiers", "expected"),
        [
            (
                "{days: {at_least: 10}}",
                ["{less_than: 10}", "{at_least: 10}"],
                ["a: tier 1 of its amount is never reached: no facts fit it there"],
            ),
            (
                "{days: {at_least: 10}}",
                ["{at_least: 3}", "{at_least: 50}"],
                ["a: tier 2 of its amount is never reached: an earlier one always holds first"],
            ),
            ("{days: {at_least: 10}}", ["{less_than: 11}", "{at_least: 11}"], []),
        ],
    )
    def test_given_a_tier_that_never_counts_then_it_says_why(
        self, when: str, tiers: list[str], expected: list[str]
    ) -> None:
        assert texts(clause("a", when, tiered(*tiers)), Kind.UNREACHABLE) == expected

    def test_given_a_named_amount_that_another_clause_uses_up_then_none(self) -> None:
        effect = tiered("{less_than: 10}", "{at_least: 10}")
        clauses = clause("a", "{days: {at_least: 10}}", effect) + clause(
            "b", "{days: {less_than: 10}}", effect
        )

        assert texts(clauses, Kind.UNREACHABLE) == []
