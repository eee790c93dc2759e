"""The demo shop shows every situation the assistant must handle."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from amends.cases.model import Order, OrderState
from amends.storage import Database, demo, demo_shop
from amends.storage.passwords import verify_password
from tests.storage.samples import DAY, NOW
from tests.support.database import fresh_database

TODAY = NOW.date()
ORDERS = {order.number: order for order in demo_shop.orders(NOW)}


def days_ago(day: date | None) -> int | None:
    return None if day is None else (TODAY - day).days


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Database]:
    database = fresh_database(tmp_path)
    yield database
    database.close()


class TestFill:
    def test_given_an_empty_shop_when_filled_then_every_order_is_read_as_written(
        self, db: Database, url: str
    ) -> None:
        assert demo.fill(url, NOW)

        with db.read() as uow:
            customers = uow.orders.customers()
            assert sorted(customers, key=lambda one: one.id) == sorted(
                demo_shop.CUSTOMERS, key=lambda one: one.id
            )
            assert {number: uow.orders.find(number) for number in ORDERS} == ORDERS
            assert uow.orders.customer("cus-collins") in customers
            assert uow.orders.customer("cus-nobody") is None
            assert len(uow.orders.customers(limit=3)) == 3

    def test_given_customers_when_filled_again_then_nothing_changes(
        self, db: Database, url: str
    ) -> None:
        demo.fill(url, NOW)

        assert not demo.fill(url, NOW + DAY)

        with db.read() as uow:
            assert uow.orders.find("10045") == ORDERS["10045"]

    @pytest.mark.parametrize(
        "written", ["10045", "#10045", " 10045 ", "A-10045", "Order no. 10045"]
    )
    def test_given_a_number_as_customers_write_it_when_looked_up_then_found(
        self, db: Database, url: str, written: str
    ) -> None:
        demo.fill(url, NOW)

        with db.read() as uow:
            assert uow.orders.find(written) == ORDERS["10045"]
            assert uow.orders.find("99999") is None

    def test_given_a_customer_when_orders_are_listed_then_the_latest_comes_first(
        self, db: Database, url: str
    ) -> None:
        demo.fill(url, NOW)

        with db.read() as uow:
            mine = [order.number for order in uow.orders.of_customer("cus-collins")]
        assert mine == ["10050", "10045", "10020"]


class TestShop:
    def test_given_the_shop_when_surveyed_then_all_states_countries_and_currencies_occur(
        self,
    ) -> None:
        orders = ORDERS.values()

        assert {order.state for order in orders} == set(OrderState)
        assert {order.currency for order in orders} == {"GBP", "EUR", "USD", "CHF", "JPY"}
        assert {one.country for one in demo_shop.CUSTOMERS} == {"GB", "DE", "FR", "US", "CH", "JP"}
        assert {one.tier for one in demo_shop.CUSTOMERS} == {"regular", "plus"}  # as retail.yml
        assert (len(demo_shop.CUSTOMERS), len(ORDERS)) == (12, 40)

    def test_given_the_shop_when_surveyed_then_every_situation_has_an_order(self) -> None:
        orders = list(ORDERS.values())
        late = {days_ago(order.due_on) for order in orders if order.state is OrderState.LATE}
        delivered = {days_ago(order.delivered_on) for order in orders}

        assert {2, 6, 12} <= late
        assert {1, 7} <= delivered
        assert any(240 <= (days or 0) <= 250 for days in delivered)
        assert any((days or 0) > 3 * 365 for days in delivered)
        assert any(order.charged_minor == 2 * order.total.amount_minor for order in orders)
        assert any(not order.stock_available for order in orders)
        for state in (OrderState.CANCELLED, OrderState.RETURNED):
            refunds = {
                order.refund_paid_minor == order.refund_due_minor
                for order in orders
                if order.state is state and order.refund_due_minor
            }
            assert refunds == {True, False}

    @pytest.mark.parametrize("order", ORDERS.values(), ids=lambda order: order.number)
    def test_given_an_order_when_its_days_are_compared_then_they_are_possible(
        self, order: Order
    ) -> None:
        placed = order.placed_at.date()
        past = [order.delivered_on, order.cancelled_on, order.return_received_on]

        assert order.placed_at <= NOW
        assert placed < order.due_on
        assert all(placed <= day <= TODAY for day in past if day is not None)
        assert (order.state is OrderState.LATE) <= (order.due_on < TODAY)
        if order.state in {OrderState.SHIPPED, OrderState.PROCESSING}:
            assert order.due_on > TODAY
        assert order.refund_paid_minor <= order.refund_due_minor <= order.charged_minor

    def test_given_the_documented_orders_when_read_then_they_are_what_it_says(self) -> None:
        late, fault, lost, returned, twice, on_time = (
            ORDERS[str(number)] for number in range(10045, 10051)
        )

        assert (late.customer_id, late.country, late.state) == (
            "cus-collins",
            "GB",
            OrderState.LATE,
        )
        assert late.due_on == TODAY - timedelta(days=6)
        assert (fault.state, days_ago(fault.delivered_on)) == (OrderState.DELIVERED, 7)
        assert lost.state is OrderState.LOST
        assert (returned.state, days_ago(returned.return_received_on)) == (OrderState.RETURNED, 20)
        assert returned.refund_paid_minor == 0 < returned.refund_due_minor
        assert twice.charged_minor == 2 * twice.total.amount_minor
        assert (on_time.state, on_time.due_on > TODAY) == (OrderState.SHIPPED, True)


class TestStaff:
    def test_given_no_agents_when_filled_then_each_has_a_password(
        self, db: Database, url: str
    ) -> None:
        passwords = demo.fill_staff(url)

        assert set(passwords) == {"ana", "ben"}
        assert passwords["ana"] != passwords["ben"]
        with db.read() as uow:
            for login, password in passwords.items():
                found = uow.staff.by_login(login)
                assert found is not None
                assert verify_password(found[1], password)
        assert demo.fill_staff(url) == {}
