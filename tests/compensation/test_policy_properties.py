"""What must hold for every policy, every set of facts and every earlier goodwill."""

import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from amends.compensation.clauses import Clause, Forbid, Grant, Option, Part, Recovery, Role, Step
from amends.compensation.decide import Decision, decide, decision_from_json, decision_to_json
from amends.compensation.facts import check_facts
from amends.compensation.load import load_policy
from amends.compensation.policy import Authority, Caps, PolicyVersion, Usage
from amends.compensation.terms import (
    ALWAYS,
    AllOf,
    Amount,
    AnyOf,
    Bounded,
    Compare,
    Condition,
    FactDeclaration,
    FactType,
    Fixed,
    MoneyTable,
    Not,
    Operator,
    Per,
    Share,
    Tier,
    Tiers,
)
from tests.compensation.policy_texts import version_of

EXAMPLES = int(os.environ.get("AMENDS_EXAMPLES", "150"))
"""Raise it for a long search, such as AMENDS_EXAMPLES=5000."""

RETAIL = load_policy(Path(__file__).parents[2] / "policies" / "retail.yml").version_on(
    date(2026, 6, 1)
)
SHOP = version_of("- {id: a, title: T, source: S, person: agent}")


# -- facts of any policy -------------------------------------------------------------------------


def fact_values(fact: FactDeclaration) -> st.SearchStrategy[Any]:
    known: st.SearchStrategy[Any]
    match fact.type:
        case FactType.BOOLEAN:
            known = st.booleans()
        case FactType.LIST:
            known = st.lists(st.sampled_from(fact.values), max_size=2)
        case FactType.STRING:
            known = st.sampled_from(fact.values or ("EUR", "JPY", "GBP", "SEK"))
        case FactType.NUMBER:
            known = st.floats(0, 500, allow_nan=False)
        case FactType.INTEGER:
            most = 60_000 if fact.name.endswith("_minor") else 100
            known = st.integers(0, min(most, int(fact.maximum or most)))
    return st.none() | known if fact.type is not FactType.LIST else known


def facts_for(version: PolicyVersion) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({n: fact_values(f) for n, f in version.facts.items()})


_GIVEN = st.dictionaries(st.sampled_from(["EUR", "JPY"]), st.integers(0, 12_000), max_size=2)
USAGES = st.builds(Usage, _GIVEN, _GIVEN, _GIVEN)
ROLES = st.sampled_from(list(Role))


# -- policies ------------------------------------------------------------------------------------

MONEY = st.builds(
    lambda eur, jpy: MoneyTable((("EUR", eur), ("JPY", jpy))),
    st.integers(0, 3000),
    st.integers(0, 3000),
)
_COMPARES: st.SearchStrategy[Condition] = st.one_of(
    st.builds(
        Compare, st.just("category"), st.just(Operator.IS), st.sampled_from(["late", "lost"])
    ),
    st.builds(
        Compare,
        st.just("days"),
        st.sampled_from([Operator.AT_LEAST, Operator.LESS_THAN]),
        st.integers(0, 50),
    ),
    st.builds(Compare, st.sampled_from(["stock", "plus"]), st.just(Operator.IS), st.booleans()),
    st.builds(
        Compare, st.just("flags"), st.sampled_from([Operator.HAS, Operator.HAS_NOT]),
        st.just(("danger",)),
    ),
    st.builds(Compare, st.just("total_minor"), st.just(Operator.MORE_THAN), MONEY),
    st.just(ALWAYS),
)  # fmt: skip
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    _COMPARES,
    lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=2).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=2).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=3,
)
AMOUNTS: st.SearchStrategy[Amount] = st.recursive(
    st.builds(Fixed, MONEY)
    | st.builds(Share, st.integers(0, 5), st.integers(1, 9), st.just("total_minor")),
    lambda inner: st.one_of(
        st.builds(Per, inner, st.sampled_from(["days", "hours"]), st.integers(1, 9)),
        st.builds(Bounded, inner, st.none() | inner, st.builds(Fixed, MONEY)),
        st.builds(Tiers, st.lists(st.builds(Tier, CONDITIONS, inner), max_size=2).map(tuple)),
    ),
    max_leaves=3,
)


