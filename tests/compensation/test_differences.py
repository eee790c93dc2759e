"""Two versions of a policy are compared in sentences that a manager can read."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings

from amends.compensation.clauses import Clause, Forbid, Part, Role
from amends.compensation.differences.compare import compare_versions
from amends.compensation.differences.model import Difference, Kind, difference_to_json
from amends.compensation.differences.sections import compare_validity
from amends.compensation.load import parse_policy
from amends.compensation.policy import PolicyVersion
from amends.compensation.terms import (
    ALWAYS,
    AllOf,
    Compare,
    FactDeclaration,
    FactSource,
    FactType,
    Not,
    Operator,
)
from tests.compensation.policy_texts import policy_text
from tests.compensation.test_policy_properties import EXAMPLES, policies

DEFINITIONS = "definitions:\n  big: {total_minor: {more_than: {EUR: 50, JPY: 8000}}}\n"
CLAUSES = """
- id: late
  title: A voucher for a late parcel
  source: House rule G-1
  part: goodwill
  when: {category: late, days: {at_least: 3}}
  ladder:
    - grant: [{remedy: voucher, amount: {EUR: 5, JPY: 800}}]
    - grant: [{remedy: voucher, amount: {percent: 10, of: total_minor, maximum: {EUR: 9, JPY: 900}}}, {remedy: apology}]
  reason: {en: We are sorry for the wait.}
- id: lost
  title: A lost parcel is sent again or refunded
  source: Law
  part: entitlement
  when: {category: lost, meets: big}
  choice:
    - {when: {stock: true}, grant: [{remedy: resend}]}
    - {first_when: {plus: true}, grant: [{remedy: refund, amount: {fact: total_minor}}]}
