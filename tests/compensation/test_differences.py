"""Clauses of two versions of a policy are compared in sentences that a manager can read."""

import pytest

from tests.compensation.difference_steps import TEXT, only


class TestClauses:
    def test_given_a_clause_added_then_title_source_condition_and_effect(self) -> None:
        section, place, kind, sentences = only(
            (
                "      - id: lost\n",
                "      - {id: odd, title: Anything odd, source: House rule G-9, part: goodwill, "
                "when: {category: odd}, grant: [{remedy: apology}]}\n      - id: lost\n",
            )
        )

        assert (section, place, kind) == ("clauses", "odd", "added")
        assert sentences == (
            "“Anything odd” (House rule G-9).",
            "It speaks when category is odd.",
            "Then it gives out of goodwill apology.",
        )

    def test_given_a_clause_removed_then_what_it_did(self) -> None:
        danger = next(line for line in TEXT.splitlines() if "id: danger" in line)

        _, place, kind, sentences = only((danger + "\n", ""))

        assert (place, kind) == ("danger", "removed")
        assert sentences[1:] == (
            "It spoke when flags has one of danger.",
            "Then it sends the case to a person (agent).",
        )

    @pytest.mark.parametrize(
        ("old", "new", "place", "sentence"),
        [
            (
                "A voucher for a late parcel", "A gift for a late parcel", "late",
                "Its title was A voucher for a late parcel and is now A gift for a late parcel.",
            ),
            ("Law", "Law, article 18", "lost", "Its source was Law and is now Law, article 18."),
            (
                "We are sorry for the wait.", "Sorry.", "late",
                "What the customer is told (en) was “We are sorry for the wait.” and is now "
                "“Sorry.”.",
            ),
            (
                "amount: {EUR: 5, JPY: 800}", "amount: {EUR: 7, JPY: 800}", "late",
                "On rung 1, the voucher was 5.00 EUR and is now 7.00 EUR.",
            ),
            (
                "percent: 10,", "percent: 12,", "late",
                "On rung 2, the voucher was 10 % of total_minor, at most 9.00 EUR / 900 JPY and is "
                "now 12 % of total_minor, at most 9.00 EUR / 900 JPY.",
            ),
            (", {remedy: apology}]", "]", "late", "On rung 2, it no longer gives apology."),
            (
                "{remedy: resend}", "{remedy: resend}, {remedy: apology, due_days: 9}", "lost",
                "It now gives apology.",
            ),
            (
                "{when: {stock: true}, grant", "{when: {stock: false}, grant", "lost",
                "The condition of resend was stock is yes and is now stock is no.",
            ),
            (
                "first_when: {plus: true}", "first_when: {plus: false}", "lost",
                "When refund is offered first was plus is yes and is now plus is no.",
            ),
            (
                "forbid: goodwill", "forbid: money", "no-gifts",
                "What it forbids was goodwill and is now money.",
            ),
            (
                "person: agent", "person: supervisor", "danger",
                "The role that is enough was agent and is now supervisor.",
            ),
            (
                "forbid: goodwill", "person: agent", "no-gifts",
                "Before, it forbids goodwill. Now, it sends the case to a person (agent).",
            ),
        ],
    )  # fmt: skip
    def test_given_a_clause_changed_then_what_was_and_what_is(
        self, old: str, new: str, place: str, sentence: str
    ) -> None:
        found = only((old, new))

        assert found == ("clauses", place, "changed", (sentence,))

    def test_given_another_condition_then_what_it_no_longer_asks_and_what_it_now_asks(
        self,
    ) -> None:
        _, place, kind, sentences = only(("days: {at_least: 3}", "days: {at_least: 4}, plus: true"))

        assert (place, kind) == ("late", "changed")
        assert sentences == (
            "It no longer asks that days is at least 3.",
            "It now asks that days is at least 4.",
            "It now asks that plus is yes.",
        )

    def test_given_a_definition_changed_then_each_clause_that_names_it_changes(self) -> None:
        _, place, _, sentences = only(("more_than: {EUR: 50,", "more_than: {EUR: 60,"))

        assert place == "lost"
        assert sentences[1] == (
            "It now asks that it is a case of big, which is "
            "total_minor is more than 60.00 EUR / 80.00 JPY."
        ).replace("80.00 JPY", "8000 JPY")

    def test_given_a_rung_less_then_what_is_gone(self) -> None:
        line = next(line for line in TEXT.splitlines() if "percent: 10" in line)

        _, _, _, sentences = only((line + "\n", ""))

        assert sentences == (
            "Rung 2 is gone: voucher of 10 % of total_minor, at most 9.00 EUR / 900 JPY and "
            "apology.",
        )


class TestOrder:
    def test_given_conditions_in_another_order_then_named_as_such(self) -> None:
        found = only(
            ("{category: late, days: {at_least: 3}}", "{days: {at_least: 3}, category: late}")
        )

        assert found[1:] == (
            "late",
            "reordered",
            ("Its conditions are written otherwise; it speaks in the same cases.",),
        )

    def test_given_a_definition_written_out_then_it_means_the_same(self) -> None:
        found = only(("meets: big", "total_minor: {more_than: {EUR: 50, JPY: 8000}}"))

        assert found[1:3] == ("lost", "reordered")

    def test_given_alternatives_in_another_order_then_named_as_such(self) -> None:
        lines = TEXT.splitlines()
        first, second = (
            next(line for line in lines if mark in line) for mark in ("stock: true", "first_when")
        )

        _, place, kind, (sentence,) = only((f"{first}\n{second}", f"{second}\n{first}"))

        assert (place, kind) == ("lost", "reordered")
        assert sentence.startswith("On rung 1 the same is offered in another order: refund of")

    def test_given_a_clause_at_another_place_then_only_that_one_is_named(self) -> None:
        danger = next(line for line in TEXT.splitlines() if "id: danger" in line)

        _, place, kind, sentences = only(
            (danger + "\n", ""), ("      - id: late\n", f"{danger}\n      - id: late\n")
        )

        assert (place, kind, sentences) == ("danger", "reordered", ("It now stands first.",))

    def test_given_values_of_a_fact_in_another_order_then_named_as_such(self) -> None:
        found = only(("[late, lost, odd]", "[odd, late, lost]"))

        assert found[:3] == ("facts", "category", "reordered")