@st.composite
def grants(draw: st.DrawFn) -> Grant:
    remedy = SHOP.remedies[draw(st.sampled_from(sorted(SHOP.remedies)))]
    return Grant(remedy, draw(AMOUNTS) if remedy.money else None, remedy.title, remedy.due_days)


_OPTIONS = st.builds(
    Option,
    st.lists(grants(), min_size=1, max_size=2).map(tuple),
    CONDITIONS,
    st.none() | CONDITIONS,
)
_STEPS = st.builds(Step, st.lists(_OPTIONS, min_size=1, max_size=3).map(tuple))
_FORBIDS = st.builds(
    Forbid,
    part=st.none() | st.sampled_from(Part),
    recovery=st.frozensets(st.sampled_from(Recovery), max_size=2),
    money=st.none() | st.booleans(),
    kinds=st.frozensets(st.sampled_from(sorted(SHOP.remedies)), max_size=2),
    clauses=st.frozensets(st.sampled_from(["c0", "c1"]), max_size=1),
)


@st.composite
def clauses(draw: st.DrawFn, number: int, effect: str | None = None) -> Clause:
    effect = effect or draw(st.sampled_from(["grant", "grant", "grant", "forbid", "person"]))
    clause = Clause(f"c{number}", "T", "S", draw(CONDITIONS), {})
    if effect == "forbid":
        return replace(clause, forbids=(draw(_FORBIDS),))
    if effect == "person":
        return replace(clause, needs_role=draw(st.sampled_from([Role.AGENT, Role.SUPERVISOR])))
    part = draw(st.sampled_from(Part))
    most = 1 if part is Part.ENTITLEMENT else 3
    steps = draw(st.lists(_STEPS, min_size=1, max_size=most))
    return replace(clause, part=part, steps=tuple(steps))


_TABLES = st.none() | MONEY
_AUTHORITIES = st.builds(
    Authority,
    _TABLES,
    _TABLES,
    st.frozensets(st.sampled_from(sorted(SHOP.remedies)), max_size=1),
)


@st.composite
def policies(draw: st.DrawFn) -> PolicyVersion:
    count = draw(st.integers(1, 4))
    return replace(
        SHOP,
        clauses=tuple(draw(clauses(number)) for number in range(count)),
        caps=Caps(draw(_TABLES), draw(_TABLES), 90, draw(_TABLES)),
        authority=draw(st.dictionaries(ROLES, _AUTHORITIES, max_size=2)),
    )


# -- the properties ------------------------------------------------------------------------------


def goodwill(bundle: Iterable[Any]) -> int:
    return sum(g.amount.amount_minor for g in bundle if g.amount and g.part is Part.GOODWILL)


def most_money(decision: Decision) -> int:
    return max(
        (
            sum(grant.amount.amount_minor for grant in bundle if grant.amount)
            for bundle in decision.alternatives
        ),
        default=0,
    )


def assert_within_every_cap(
    version: PolicyVersion, decision: Decision, usage: Usage, role: Role, currency: str
) -> None:
    authority = version.authority.get(role, Authority())
    for table, given_before in (
        (authority.goodwill_per_case, usage.given_to_case),
        (version.caps.per_case, usage.given_to_case),
        (version.caps.per_customer, usage.given_to_customer),
        (version.caps.per_day, usage.given_today),
    ):
        if table is not None and currency in table.as_dict():
            left = max(0, table.as_dict()[currency] - given_before.get(currency, 0))
            assert all(goodwill(bundle) <= left for bundle in decision.alternatives)
    limit = version.entitlement_limit(role, currency)
    for bundle in decision.alternatives:
        owed = sum(g.amount.amount_minor for g in bundle if g.amount and g.part != "goodwill")
        assert limit is None or owed <= limit


def assert_well_formed(version: PolicyVersion, decision: Decision) -> None:
    known = {clause.id for clause in version.clauses}
    assert set(decision.clauses) <= known
    assert (decision.outcome == "remedy") is bool(decision.alternatives)
    assert len(decision.alternatives) <= 3
    assert set(decision.customer_reason) >= {"en"}
    for bundle in decision.alternatives:
        assert bundle
        for grant in bundle:
            assert set(grant.clauses) <= set(decision.clauses)
            assert (grant.amount is not None) is version.remedies[grant.kind].money
            assert grant.amount is None or grant.amount.amount_minor > 0
    assert decision_from_json(decision_to_json(decision)) == decision


