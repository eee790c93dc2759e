"""Gaps are found at their exact boundaries, and shown with the facts that matter."""

import pytest

from amends.compensation.proof.findings import Kind, Level
from amends.compensation.proof.prove import prove
from tests.compensation.policy_texts import version_of
from tests.compensation.proof_steps import (
    PERSON,
    clause,
    examples,
    found,
    texts,
    tiered,
)


class TestGaps:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("{days: {at_least: 30}}", "{days: {less_than: 30}}"),
            ("{days: {more_than: 30}}", "{days: {at_most: 30}}"),
            ("{days: {from: 0, to: 50}}", "{days: {from: 51, to: 100}}"),
            ("{hours: {at_least: 0.5}}", "{hours: {less_than: 0.5}}"),
            ("{stock: true}", "{stock: false}"),
            ("{category: [late, lost]}", "{category: odd}"),
            ("{flags: {has: danger}}", "{flags: {has_not: danger}}"),
            ("{days: {more_than: {fact: limit_days}}}", "{days: {at_most: {fact: limit_days}}}"),
            ("{category: {is: {fact: currency}}}", "{category: {is_not: {fact: currency}}}"),
            (
                "{total_minor: {more_than: {EUR: 5, JPY: 500}}}",
                "{total_minor: {at_most: {EUR: 5, JPY: 500}}}",
            ),
        ],
    )
    def test_given_clauses_that_meet_exactly_then_none(self, first: str, second: str) -> None:
        assert examples(clause("a", first) + clause("b", second, PERSON), Kind.GAP) == []

    @pytest.mark.parametrize(
        ("first", "second", "example"),
        [
            ("{days: {less_than: 30}}", "{days: {more_than: 30}}", "days = 30"),
            ("{days: {from: 0, to: 49}}", "{days: {from: 51, to: 99}}", "days = 50"),
            ("{days: {at_least: 1}}", "{days: {less_than: 0}}", "days = 0"),
            ("{hours: {less_than: 1}}", "{hours: {more_than: 1}}", "hours = 1"),
            ("{hours: {at_most: 1}}", "{hours: {at_least: 2}}", "hours = 1.5"),
            ("{stock: true}", "{stock: {unknown: true}}", "stock = false"),
            ("{plus: true}", "{category: [late, lost]}", "category = odd; by default plus"),
            ("{flags: {has: danger}}", "{flags: {has: press}}", "by default flags"),
            (
                "{flags: {has_not: danger}}",
                "{flags: {has_not: press}}",
                "flags = [danger, press]",
            ),
            (
                "{days: {more_than: {fact: limit_days}}}",
                "{any: [{days: {less_than: {fact: limit_days}}}, {limit_days: {is_not: 7}}]}",
                "days = 7, limit_days = 7",
            ),
            (
                "{total_minor: {less_than: {EUR: 5, JPY: 500}}}",
                "{total_minor: {at_least: {EUR: 5, JPY: 501}}}",
                "currency = JPY, total_minor = 500",
            ),
        ],
    )
    def test_given_clauses_that_leave_one_thing_then_it_is_shown(
        self, first: str, second: str, example: str
    ) -> None:
        assert examples(clause("a", first) + clause("b", second, PERSON), Kind.GAP) == [example]

    def test_given_three_facts_that_only_together_are_left_out_then_they_are_shown(self) -> None:
        clauses = (
            clause("a", "{category: [late, lost]}")
            + clause("b", "{category: odd, stock: true}")
            + clause("c", "{category: odd, stock: false, days: {not_in: [7, 8]}}")
        )

        assert examples(clauses, Kind.GAP) == ["category = odd, days = 7, stock = false"]

    def test_given_ranges_of_one_fact_then_one_example_is_enough(self) -> None:
        clauses = clause("a", "{days: {from: 10, to: 20}}") + clause("b", "{days: {at_least: 90}}")

        assert examples(clauses, Kind.GAP) == ["days = 0"]

    def test_given_two_regions_then_one_example_of_each(self) -> None:
        clauses = clause("a", "{category: [late, lost], days: {at_least: 10}}") + clause(
            "b", "{category: odd, stock: true}"
        )

        assert examples(clauses, Kind.GAP) == [
            "category = late, days = 0",
            "category = odd, stock = false",
        ]

    def test_given_a_partial_forbid_alone_then_still_a_gap(self) -> None:
        clauses = clause("a", "{stock: true}") + clause("b", "{stock: false}", "forbid: money")

        assert examples(clauses, Kind.GAP) == ["stock = false"]

    def test_given_a_choice_with_no_open_option_then_a_gap(self) -> None:
        choice = (
            "part: entitlement, choice: [{when: {days: 1}, grant: [{remedy: resend}]}, "
            "{when: {days: 2}, grant: [{remedy: apology}]}]"
        )
        clauses = clause("a", "{days: {at_most: 3}}", choice) + clause(
            "b", "{days: {more_than: 2}}"
        )

        assert examples(clauses, Kind.GAP) == ["days = 0"]

    def test_given_the_rest_named_for_a_person_then_none(self) -> None:
        clauses = clause("a", "{days: {at_least: 30}, category: late}") + clause(
            "rest", "{not: {days: {at_least: 30}, category: late}}", PERSON
        )

        assert examples(clauses, Kind.GAP) == []

    def test_given_many_regions_then_the_first_ones_and_a_word(self) -> None:
        odd_days = ", ".join(str(day) for day in range(1, 100, 2))
        clauses = clause("a", "{days: {is_not: {fact: limit_days}}}") + clause(
            "b", f"{{days: [{odd_days}], stock: true}}"
        )

        gaps = found(clauses, Kind.GAP)

        assert len(gaps) == 11
        assert [gap.message for gap in gaps[-2:]] == [
            "no clause grants, refuses or names a person",
            "there are more than these 10; close some and look again",
        ]

    def test_given_facts_that_may_be_unknown_then_one_note_names_them(self) -> None:
        clauses = (
            clause("a", "{days: {at_least: 30}, stock: true}")
            + clause("b", "{days: {less_than: 30}}", PERSON)
            + clause("c", "{any: [{stock: false}, {stock: {unknown: true}}]}", PERSON)
        )

        assert texts(clauses, Kind.GAP, Level.NOTE) == [
            "unknown facts: a person decides, without a clause that says so, "
            "where one of these is unknown: days"
        ]


