"""Small policies over facts with few values, as a strategy for Hypothesis."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from amends.compensation.clauses import Clause, Forbid, Grant, Option, Part, Role, Step
from amends.compensation.load import parse_policy
from amends.compensation.policy import PolicyVersion
from amends.compensation.terms import (
    ALWAYS,
    AllOf,
    Amount,
    AnyOf,
    Bounded,
    Compare,
    Condition,
    FactRef,
    Fixed,
    MoneyTable,
    Not,
    Operator,
    Per,
    Share,
    Tier,
    Tiers,
)
from tests.compensation.policy_texts import policy_text

FACTS = """
  kind: {type: string, source: claimed, about: a, values: [late, lost, odd]}
  other_kind: {type: string, source: claimed, about: a, values: [lost, odd, sent]}
  days: {type: integer, source: system, about: a, from: 0, to: 3}
  allowed: {type: integer, source: system, about: a, from: 1, to: 4}
  hours: {type: number, source: claimed, about: a, from: 0, to: 2}
  total: {type: integer, source: system, about: a, from: 0, to: 3}
  stock: {type: boolean, source: system, about: a}
  plus: {type: boolean, source: system, about: a, default: false}
  flags: {type: list, source: system, about: a, values: [red, blue], default: []}
  tags: {type: list, source: system, about: a, values: [red]}
  country: {type: string, source: system, about: a}
