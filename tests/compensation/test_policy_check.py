"""`policy check` warns of what loads but is hardly meant."""

from pathlib import Path

import pytest

from amends.compensation.check import check_policy
from amends.compensation.load import load_policy, parse_policy
from amends.compensation.proof.findings import Kind, Level
from tests.compensation.policy_texts import policy_text

GRANT = "part: goodwill, grant: [{remedy: apology}]"
GIFT = "part: goodwill, grant: [{remedy: voucher, amount: {EUR: 5, JPY: 500}}]"
LOW = "authority: {bot: {goodwill_per_case: {EUR: 4, JPY: 900}}}\n"


def warnings(clauses: str, sections: str = "", head: tuple[str, str] = ("", "")) -> list[str]:
    """All warnings but those of gaps and of unused names, of which small policies are full."""
    text = policy_text(clauses, sections).replace(*head, 1)
    return [
        str(finding)
        for finding in check_policy(parse_policy(text, "shop.yml"))
        if finding.level is Level.WARNING
        and finding.kind is not Kind.UNUSED
        and finding.place != "gap"
    ]


def clause(when: str, effect: str = GRANT, name: str = "a") -> str:
    return f"- {{id: {name}, title: T, source: S, when: {when}, {effect}}}\n"


class TestWarnings:
    @pytest.mark.parametrize(
        "when",
        [
            "{days: {from: 5, to: 3}}",
            "{days: {at_least: 3, less_than: 3}}",
            "{days: {more_than: 3, less_than: 4}}",
            "{days: {more_than: 100}}",
            "{days: [1, 2], all: [{days: {at_least: 3}}]}",
            "{category: late, all: [{category: lost}]}",
            "{category: late, not: {category: [late, odd]}}",
            "{stock: true, not: {stock: true}}",
            "{days: {unknown: true, at_least: 3}}",
            "{days: {at_most: 3}, any: [{days: 4}, {days: 5}]}",
            "{not: {any: [{days: {at_least: 3}}, {days: {less_than: 3}}]}}",
            "{flags: {has: danger}, all: [{flags: {has_not: [danger, press]}}]}",
            "{plus: {unknown: true}}",
        ],
    )
    def test_given_a_condition_that_cannot_hold_then_a_warning(self, when: str) -> None:
        assert [text for text in warnings(clause(when)) if "can never speak" in text]

    @pytest.mark.parametrize(
        "when",
        [
            "{days: {from: 3, to: 3}}",
            "{hours: {more_than: 3, less_than: 4}}",
            "{category: [late, lost], not: {category: late}}",
            "{days: {at_most: 3}, any: [{days: 4}, {days: 2}]}",
            "{flags: {has: danger, has_not: press}}",
        ],
    )
    def test_given_a_condition_that_can_hold_then_none(self, when: str) -> None:
        assert warnings(clause(when)) == []

    def test_given_two_clauses_that_say_the_same_then_a_warning(self) -> None:
        first = clause("{days: 3, category: [late, lost]}")
        second = clause("{category: [lost, late], days: 3}", name="b")

        assert warnings(first + second) == ["version 1: b: says the same as a"]

    def test_given_two_conditions_that_mean_the_same_then_a_warning(self) -> None:
        first = clause("{days: {at_least: 98}}")
        second = clause("{days: [98, 99, 100]}", name="b")

        assert warnings(first + second) == ["version 1: b: says the same as a"]

    def test_given_a_category_without_clause_then_a_warning(self) -> None:
        covered = ("values: [late", "every_value_needs_a_clause: true, values: [late")
        both = clause("{category: late}") + clause("{not: {category: odd}}", GIFT, "b")

        assert warnings(both, head=covered) == [
            "version 1: fact category: no clause speaks of odd; every such case goes to a person"
        ]

    def test_given_a_gift_above_the_bots_authority_then_a_warning(self) -> None:
        assert warnings(clause("{days: 3}", GIFT), LOW) == [
            "version 1: a: gives 5.00 EUR, above authority.bot (4.00 EUR)"
        ]

    def test_given_an_option_that_is_never_open_then_a_warning(self) -> None:
        effect = (
            "part: entitlement, choice: [{when: {days: 4}, grant: [{remedy: resend}]}, "
            "{grant: [{remedy: apology}]}]"
        )

        assert warnings(clause("{days: 3}", effect)) == [
            "version 1: a: option 1 is never open: no facts fit days is 3 and days is 4"
        ]

    def test_given_a_reason_that_tells_of_inner_bounds_then_a_warning(self) -> None:
        effect = GRANT + ", reason: {en: 'You have reached our limit, sorry.'}"

        assert warnings(clause("{days: 3}", effect)) == [
            "version 1: a: its reason (en) tells the customer of 'limit'"
        ]

    def test_given_a_chinese_reason_that_tells_of_inner_bounds_then_a_warning(self) -> None:
        effect = GRANT + ", reason: {en: 'Sorry.', zh: '很抱歉，您已达到上限。'}"

        assert warnings(clause("{days: 3}", effect)) == [
            "version 1: a: its reason (zh) tells the customer of '上限'"
        ]

    def test_given_unused_names_then_a_warning(self) -> None:
        text = policy_text(clause("{days: 3}"), "definitions: {soon: {days: 1}}")

        found = [str(warning) for warning in check_policy(parse_policy(text, "shop.yml"))]

        assert "version 1: definition soon: is declared but used by nothing" in found
        assert "version 1: remedy refund: is declared but used by nothing" in found


def test_the_retail_policy_has_no_warning() -> None:
    policy = load_policy(Path(__file__).parents[2] / "policies" / "retail.yml")

    assert [str(f) for f in check_policy(policy) if f.level is Level.WARNING] == []
