"""Two versions decide the same cases, each in a world of its own."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.compensation.load import parse_policy
from amends.compensation.policy import PolicyVersion
from amends.compensation.simulation.model import Asked, Cost, Pair
from amends.compensation.simulation.simulate import OutOfOrder, simulate
from amends.compensation.simulation.tally import BIGGEST, Simulation, next_step, step_of
from amends.compensation.simulation.to_json import simulation_to_json
from amends.compensation.simulation.world import World, read_facts
from tests.compensation.policy_texts import policy_text, version_of
from tests.compensation.test_policy_properties import EXAMPLES, SHOP, facts_for, policies

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VOUCHER = """
- id: late-voucher
  title: A voucher for a late parcel
  source: House rule
  part: goodwill
  when: {category: late}
  grant: [{remedy: voucher, amount: {EUR: %d, JPY: 800}}]
- id: lost
  title: A lost parcel is refunded
  source: Law
  part: entitlement
  when: {category: lost}
  grant: [{remedy: refund, amount: {fact: total_minor}}]
"""
LADDER = """
- id: late-voucher
  title: A voucher for a late parcel
  source: House rule
  part: goodwill
  when: {category: late}
  ladder:
    - grant: [{remedy: voucher, amount: {EUR: 5, JPY: 800}}]
    - grant: [{remedy: voucher, amount: {EUR: 9, JPY: 800}}]
