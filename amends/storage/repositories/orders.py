"""The demo shop's order system."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from amends.cases.model import Customer, Order
from amends.cases.order_numbers import normal_number
from amends.storage.repositories.base import Lookup, Repository
from amends.storage.repositories.rows import to_customer, to_order
from amends.storage.tables.orders import CustomerRow, OrderLineRow, OrderRow

_ORDER = Lookup(OrderRow, "number")
_OF_CUSTOMER = Lookup(OrderRow, "customer_id", order_by=["placed_at", "number"])
_LINES = Lookup(OrderLineRow, "order_number", order_by=["position"])
_CUSTOMER = Lookup(CustomerRow, "id")


class SqlOrders(Repository):
    def find(self, number: str) -> Order | None:
        """The order of this number, however the customer wrote it."""
        row = self._found_first(_ORDER, number=normal_number(number))
        return None if row is None else self._with_lines(row)

    def of_customer(self, customer_id: str) -> Sequence[Order]:
        """All orders of a customer, latest first."""
        rows = self._found(_OF_CUSTOMER, customer_id=customer_id)
        return [self._with_lines(row) for row in reversed(rows)]

    def customer(self, customer_id: str) -> Customer | None:
        row = self._found_first(_CUSTOMER, id=customer_id)
        return None if row is None else to_customer(row)

    def customers(self, limit: int = 50) -> Sequence[Customer]:
        rows = self._all(select(CustomerRow).order_by(CustomerRow.id).limit(limit))
        return [to_customer(row) for row in rows]

    def customer_count(self) -> int:
        return self._session.scalar(select(func.count()).select_from(CustomerRow)) or 0

    def add_customer(self, customer: Customer) -> None:
        self._insert(
            CustomerRow,
            {
                "id": customer.id,
                "name": customer.name,
                "email": customer.email,
                "tier": customer.tier,
                "country": customer.country,
                "language": customer.language,
            },
        )

    def add_order(self, order: Order) -> None:
        self._insert(OrderRow, _order_values(order))
        self._insert(OrderLineRow, *_line_values(order))

    def _with_lines(self, row: OrderRow) -> Order:
        return to_order(row, self._found(_LINES, order_number=row.number))


def _order_values(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "customer_id": order.customer_id,
        "state": order.state,
        "currency": order.currency,
        "shipping_paid_minor": order.shipping_paid_minor,
        "placed_at": order.placed_at,
        "due_on": order.due_on,
        "delivered_on": order.delivered_on,
        "cancelled_on": order.cancelled_on,
        "return_received_on": order.return_received_on,
        "refund_due_minor": order.refund_due_minor,
        "refund_paid_minor": order.refund_paid_minor,
        "charged_minor": order.charged_minor,
        "stock_available": order.stock_available,
        "country": order.country,
        "warehouse": order.warehouse,
        "carrier": order.carrier,
    }


def _line_values(order: Order) -> list[dict[str, Any]]:
    return [
        {
            "order_number": order.number,
            "position": position,
            "sku": line.sku,
            "title": line.title,
            "quantity": line.quantity,
            "unit_price_minor": line.unit_price_minor,
        }
        for position, line in enumerate(order.lines)
    ]