- {id: danger, title: Someone may be hurt, source: House rule P-1, when: {flags: {has: [danger]}}, person: agent}
- {id: no-gifts, title: No gifts to members, source: House rule N-1, when: {plus: true}, forbid: goodwill}
"""  # noqa: E501  (as a manager writes it)
SECTIONS = (
    "caps:\n  per_case: {EUR: 50, JPY: 8000}\n"
    "  per_customer: {window_days: 90, amount: {EUR: 100, JPY: 16000}}\n"
    "authority:\n  bot: {goodwill_per_case: {EUR: 30, JPY: 5000}, may_not_grant: [resend]}\n"
)
TEXT = policy_text(CLAUSES, DEFINITIONS + SECTIONS)


def read(text: str) -> PolicyVersion:
    return parse_policy(text, "shop.yml").version_on(date(2026, 2, 1))


def changed(*pairs: tuple[str, str]) -> tuple[Difference, ...]:
    """Compare the policy with one in which texts are replaced."""
    text = TEXT
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return compare_versions(read(TEXT), read(text))


def only(*pairs: tuple[str, str]) -> tuple[str, str, str, tuple[str, ...]]:
    (found,) = changed(*pairs)
    return found.section, found.place, str(found.kind), found.sentences


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


class TestOtherSections:
    @pytest.mark.parametrize(
        ("old", "new", "section", "place", "sentence"),
        [
            (
                "per_case: {EUR: 50,", "per_case: {EUR: 40,", "caps", "per_case",
                "Goodwill in one case in EUR was 50.00 EUR and is now 40.00 EUR.",
            ),
            (
                "  per_case: {EUR: 50, JPY: 8000}\n",
                "  per_case: {EUR: 50, JPY: 8000}\n  per_day: {EUR: 500, JPY: 80000}\n",
                "caps", "per_day",
                "Goodwill of one day in EUR was without limit and is now 500.00 EUR.",
            ),
            (
                "window_days: 90", "window_days: 30", "caps", "per_customer",
                "The window in days was 90 and is now 30.",
            ),
            (
                "goodwill_per_case: {EUR: 30,", "goodwill_per_case: {EUR: 20,", "authority", "bot",
                "Goodwill in one case in EUR was 30.00 EUR and is now 20.00 EUR.",
            ),
            (
                "may_not_grant: [resend]", "may_not_grant: [resend, refund]", "authority", "bot",
                "What this role may not grant: now also refund.",
            ),
            (
                "about: Days late, from: 0, to: 100", "about: Days late, from: 0, to: 60",
                "facts", "days", "Its greatest value was 100 and is now 60.",
            ),
            (
                "values: [late, lost, odd]", "values: [late, lost, odd, gone]", "facts", "category",
                "Its values: now also gone.",
            ),
            (
                "about: Member, default: false", "about: Member", "facts", "plus",
                "What counts when it is unknown was no and is now not given.",
            ),
            (
                "resend: {recovery: corrective, title: {en: Sent again}}",
                "resend: {recovery: corrective, title: {en: Sent once more}}",
                "remedies", "resend",
                "Its title (en) was “Sent again” and is now “Sent once more”.",
            ),
            (
                "We cannot offer more.", "There is nothing more.", "reasons", "none",
                "What the customer is told (en) was “We cannot offer more.” and is now “There is "
                "nothing more.”.",
            ),
        ],
    )  # fmt: skip
    def test_given_a_change_then_one_sentence_at_its_place(
        self, old: str, new: str, section: str, place: str, sentence: str
    ) -> None:
        (found,) = changed((old, new))

        assert (found.section, found.place, found.kind) == (section, place, Kind.CHANGED)
        assert sentence in found.sentences

    def test_given_a_fact_added_then_what_it_is_and_who_vouches(self) -> None:
        found = only(
            ("  stock: {", "  gold: {type: boolean, source: system, about: Gold}\n  stock: {")
        )

        assert found == ("facts", "gold", "added", ("Gold (boolean, system).",))

    def test_given_a_currency_more_then_everything_in_it_is_new(self) -> None:
        more = TEXT.replace("[EUR, JPY]", "[EUR, JPY, USD]").replace("JPY: ", "USD: 1, JPY: ")

        found = {one.place: one for one in compare_versions(read(TEXT), read(more))}

        assert found["currencies"].sentences == ("The currencies: now also USD.",)
        assert "in USD was without limit and is now 1.00 USD" in found["per_case"].sentences[0]

    def test_given_another_id_or_day_then_only_validity_speaks_of_it(self) -> None:
        old = read(TEXT)
        later = replace(old, id="2", valid_from=date(2026, 2, 1))

        (found,) = compare_validity(old, later)

        assert compare_versions(old, later) == ()
        assert found.sentences == (
            "The version's id was 1 and is now 2.",
            "The first day was 2026-01-01 and is now 2026-02-01.",
        )

    def test_given_a_difference_then_its_json(self) -> None:
        (found,) = changed(("per_case: {EUR: 50,", "per_case: {EUR: 40,"))

        assert difference_to_json(found) == {
            "section": "caps",
            "place": "per_case",
            "change": "changed",
            "sentences": ["Goodwill in one case in EUR was 50.00 EUR and is now 40.00 EUR."],
        }

    def test_given_comments_and_layout_then_nothing_differs(self) -> None:
        assert changed(("caps:", "# as agreed in spring\ncaps:")) == ()


OTHER_CLAUSE = {
    "title": "Another title",
    "source": "Another source",
    "when": ALWAYS,
    "reason": {"en": "Another reason."},
    "part": Part.ENTITLEMENT,
    "steps": (),
    "forbids": (Forbid(money=True),),
    "needs_role": Role.AGENT,
    "adds_to": frozenset({"lost"}),
}
OTHER_FACT = {
    "type": FactType.NUMBER,
    "source": FactSource.CLAIMED,
    "about": "Another meaning",
    "unit": "hours",
    "values": ("a",),
    "minimum": 5,
    "maximum": 50,
    "default": 7,
    "every_value_needs_a_clause": True,
}


class TestNothingIsForgotten:
    """A field that is added to the policy must be added to the comparison."""

    @pytest.mark.parametrize("name", [f.name for f in fields(Clause) if f.compare][1:])
    def test_given_any_field_of_a_clause_changed_then_it_is_said(self, name: str) -> None:
        old = read(TEXT)
        first, *others = old.clauses
        if name in {"forbids", "needs_role"}:  # a clause has one effect
            first = replace(first, part=None, steps=())
        other = replace(first, **{name: OTHER_CLAUSE[name]})

        found = compare_versions(
            replace(old, clauses=(first, *others)), replace(old, clauses=(other, *others))
        )

        assert [one.place for one in found] == [first.id]

    @pytest.mark.parametrize("name", [f.name for f in fields(FactDeclaration)][1:])
    def test_given_any_field_of_a_fact_changed_then_it_is_said(self, name: str) -> None:
        old = read(TEXT)
        days = replace(old.facts["days"], **{name: OTHER_FACT[name]})

        found = compare_versions(old, replace(old, facts={**old.facts, "days": days}))

        assert [(one.section, one.place) for one in found] == [("facts", "days")]


@settings(max_examples=EXAMPLES, deadline=None)
@given(policies())
def test_any_policy_says_the_same_as_itself(version: PolicyVersion) -> None:
    assert compare_versions(version, replace(version)) == ()


@settings(max_examples=EXAMPLES, deadline=None)
@given(policies())
def test_any_policy_written_otherwise_says_the_same_in_another_form(version: PolicyVersion) -> None:
    nested = [replace(clause, when=AllOf((Not(Not(clause.when)),))) for clause in version.clauses]

    found = compare_versions(version, replace(version, clauses=tuple(nested)))

    assert {one.place for one in found} == {clause.id for clause in version.clauses}
    assert {one.kind for one in found} == {Kind.REORDERED}


@settings(max_examples=EXAMPLES, deadline=None)
@given(policies())
def test_any_policy_with_one_condition_more_differs_in_that_clause(version: PolicyVersion) -> None:
    first, *others = version.clauses
    more = Compare("hours", Operator.AT_LEAST, 24)  # no clause here asks for it in a condition
    stricter = replace(first, when=AllOf((first.when, more)))

    (found,) = compare_versions(version, replace(version, clauses=(stricter, *others)))

    assert (found.place, found.kind) == (first.id, Kind.CHANGED)
    assert found.sentences == ("It now asks that hours is at least 24.",)