"""
REFUSAL = "- {id: no, title: Nothing here, source: House rule, forbid: everything}"


def voucher_of(euros: int, sections: str = "") -> PolicyVersion:
    return version_of(VOUCHER % euros, sections)


def marked(euros: int) -> PolicyVersion:
    """As `voucher_of`, where the category says what a case is about."""
    text = policy_text(VOUCHER % euros).replace(
        "about: What it is about,", "about: What it is about, every_value_needs_a_clause: true,"
    )
    return parse_policy(text, "shop.yml").version_on(date(2026, 2, 1))


def late(number: int = 1, at: datetime = START, **changes: Any) -> Asked:
    asked = {"facts": {"category": "late", "currency": "EUR"}, **changes}
    return Asked(f"AM-{number}", at, **asked)


def lost(number: int = 1, total_minor: int = 2000) -> Asked:
    facts = {"category": "lost", "currency": "EUR", "total_minor": total_minor}
    return Asked(f"AM-{number}", START, facts)


def given_in(version: PolicyVersion, cases: Iterable[Asked]) -> list[int]:
    world = World(version)
    return [world.play(asked, read_facts(version, asked)).goodwill for asked in cases]


def caps(**tables: str) -> str:
    return "caps: {" + ", ".join(f"{name}: {table}" for name, table in tables.items()) + "}"


class TestCarriedCaps:
    def test_given_a_cap_per_customer_then_what_was_given_counts_until_the_window_is_over(
        self,
    ) -> None:
        cap = caps(per_customer="{window_days: 10, amount: {EUR: 12, JPY: 9000}}")
        moments = [START, START + DAY, START + 2 * DAY, START + 10 * DAY, START + 12 * DAY]
        cases = [late(i, at, customer="cus-1") for i, at in enumerate(moments)]

        given_minor = given_in(voucher_of(5, cap), cases)

        # On the tenth day the first gift still counts, on the twelfth only that of the second day.
        assert given_minor == [500, 500, 200, 0, 500]

    def test_given_other_customers_then_each_has_a_cap_of_their_own(self) -> None:
        cap = caps(per_customer="{window_days: 10, amount: {EUR: 6, JPY: 9000}}")
        names = ["cus-1", "cus-2", "cus-1", None, None]

        given_minor = given_in(voucher_of(5, cap), [late(customer=name) for name in names])

        assert given_minor == [500, 500, 100, 500, 500]

    def test_given_a_budget_of_the_day_then_it_is_full_again_at_midnight_utc(self) -> None:
        budget = caps(per_day="{EUR: 8, JPY: 9000}")
        moments = [START, START + HOUR, START + 14 * HOUR, START + 15 * HOUR]

        given_minor = given_in(voucher_of(5, budget), [late(i, at) for i, at in enumerate(moments)])

        assert given_minor == [500, 300, 0, 500]

    def test_given_one_case_asked_twice_then_its_cap_counts_both(self) -> None:
        cap = caps(per_case="{EUR: 8, JPY: 9000}")

        given_minor = given_in(
            voucher_of(5, cap), [late(1, case="k1"), late(2, case="k1"), late(3, case="k2")]
        )

        assert given_minor == [500, 300, 500]

    def test_given_two_worlds_then_a_gift_in_one_fills_no_cap_of_the_other(self) -> None:
        budget = caps(per_day="{EUR: 10, JPY: 9000}")
        cases = [late(i) for i in range(3)]

        found = simulate(cases, voucher_of(5, budget), voucher_of(9, budget))

        assert found.cost == {"EUR": Cost(old_goodwill=1000, new_goodwill=1000)}
        assert found.caps == {"per_day": Pair(old=1, new=2)}

    def test_given_what_is_owed_then_it_fills_no_cap(self) -> None:
        budget = caps(per_day="{EUR: 5, JPY: 9000}")

        found = simulate([lost(), late()], voucher_of(5, budget), voucher_of(5, budget))

        assert found.cost == {"EUR": Cost(500, 2000, 500, 2000)}


class TestAcceptance:
    @pytest.mark.parametrize(
        ("declined", "minor", "outcome"),
        [(0, 500, "remedy"), (1, 900, "remedy"), (2, 0, "person")],
    )
    def test_given_offers_declined_in_reality_then_the_next_rung_is_given(
        self, declined: int, minor: int, outcome: str
    ) -> None:
        version, asked = version_of(LADDER), late(declined=declined)

        played = World(version).play(asked, read_facts(version, asked))

        assert (played.goodwill, played.outcome) == (minor, outcome)

    def test_given_a_policy_with_fewer_rungs_then_the_same_customer_goes_to_a_person(self) -> None:
        found = simulate([late(declined=1)], version_of(LADDER), voucher_of(5))

        assert found.outcomes == {("remedy", "person"): 1}
        assert found.less["EUR"].to_person == 1


class TestOrder:
    def test_given_a_case_earlier_than_the_one_before_then_refused(self) -> None:
        with pytest.raises(OutOfOrder, match="case AM-2"):
            simulate([late(1), late(2, START - HOUR)], voucher_of(5), voucher_of(5))

    def test_given_earlier_cases_when_not_counted_then_they_only_fill_the_caps(self) -> None:
        cap = caps(per_customer="{window_days: 90, amount: {EUR: 8, JPY: 9000}}")
        cases = [late(1, START - DAY, customer="c"), late(2, START, customer="c")]

        found = simulate(cases, voucher_of(5, cap), voucher_of(8, cap), counted_from=START)

        assert (found.cases, found.cases_before) == (1, 1)
        assert found.cost == {"EUR": Cost(old_goodwill=300, new_goodwill=0)}


class TestTables:
    def test_given_more_and_less_then_counts_sums_and_who_they_are(self) -> None:
        cases = [late(1), lost(2), late(3, START)]

        found = simulate(cases, voucher_of(5), voucher_of(7))

        more = found.more["EUR"]
        assert (more.cases, more.minor, found.less) == (2, 400, {})
        first = more.biggest[0]
        assert (first.id, first.old_minor, first.new_minor) == ("AM-1", 500, 700)
        assert (first.old.clauses, first.new.clauses) == (("late-voucher",), ("late-voucher",))

    def test_given_more_changes_than_are_shown_then_the_biggest_stay_the_earlier_first(
        self,
    ) -> None:
        old, new = voucher_of(5), version_of(REFUSAL)
        totals = [300, *range(100, 100 + 2 * BIGGEST), 300]
        cases = [lost(number, total) for number, total in enumerate(totals)]

        less = simulate(cases, old, new).less["EUR"]

        assert (less.cases, less.minor) == (len(totals), -sum(totals))
        shown = [(change.id, change.difference) for change in less.biggest]
        assert shown[:3] == [("AM-0", -300), (f"AM-{len(totals) - 1}", -300), ("AM-20", -119)]
        assert len(shown) == BIGGEST

    def test_given_a_marking_fact_then_sums_by_its_values(self) -> None:
        unknown = Asked("AM-3", START, {"currency": "EUR"})

        found = simulate([late(1), lost(2), unknown], marked(5), marked(7))

        assert found.marked_by == "category"
        assert {name: group.cases for name, group in found.groups.items()} == {
            "late": 1,
            "lost": 1,
            "unknown": 1,
        }
        assert found.groups["late"].cost == {"EUR": Cost(old_goodwill=500, new_goodwill=700)}
        assert found.groups["unknown"].cost == {}

    def test_given_other_remedies_for_the_same_money_then_they_are_counted(self) -> None:
        resend = VOUCHER.replace(
            "grant: [{remedy: voucher", "grant: [{remedy: resend}, {remedy: voucher"
        )

        found = simulate([late()], voucher_of(5), version_of(resend % 5))

        assert (found.otherwise, found.more, found.less) == (1, {}, {})
        assert found.remedies == {"resend": Pair(0, 1), "voucher": Pair(1, 1)}

    def test_given_another_currency_then_one_is_less_and_the_other_more(self) -> None:
        text = policy_text(VOUCHER % 5).replace("currency: {fact: currency}", "currency: JPY")
        text = text.replace("currencies: [EUR, JPY]", "currencies: [JPY]").replace("EUR: 5, ", "")
        yen = parse_policy(text, "shop.yml").version_on(date(2026, 2, 1))

        found = simulate([late()], voucher_of(5), yen)

        assert (found.less["EUR"].minor, found.more["JPY"].minor) == (-500, 800)


class TestWhatCannotBeSeen:
    def test_given_facts_that_no_case_holds_then_they_are_named(self) -> None:
        cases = [late(1), lost(2), late(3, facts={"category": "late", "hours": None})]

        found = simulate(cases, voucher_of(5), voucher_of(7))

        assert found.unseen == ["days", "limit_days", "hours", "stock", "plus", "flags"]
        assert simulation_to_json(found)["facts"]["known_in_cases"]["total_minor"] == 1

    def test_given_facts_that_a_policy_refuses_then_counted_shown_and_in_no_sum(self) -> None:
        odd = {"category": "late", "currency": "EUR", "days": 5000}
        gone = {"category": "late", "currency": "EUR", "weekday": "monday"}
        cases = [late(1), late(2, facts=odd), late(3, facts=gone), late(4, facts=odd)]

        found = simulate(cases, voucher_of(5), voucher_of(7))

        assert (found.cases, found.refused) == (4, 3)
        assert found.outcomes[("refused", "refused")] == 3
        assert found.cost == {"EUR": Cost(old_goodwill=500, new_goodwill=700)}
        days = found.refused_by_new["days"]
        assert (days.cases, days.first_id) == (2, "AM-2")
        assert "5000 is above the greatest possible" in days.example
        assert "declares no such fact" in found.refused_by_old["weekday"].example

    def test_given_only_the_new_policy_refuses_then_the_case_is_left_out_on_both_sides(
        self,
    ) -> None:
        text = policy_text(VOUCHER % 5).replace("values: [late, lost, odd]", "values: [lost, odd]")
        text = text.replace("category: late", "category: odd")
        strict = parse_policy(text, "shop.yml").version_on(date(2026, 2, 1))

        found = simulate([late()], voucher_of(5), strict)

        assert found.outcomes == {("remedy", "refused"): 1}
        assert (found.cost, found.less, found.refused_by_old) == ({}, {}, {})

    def test_given_records_that_hold_few_facts_then_they_are_counted(self) -> None:
        found = simulate([late(1, whole=False), late(2)], voucher_of(5), voucher_of(5))

        assert found.partial == 1


@pytest.mark.parametrize(
    ("difference", "step", "end"),
    [(1, 1, 2), (499, 200, 500), (500, 500, 1000), (1999, 1000, 2000), (-21, -20, 50)],
)
def test_given_a_difference_then_its_bin_holds_it(difference: int, step: int, end: int) -> None:
    assert step_of(difference) == step
    assert next_step(abs(step)) == end


# -- what holds for every policy -------------------------------------------------------------------

CASES = st.lists(
    st.builds(
        lambda facts, hours, customer, declined: (facts, hours, customer, declined),
        facts_for(SHOP),
        st.integers(0, 3000),
        st.sampled_from([None, "a", "b"]),
        st.integers(0, 2),
    ),
    max_size=6,
).map(
    lambda drawn: [
        Asked(str(number), START + hours * HOUR, facts, customer, None, declined)
        for number, (facts, hours, customer, declined) in enumerate(
            sorted(drawn, key=lambda one: one[1])
        )
    ]
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(policies(), CASES)
def test_any_policy_against_itself_differs_nowhere(
    version: PolicyVersion, cases: list[Asked]
) -> None:
    found = simulate(cases, version, version)

    assert (found.more, found.less, found.spread, found.otherwise) == ({}, {}, {}, 0)
    assert all(old == new for old, new in found.outcomes)
    assert all(cost.old == cost.new for cost in found.cost.values())
    assert all(pair.old == pair.new for pair in (*found.caps.values(), *found.remedies.values()))


@settings(max_examples=EXAMPLES, deadline=None)
@given(policies(), policies(), CASES)
def test_any_two_policies_add_up_and_come_out_the_same_again(
    old: PolicyVersion, new: PolicyVersion, cases: list[Asked]
) -> None:
    found = simulate(cases, old, new)

    assert simulation_to_json(simulate(cases, old, new)) == simulation_to_json(found)
    assert sum(found.outcomes.values()) == found.cases == len(cases)
    for currency, cost in found.cost.items():
        groups = [group.cost[currency] for group in found.groups.values() if currency in group.cost]
        assert sum(group.old for group in groups) == cost.old
        assert sum(group.new for group in groups) == cost.new
        assert _sum(found, currency) == cost.new - cost.old


def _sum(found: Simulation, currency: str) -> int:
    sides = (found.more, found.less)
    return sum(side[currency].minor for side in sides if currency in side)
