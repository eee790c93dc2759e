"""Whatever differs between two versions of a policy is said, and nothing else, in any policy."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings

from amends.compensation.clauses import Clause, Forbid, Part, Role
from amends.compensation.differences.compare import compare_versions
from amends.compensation.differences.model import Kind
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
from tests.compensation.difference_steps import TEXT, read
from tests.compensation.test_policy_properties import EXAMPLES, policies

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
