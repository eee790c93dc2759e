"""Remedies that come twice, and clauses that are always overruled."""

import pytest

from amends.compensation.decide import decide
from amends.compensation.errors import PolicyError
from amends.compensation.facts import check_facts
from amends.compensation.proof.findings import Kind, Level
from tests.compensation.policy_texts import version_of
from tests.compensation.proof_steps import (
    APOLOGY,
    PERSON,
    VOUCHER,
    clause,
    found,
    texts,
    tiered,
)


class TestOverlaps:
    def test_given_two_vouchers_on_one_day_then_that_day_is_shown(self) -> None:
        clauses = clause("a", "{days: {at_most: 30}}", VOUCHER) + clause(
            "b", "{days: {at_least: 30}}", VOUCHER
        )

        [overlap] = found(clauses, Kind.OVERLAP)

        assert overlap.place == "b"
        assert overlap.message == (
            "can give a voucher in one offer with that of a; if both are meant, write adds_to: a"
        )
        assert str(overlap.example) == "currency = EUR, days = 30"
        facts = check_facts(version_of(clauses), overlap.example.facts if overlap.example else {})
        assert [r.kind for r in decide(version_of(clauses), facts).remedies] == ["voucher"] * 2

    @pytest.mark.parametrize(
        ("when", "effect", "more"),
        [
            ("{days: {more_than: 30}}", VOUCHER, ""),
            ("{days: 30}", VOUCHER.replace("goodwill", "entitlement"), ""),
            ("{days: 30}", APOLOGY, ""),
            ("{days: 30}", VOUCHER + ", adds_to: a", ""),
            ("{days: 30}", VOUCHER, clause("c", "{days: 30}", "forbid: {clauses: a}")),
            ("{days: 30}", VOUCHER, clause("c", "{days: {at_least: 30}}", PERSON)),
        ],
    )
    def test_given_that_only_one_is_given_or_both_are_meant_then_none(
        self, when: str, effect: str, more: str
    ) -> None:
        clauses = clause("a", "{days: {at_most: 30}}", VOUCHER) + clause("b", when, effect)

        assert found(clauses + more, Kind.OVERLAP) == []

    def test_given_the_same_that_is_not_money_then_it_is_given_once_and_none(self) -> None:
        clauses = clause("a", "{stock: true}") + clause("b", "{days: 30}")

        assert found(clauses, Kind.OVERLAP) == []

    def test_given_tiers_that_share_the_days_out_then_none(self) -> None:
        clauses = clause("a", "{stock: true}", tiered("{less_than: 30}")) + clause(
            "b", "{category: late}", tiered("{at_least: 30}")
        )

        assert found(clauses, Kind.OVERLAP) == []

    def test_given_a_second_rung_that_meets_another_clause_then_it_is_found(self) -> None:
        voucher = "{remedy: voucher, amount: {percent: 10, of: total_minor}}"
        ladder = (
            f"part: goodwill, ladder: [{{grant: [{{remedy: resend}}]}}, {{grant: [{voucher}]}}]"
        )
        clauses = clause("a", "{days: 3}", ladder) + clause("b", "{days: {at_most: 3}}", VOUCHER)

        [overlap] = found(clauses, Kind.OVERLAP)

        assert str(overlap.example) == "currency = EUR, days = 3, total_minor = 5"

    def test_given_an_amount_of_several_facts_then_the_example_names_them(self) -> None:
        share = "{percent: 10, of: total_minor, maximum: {fact: limit_days}}"
        amount = f"{{sum: [{{EUR: 5, JPY: 500}}, {share}]}}"
        effect = f"part: goodwill, grant: [{{remedy: voucher, amount: {amount}}}]"

        [overlap] = found(
            clause("a", "{days: 3}", effect) + clause("b", "{stock: true}", VOUCHER), Kind.OVERLAP
        )

        assert overlap.example is not None
        assert set(overlap.example.facts) == {
            "currency", "days", "limit_days", "stock", "total_minor"
        }  # fmt: skip

    def test_given_something_owed_that_cannot_be_computed_then_the_example_names_its_facts(
        self,
    ) -> None:
        owed = "part: entitlement, grant: [{remedy: refund, amount: {fact: total_minor}}]"
        clauses = clause("a", "{days: 3}", VOUCHER) + clause("b", "{stock: true}", VOUCHER)

        [overlap] = found(clauses + clause("c", "{stock: true}", owed), Kind.OVERLAP)

        version = version_of(clauses + clause("c", "{stock: true}", owed))
        assert overlap.example is not None
        decision = decide(version, check_facts(version, overlap.example.facts))
        assert [grant.kind for grant in decision.remedies].count("voucher") == 2

    def test_given_an_excuse_that_excuses_nothing_then_a_warning(self) -> None:
        clauses = clause("a", "{days: {at_most: 30}}", VOUCHER) + clause(
            "b", "{days: {more_than: 30}}", VOUCHER + ", adds_to: [a, c]"
        )
        clauses += clause("c", "{stock: true}", "forbid: goodwill")

        assert texts(clauses, Kind.UNUSED) == [
            f"b: adds_to {name} is not needed: no offer holds the same remedy of both"
            for name in ("a", "c")
        ]