class TestTierGaps:
    def test_given_tiers_that_leave_a_day_then_it_is_shown(self) -> None:
        effect = tiered("{less_than: 30}", "{more_than: 30}")

        [gap] = [g for g in found(clause("a", "{stock: true}", effect), Kind.GAP) if g.place == "a"]

        assert gap.message == "no tier fits, so its voucher is nothing"
        assert str(gap.example) == "currency = EUR, days = 30, stock = true"

    def test_given_a_maximum_from_a_fact_then_the_example_names_that_fact_too(self) -> None:
        effect = tiered("{less_than: 30}").replace("]}}]", "], maximum: {fact: total_minor}}}]")

        [gap] = [g for g in found(clause("a", "{stock: true}", effect), Kind.GAP) if g.place == "a"]

        assert str(gap.example) == "currency = EUR, days = 30, total_minor = 0, stock = true"

    def test_given_a_share_of_tiers_then_they_are_looked_at_too(self) -> None:
        tiers = "{tiers: [{when: {days: {less_than: 30}}, amount: {EUR: 5, JPY: 500}}]}"
        effect = (
            f"part: goodwill, grant: [{{remedy: voucher, amount: {{percent: 50, of: {tiers}}}}}]"
        )

        [gap] = [g for g in found(clause("a", "{stock: true}", effect), Kind.GAP) if g.place == "a"]

        assert str(gap.example) == "currency = EUR, days = 30, stock = true"

    def test_given_tiers_that_only_add_to_a_sum_then_none(self) -> None:
        tiers = "{tiers: [{when: {days: 3}, amount: {EUR: 1, JPY: 100}}]}"
        amount = f"{{sum: [{{EUR: 5, JPY: 500}}, {tiers}]}}"
        effect = f"part: goodwill, grant: [{{remedy: voucher, amount: {amount}}}]"

        assert "a" not in [f.place for f in prove(version_of(clause("a", "{stock: true}", effect)))]

    @pytest.mark.parametrize("effect", [PERSON, "forbid: everything", "forbid: {kinds: voucher}"])
    def test_given_another_clause_speaks_of_that_day_then_none(self, effect: str) -> None:
        clauses = clause("a", "{stock: true}", tiered("{less_than: 30}", "{more_than: 30}"))

        assert "a" not in [
            g.place for g in found(clauses + clause("b", "{days: 30}", effect), Kind.GAP)
        ]


class TestBudget:
    def test_given_too_few_steps_then_it_says_so_for_each_question(self) -> None:
        version = version_of(
            clause("a", "{category: late, days: 3}") + clause("b", "{stock: true}", PERSON)
        )

        unproved = [f for f in prove(version, most_steps=1) if f.kind is Kind.UNPROVED]

        assert "version 1: gap: could not be proved within 1 steps" in map(str, unproved)
        assert all(finding.level is Level.WARNING for finding in unproved)
        assert not [f for f in prove(version) if f.kind is Kind.UNPROVED]