"""
VALUES: dict[str, list[Any]] = {
    "kind": ["late", "lost", "odd", None],
    "other_kind": ["lost", "odd", "sent", None],
    "days": [0, 1, 2, 3, None],
    "allowed": [1, 2, 3, 4, None],
    "hours": [0, 0.5, 1, 1.5, 2, None],
    "total": [0, 1, 2, 3, None],
    "stock": [True, False, None],
    "plus": [True, False],
    "flags": [[], ["red"], ["blue"], ["red", "blue"]],
    "tags": [[], ["red"], None],
    "country": ["DE", "FR", None],
    "currency": ["EUR", "JPY", "SEK", None],
}
"""Every value; of numbers that need not be whole, one between each two constants in use."""


def _bare() -> PolicyVersion:
    text = policy_text("- {id: a, title: T, source: S, person: agent}")
    start, end = text.index("  category:"), text.index("remedies:")
    text = (
        f"{text[:start]}  currency: {{type: string, source: system, about: a}}{FACTS}{text[end:]}"
    )
    return parse_policy(text, "small.yml").version_on(date(2026, 2, 1))


BARE = _bare()

# -- small policies ------------------------------------------------------------------------------

SIZES = st.sampled_from(
    [Operator.IS, Operator.IS_NOT, Operator.AT_LEAST, Operator.MORE_THAN, Operator.AT_MOST,
     Operator.LESS_THAN]
)  # fmt: skip
EQUALITY = st.sampled_from([Operator.IS, Operator.IS_NOT])
TABLES = st.builds(
    lambda eur, jpy: MoneyTable((("EUR", eur), ("JPY", jpy))), st.integers(0, 3), st.integers(0, 3)
)


def _compares(fact: str) -> st.SearchStrategy[Condition]:
    unknown = st.sampled_from([Operator.UNKNOWN, Operator.KNOWN]).map(
        lambda operator: Compare(fact, operator)
    )
    return st.one_of(_TESTS[fact], _TESTS[fact], _TESTS[fact], unknown)


def _sizes(fact: str, most: int, *others: str) -> st.SearchStrategy[Condition]:
    operand = st.one_of(st.integers(0, most), st.sampled_from([FactRef(name) for name in others]))
    return st.builds(Compare, st.just(fact), SIZES, operand)


def _words(fact: str, *words: str) -> st.SearchStrategy[Condition]:
    some = st.lists(st.sampled_from(words), min_size=1, max_size=2).map(tuple)
    sets = st.sampled_from([Operator.IN, Operator.NOT_IN])
    return st.builds(Compare, st.just(fact), EQUALITY, st.sampled_from(words)) | st.builds(
        Compare, st.just(fact), sets, some
    )


def _held(fact: str, *words: str) -> st.SearchStrategy[Condition]:
    some = st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True).map(tuple)
    return st.builds(
        Compare, st.just(fact), st.sampled_from([Operator.HAS, Operator.HAS_NOT]), some
    )


_TESTS: dict[str, st.SearchStrategy[Condition]] = {
    "kind": _words("kind", "late", "lost", "odd")
    | st.builds(Compare, st.just("kind"), EQUALITY, st.just(FactRef("other_kind"))),
    "days": _sizes("days", 3, "allowed", "hours"),
    "hours": _sizes("hours", 2, "days"),
    "total": st.builds(Compare, st.just("total"), SIZES, TABLES | st.integers(0, 3)),
    "stock": st.builds(Compare, st.just("stock"), EQUALITY, st.booleans()),
    "plus": st.builds(Compare, st.just("plus"), EQUALITY, st.booleans()),
    "flags": _held("flags", "red", "blue"),
    "tags": _held("tags", "red"),
    "country": _words("country", "DE"),
}


def conditions(names: list[str]) -> st.SearchStrategy[Condition]:
    leaves = st.one_of([_compares(name) for name in names])
    return st.recursive(
        st.one_of(leaves, leaves, leaves, st.just(ALWAYS)),
        lambda inner: st.one_of(
            st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
            st.builds(Not, inner),
        ),
        max_leaves=4,
    )


def amounts(names: list[str]) -> st.SearchStrategy[Amount]:
    plain: list[st.SearchStrategy[Amount]] = [st.builds(Fixed, TABLES)]
    if "total" in names:
        plain.append(st.builds(Share, st.integers(0, 2), st.integers(1, 3), st.just("total")))
    return st.recursive(
        st.one_of(plain),
        lambda inner: st.one_of(
            st.builds(
                Tiers,
                st.lists(st.builds(Tier, conditions(names), inner), min_size=1, max_size=2).map(
                    tuple
                ),
            ),
            st.builds(Bounded, inner, st.none() | inner, st.none() | inner),
            *([st.builds(Per, inner, st.just("days"), st.integers(1, 2))] * ("days" in names)),
        ),
        max_leaves=2,
    )


@st.composite
def grants(draw: st.DrawFn, names: list[str]) -> Grant:
    remedy = BARE.remedies[draw(st.sampled_from(["voucher", "voucher", "refund", "resend"]))]
    amount = draw(amounts(names)) if remedy.money else None
    quantity = None if remedy.money else draw(st.sampled_from([1, 2]))
    return Grant(remedy, amount, remedy.title, None, quantity)


@st.composite
def steps(draw: st.DrawFn, names: list[str], choice: bool) -> Step:
    """A step of one option; or of two, which may be closed, where a choice is wanted."""
    given = [draw(st.lists(grants(names), min_size=1, max_size=2).map(tuple))]
    if not choice:
        return Step((Option(given[0], ALWAYS),))
    given.append(draw(st.lists(grants(names), min_size=1, max_size=1).map(tuple)))
    return Step(tuple(Option(each, draw(conditions(names))) for each in given))


@st.composite
def clauses(draw: st.DrawFn, number: int, names: list[str]) -> Clause:
    clause = Clause(f"c{number}", "T", "S", draw(conditions(names)), {})
    match draw(st.sampled_from(["grant", "grant", "grant", "forbid", "person"])):
        case "forbid":
            return replace(clause, forbids=(draw(st.sampled_from(FORBIDS)),))
        case "person":
            return replace(clause, needs_role=draw(st.sampled_from([Role.AGENT, Role.SUPERVISOR])))
    part = draw(st.sampled_from(Part))
    rungs = draw(st.integers(1, 2)) if part is Part.GOODWILL else 1
    choice = number == 0  # with two choices only the first bundles are shown
    return replace(clause, part=part, steps=tuple(draw(steps(names, choice)) for _ in range(rungs)))


FORBIDS = [
    Forbid(),
    Forbid(part=Part.GOODWILL),
    Forbid(money=True),
    Forbid(kinds=frozenset({"voucher"})),
    Forbid(clauses=frozenset({"c1"})),
]


@st.composite
def policies(draw: st.DrawFn) -> PolicyVersion:
    names = draw(st.lists(st.sampled_from(sorted(_TESTS)), min_size=1, max_size=2, unique=True))
    names += draw(st.sampled_from([[], ["stock"], ["plus"]]))
    count = draw(st.integers(1, 5))
    return replace(BARE, clauses=tuple(draw(clauses(number, names)) for number in range(count)))
