"""What the policy is told about a case comes from systems, in the policy's own words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.model import (
    Case,
    CaseId,
    CaseStatus,
    Category,
    Customer,
    Order,
    OrderLine,
    OrderState,
    Wish,
)
from amends.compensation.case_facts import History, case_facts, days_late
from amends.compensation.facts import check_facts
from amends.compensation.load import load_policy
from tests.support.shop import NOW, PROJECT

RETAIL = load_policy(PROJECT / "policies" / "retail.yml").version_on(NOW.date())
TODAY = NOW.date()
LAMP = OrderLine("L", "Oak table lamp", 1, 5400)
CHAIRS = OrderLine("C", "Folding garden chair", 2, 4500)
ORDER = Order(
    "10045", "cus-1", OrderState.LATE, "GBP", (LAMP, CHAIRS), 495, NOW, TODAY - timedelta(days=6)
)
CASE = Case(
    id=CaseId("k1"),
    number="AM-7K3F9D",
    conversation_id="c1",
    category=Category.NOT_RECEIVED,
    status=CaseStatus.OPEN,
    opened_at=NOW,
    opened_by_seq=1,
    owner="bot",
    next_step="customer_answers",
)
DATES = st.dates(date(2025, 1, 1), date(2027, 1, 1))


class TestCaseFacts:
    def test_given_an_order_when_gathered_then_money_comes_from_the_order(self) -> None:
        case = replace(CASE, wish=Wish.REFUND, flags=frozenset({"media", "legal"}))
        history = History(
            goodwill_count_90d=2, verified=True, settled_before=True, waiting_hours=9.5
        )
        customer = Customer("cus-1", "Maya", "m@example.com", tier="plus")

        facts = case_facts(case, ORDER, customer, history, NOW)

        assert facts["order_total_minor"] == 5400 + 2 * 4500 + 495
        assert (facts["shipping_paid_minor"], facts["currency"]) == (495, "GBP")
        assert (facts["days_late"], facts["order_state"]) == (6, "late")
        assert (facts["wish"], facts["flags"]) == ("refund", ["legal", "media"])
        assert (facts["customer_verified"], facts["customer_tier"]) == (True, "plus")
        assert (facts["settled_before"], facts["previous_goodwill_count_90d"]) == (True, 2)
        assert facts["waiting_hours"] == 9.5

    def test_given_no_order_when_gathered_then_nothing_is_made_up_about_one(self) -> None:
        facts = case_facts(CASE, None, None, History(), NOW)

        assert facts["order_found"] is False
        assert not [name for name in facts if name.endswith("_minor") or name == "currency"]

    @pytest.mark.parametrize(
        ("said", "price"),
        [
            ("the oak lamp", 5400),
            ("one Folding chair", 9000),
            (None, 5400),
            ("something else entirely", 5400),
            ("it", 5400),
        ],
    )
    def test_given_an_item_when_gathered_then_its_price_or_the_lowest_counts(
        self, said: str | None, price: int
    ) -> None:
        facts = case_facts(replace(CASE, item=said), ORDER, None, History(), NOW)

        assert facts["item_price_minor"] == price

    @pytest.mark.parametrize(
        ("due", "paid", "facts"),
        [(0, 0, (False, False)), (500, 0, (True, False)), (500, 499, (True, False)),
         (500, 500, (True, True)), (500, 501, (True, True))],
    )  # fmt: skip
    def test_given_a_refund_when_gathered_then_it_is_paid_only_in_full(
        self, due: int, paid: int, facts: tuple[bool, bool]
    ) -> None:
        order = replace(ORDER, refund_due_minor=due, refund_paid_minor=paid)

        found = case_facts(CASE, order, None, History(), NOW)

        assert (found["refund_due"], found["refund_paid"]) == facts

    @pytest.mark.parametrize(("charged", "twice"), [(14895, False), (29789, False), (29790, True)])
    def test_given_a_charge_when_gathered_then_twice_means_the_whole_price_twice(
        self, charged: int, twice: bool
    ) -> None:
        order = replace(ORDER, charged_minor=charged)

        assert case_facts(CASE, order, None, History(), NOW)["charged_twice"] is twice

    def test_given_a_free_order_when_gathered_then_nothing_was_charged_twice(self) -> None:
        free = replace(ORDER, lines=(), shipping_paid_minor=0)

        facts = case_facts(CASE, free, None, History(), NOW)

        assert (facts["charged_twice"], facts["item_price_minor"]) == (False, 0)

    @given(
        st.sampled_from(Category),
        st.sampled_from([None, *Wish]),
        st.sampled_from(["low", "medium", "high", "critical"]),
        st.one_of(st.none(), st.sampled_from(OrderState)),
        DATES,
        st.one_of(st.none(), st.dates(date(2025, 1, 1), TODAY)),
        st.integers(0, 50_000),
        st.sampled_from(["regular", "plus"]),
    )
    def test_given_any_case_when_gathered_then_the_shipped_policy_knows_every_fact(
        self,
        category: Category,
        wish: Wish | None,
        severity: str,
        state: OrderState | None,
        due: date,
        delivered: date | None,
        charged: int,
        tier: str,
    ) -> None:
        case = replace(CASE, category=category, wish=wish, severity=severity)
        order = state and replace(
            ORDER, state=state, due_on=due, delivered_on=delivered, charged_minor=charged
        )
        customer = Customer("cus-1", "Maya", "m@example.com", tier=tier)

        facts = case_facts(case, order or None, customer, History(), NOW)

        known = check_facts(RETAIL, facts)
        assert {name: known[name] for name in facts if facts[name] is not None} == {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in facts.items()
            if value is not None
        }


class TestDaysLate:
    @given(st.sampled_from(OrderState), DATES, st.one_of(st.none(), DATES), DATES)
    def test_given_any_dates_when_counted_then_never_negative(
        self, state: OrderState, due: date, delivered: date | None, today: date
    ) -> None:
        order = replace(ORDER, state=state, due_on=due, delivered_on=delivered)

        assert days_late(order, today) >= 0

    @pytest.mark.parametrize(
        ("state", "delivered", "days"),
        [
            (OrderState.LATE, None, 6),
            (OrderState.SHIPPED, None, 6),
            (OrderState.LOST, None, 6),
            (OrderState.DELIVERED, TODAY - timedelta(days=4), 2),
            (OrderState.DELIVERED, TODAY - timedelta(days=6), 0),
            (OrderState.DELIVERED, TODAY - timedelta(days=9), 0),
            (OrderState.CANCELLED, None, 0),
            (OrderState.RETURNED, None, 0),
        ],
    )
    def test_given_an_order_due_six_days_ago_when_counted_then_arrival_stops_the_clock(
        self, state: OrderState, delivered: date | None, days: int
    ) -> None:
        assert days_late(replace(ORDER, state=state, delivered_on=delivered), TODAY) == days