class TestShadows:
    def test_given_a_grant_within_a_forbid_then_it_names_what_overrules_it(self) -> None:
        clauses = clause("a", "{days: {from: 10, to: 20}}", VOUCHER)
        clauses += clause("low", "{days: {less_than: 16}}", "forbid: money")
        clauses += clause("high", "{days: {more_than: 15}}", "forbid: goodwill")
        clauses += clause("other", "{stock: true}", "forbid: everything")

        assert texts(clauses, Kind.SHADOWED) == ["a: grants nothing: always overruled by low, high"]

    def test_given_one_day_outside_the_forbids_then_none(self) -> None:
        clauses = clause("a", "{days: {from: 10, to: 20}}", VOUCHER)
        clauses += clause("low", "{days: {less_than: 16}}", "forbid: money")
        clauses += clause("high", "{days: {more_than: 16}}", "forbid: goodwill")

        assert texts(clauses, Kind.SHADOWED) == []

    def test_given_one_of_two_grants_always_struck_then_it_is_named(self) -> None:
        both = VOUCHER.replace("[{remedy", "[{remedy: apology}, {remedy")
        clauses = clause("a", "{stock: true}", both)
        clauses += clause("stop", "{stock: true}", "forbid: money")

        assert texts(clauses, Kind.SHADOWED) == ["a: its voucher is always overruled by stop"]

    def test_given_a_person_wherever_it_speaks_then_a_note_that_only_staff_apply_it(self) -> None:
        clauses = clause("a", "{category: lost, stock: true}")
        clauses += clause("hear", "{category: lost}", PERSON)

        assert texts(clauses, Kind.SHADOWED) == []
        assert texts(clauses, Kind.SHADOWED, Level.NOTE) == [
            "a: only staff apply it: always sent to a person by hear"
        ]

    def test_given_a_forbid_of_what_nobody_grants_then_a_note(self) -> None:
        clauses = clause("a", "{days: {at_most: 5}}", VOUCHER)
        clauses += clause("stop", "{days: {more_than: 5}}", "forbid: money")

        assert texts(clauses, Kind.SHADOWED, Level.NOTE) == [
            "stop: strikes nothing: where it speaks, no clause grants what it forbids"
        ]


class TestAddsTo:
    @pytest.mark.parametrize("written", ["a", "[a]"])
    def test_given_a_name_or_a_list_then_it_is_read(self, written: str) -> None:
        version = version_of(clause("a", "{days: 1}") + clause("b", "{days: 2}", adding(written)))

        assert version.clause("b").adds_to == {"a"}

    @pytest.mark.parametrize(
        ("effect", "message"),
        [
            (APOLOGY + ", adds_to: late", "unknown clause late"),
            (APOLOGY + ", adds_to: b", "a clause cannot add to itself; name the other clause"),
            (PERSON + ", adds_to: a", "adds_to is for clauses that grant"),
        ],
    )
    def test_given_what_it_cannot_mean_then_it_is_refused(self, effect: str, message: str) -> None:
        with pytest.raises(PolicyError, match=message):
            version_of(clause("a", "{days: 1}") + clause("b", "{days: 2}", effect))


def adding(names: str) -> str:
    return f"{APOLOGY}, adds_to: {names}"