@settings(max_examples=EXAMPLES, deadline=None)
@given(policies(), facts_for(SHOP), USAGES, ROLES, st.integers(0, 3))
def test_any_policy_is_total_bounded_and_repeatable(
    version: PolicyVersion, raw: dict[str, Any], usage: Usage, role: Role, rung: int
) -> None:
    facts = check_facts(version, raw)

    decision = decide(version, facts, usage, role, rung)

    assert decide(replace(version), dict(facts), usage, role, rung) == decision
    speaking = [c.clause for c in version.program.clauses if c.holds(facts)]
    assert [c.clause for c in version.program.speaking(facts)] == speaking  # the index agrees
    assert_well_formed(version, decision)
    assert_within_every_cap(version, decision, usage, role, str(facts["currency"]))


@settings(max_examples=EXAMPLES, deadline=None)
@given(policies(), clauses(9, "forbid"), facts_for(SHOP), USAGES, ROLES, st.integers(0, 3))
def test_adding_a_forbid_clause_never_increases_what_is_given(
    version: PolicyVersion,
    forbid: Clause,
    raw: dict[str, Any],
    usage: Usage,
    role: Role,
    rung: int,
) -> None:
    facts = check_facts(version, raw)
    stricter = replace(version, clauses=(*version.clauses, forbid))

    before = decide(version, facts, usage, role, rung)
    after = decide(stricter, facts, usage, role, rung)

    assert most_money(after) <= most_money(before)
    assert len(after.alternatives) <= len(before.alternatives)


@settings(max_examples=EXAMPLES, deadline=None)
@given(policies(), facts_for(SHOP), USAGES, ROLES, st.integers(0, 3), st.booleans())
def test_a_forbid_that_speaks_wins_over_every_grant(
    version: PolicyVersion, raw: dict[str, Any], usage: Usage, role: Role, rung: int, all_: bool
) -> None:
    facts = check_facts(version, raw)
    forbid = Forbid() if all_ else Forbid(money=True)
    stop = Clause("stop", "T", "S", ALWAYS, {}, forbids=(forbid,))

    decision = decide(replace(version, clauses=(stop, *version.clauses)), facts, usage, role, rung)

    assert most_money(decision) == 0
    assert not (all_ and decision.alternatives)


@settings(max_examples=EXAMPLES, deadline=None)
@given(facts_for(RETAIL), USAGES, ROLES, st.integers(0, 3))
def test_retail_is_total_bounded_and_repeatable(
    raw: dict[str, Any], usage: Usage, role: Role, rung: int
) -> None:
    facts = check_facts(RETAIL, raw)

    decision = decide(RETAIL, facts, usage, role, rung)

    assert decide(RETAIL, facts, usage, role, rung) == decision
    assert_well_formed(RETAIL, decision)
    assert_within_every_cap(RETAIL, decision, usage, role, str(facts["currency"]))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 100_000))
def test_retail_never_pays_less_for_a_longer_delay(first: int, second: int, total: int) -> None:
    base = {"category": "not_received", "order_found": True, "order_state": "late"}
    base |= {"currency": "EUR", "shipping_paid_minor": 495, "order_total_minor": total}
    short, long = sorted((first, second))

    given_short, given_long = (
        goodwill(
            decide(
                RETAIL,
                check_facts(RETAIL, base | {"days_late": days}),
                role=Role.SUPERVISOR,  # whose authority is not the question here
            ).remedies
        )
        for days in (short, long)
    )

    assert given_short <= given_long


@settings(max_examples=EXAMPLES, deadline=None)
@given(facts_for(RETAIL), USAGES, st.integers(0, 3))
def test_retail_gives_the_bot_no_money_without_an_order(
    raw: dict[str, Any], usage: Usage, rung: int
) -> None:
    facts = check_facts(RETAIL, raw | {"order_found": False})

    assert most_money(decide(RETAIL, facts, usage, Role.BOT, rung)) == 0


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    facts_for(RETAIL),
    st.sampled_from(["safety", "legal", "self_harm", "violence_threat"]),
    st.integers(0, 3),
)
def test_retail_hands_danger_and_law_to_a_person(raw: dict[str, Any], flag: str, rung: int) -> None:
    facts = check_facts(RETAIL, raw | {"flags": [flag]})

    assert decide(RETAIL, facts, rung=rung).outcome == "person"
