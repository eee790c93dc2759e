"""Conditions over facts, known and unknown."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.compensation.compile import compile_condition
from amends.compensation.errors import FactError
from amends.compensation.facts import check_facts
from amends.compensation.terms import AllOf, AnyOf, Compare, Condition, Facts, Not, Operator
from tests.compensation.policy_texts import facts_of, version_of


def holds(when: str, sections: str = "", **raw: Any) -> bool:
    version = version_of(f"- {{id: a, title: T, source: S, person: agent, when: {when}}}", sections)
    return bool(version.program.speaking(facts_of(version, **raw)))


class TestOperators:
    @pytest.mark.parametrize(
        ("when", "met", "not_met"),
        [
            ("{days: 3}", [3], [2, 4, None]),
            ("{days: {is: 3}}", [3], [2, None]),
            ("{days: {is_not: 3}}", [2], [3, None]),
            ("{days: [1, 3]}", [1, 3], [2, None]),
            ("{days: {in: [1, 3]}}", [1, 3], [2, None]),
            ("{days: {not_in: [1, 3]}}", [2], [1, 3, None]),
            ("{days: {at_least: 3}}", [3, 4], [2, None]),
            ("{days: {more_than: 3}}", [4], [3, None]),
            ("{days: {at_most: 3}}", [3, 0], [4, None]),
            ("{days: {less_than: 3}}", [2], [3, None]),
            ("{days: {from: 3, to: 5}}", [3, 4, 5], [2, 6, None]),
            ("{days: {unknown: true}}", [None], [0, 3]),
            ("{days: {unknown: false}}", [0, 3], [None]),
            ("{not: {days: 3}}", [2], [3, None]),
            ("{not: {days: {unknown: true}}}", [2], [None]),
            ("{not: {days: {from: 3, to: 5}}}", [2, 6], [3, 5, None]),
            ("{not: {not: {days: 3}}}", [3], [2, None]),
            ("{any: [{days: 3}, {days: 5}]}", [3, 5], [4, None]),
            ("{all: [{days: {at_least: 3}}, {days: {at_most: 5}}]}", [4], [2, 6, None]),
            ("{not: {any: [{days: 3}, {days: 5}]}}", [4], [3, 5, None]),
            ("{not: {all: [{days: 3}, {stock: true}]}}", [2], [None]),
        ],
    )
    def test_over_one_number(self, when: str, met: list[Any], not_met: list[Any]) -> None:
        assert [holds(when, days=days) for days in met] == [True] * len(met)
        assert [holds(when, days=days) for days in not_met] == [False] * len(not_met)

    def test_over_lists(self) -> None:
        assert holds("{flags: {has: danger}}", flags=["danger", "press"])
        assert holds("{flags: {has: [danger, press]}}", flags=["press"])
        assert not holds("{flags: {has: danger}}", flags=[])
        assert holds("{flags: {has_not: danger}}", flags=["press"])
        assert not holds("{not: {flags: {has: danger}}}", flags=["danger"])

    def test_over_booleans_and_numbers(self) -> None:
        assert holds("{stock: true}", stock=True)
        assert not holds("{stock: true}")
        assert not holds("{stock: false}")
        assert holds("{hours: {more_than: 1.5}}", hours=1.75)

    def test_against_another_fact(self) -> None:
        assert holds("{days: {more_than: {fact: limit_days}}}", days=4, limit_days=3)
        assert not holds("{days: {more_than: {fact: limit_days}}}", days=4)

    def test_against_an_amount_per_currency(self) -> None:
        when = "{total_minor: {more_than: {EUR: 12.50, JPY: 2000}}}"

        assert holds(when, total_minor=1251)
        assert not holds(when, total_minor=1250)
        assert not holds(when, total_minor=1251, currency="JPY")
        assert not holds(when, total_minor=10**9, currency="SEK")
        assert not holds(when, total_minor=10**9, currency=None)

    def test_by_a_defined_name(self) -> None:
        sections = "definitions: {soon: {days: {at_most: 2}}, fine: {meets: soon, stock: true}}"

        assert holds("{meets: fine}", sections, days=1, stock=True)
        assert not holds("{meets: [soon, fine]}", sections, days=1)
        assert holds("{not: {meets: soon}}", sections, days=3)


_NAMES = st.sampled_from(["a", "b", "c"])
_COMPARES = st.builds(
    Compare,
    _NAMES,
    st.sampled_from(
        [Operator.IS, Operator.AT_LEAST, Operator.LESS_THAN, Operator.IS_NOT, Operator.MORE_THAN]
    ),
    st.integers(0, 3),
)
_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    _COMPARES | st.builds(Compare, _NAMES, st.just(Operator.UNKNOWN)),
    lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=8,
)
_VALUES = st.none() | st.integers(0, 3)


def kleene(condition: Condition, facts: Facts) -> bool | None:
    """Three-valued truth, written down directly: None is unknown."""
    match condition:
        case Not(part):
            value = kleene(part, facts)
            return None if value is None else not value
        case AllOf(parts) | AnyOf(parts):
            values = [kleene(part, facts) for part in parts]
            settling = isinstance(condition, AnyOf)
            if settling in values:
                return settling
            return None if None in values else not settling
        case Compare(fact, operator, operand):
            return _kleene_compare(facts[fact], operator, operand)
    raise AssertionError(condition)


def _kleene_compare(value: Any, operator: Operator, operand: Any) -> bool | None:
    if operator is Operator.UNKNOWN:
        return value is None
    if value is None:
        return None
    return {
        Operator.IS: value == operand,
        Operator.IS_NOT: value != operand,
        Operator.AT_LEAST: value >= operand,
        Operator.LESS_THAN: value < operand,
        Operator.MORE_THAN: value > operand,
    }[operator]


@given(_CONDITIONS, st.fixed_dictionaries({"a": _VALUES, "b": _VALUES, "c": _VALUES}))
def test_compiled_conditions_follow_three_valued_logic(
    condition: Condition, facts: dict[str, int | None]
) -> None:
    compiled = compile_condition(condition, lambda _: "EUR")

    assert compiled(facts) is (kleene(condition, facts) is True)


class TestFacts:
    @pytest.mark.parametrize(
        ("raw", "complaint"),
        [
            ({"day": 1}, "fact day: the policy declares no such fact; did you mean days?"),
            ({"days": True}, "True is not a whole number"),
            ({"days": "3"}, "'3' is not a whole number"),
            ({"days": 2.5}, "2.5 is not a whole number"),
            ({"days": float("nan")}, "nan is not a whole number"),
            ({"days": -1}, "-1 is below the least possible, 0"),
            ({"days": 101}, "101 is above the greatest possible, 100"),
            ({"hours": float("inf")}, "inf is not a number"),
            ({"stock": 1}, "1 is not true or false"),
            ({"category": "losst"}, "did you mean lost?"),
            ({"category": 3}, "3 is not a string"),
            ({"flags": "danger"}, "'danger' is not a list of strings"),
            ({"flags": ["danger", 3]}, "3 is not a string"),
        ],
    )
    def test_given_a_wrong_fact_then_it_is_refused(
        self, raw: dict[str, object], complaint: str
    ) -> None:
        version = version_of("- {id: a, title: T, source: S, person: agent}")

        with pytest.raises(FactError) as caught:
            check_facts(version, raw)

        assert complaint in str(caught.value)

    def test_given_missing_facts_then_they_take_their_default_or_are_unknown(self) -> None:
        version = version_of("- {id: a, title: T, source: S, person: agent}")

        facts = check_facts(version, {"days": 3.0, "flags": ["danger", "danger"]})

        assert facts["days"] == 3
        assert isinstance(facts["days"], int)
        assert facts["flags"] == ("danger",)
        assert facts["plus"] is False
        assert facts["stock"] is None
        assert set(facts) == set(version.facts)
        assert version.covers(date(2026, 1, 1))
