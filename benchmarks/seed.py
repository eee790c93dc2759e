"""Orders to complain about: one late order with a customer of its own for each conversation.

A customer who complains twice goes to a person, and gifts are capped by customer: the orders of
the demo shop would not last.
"""

from collections.abc import Iterator
from datetime import timedelta

from amends.cases.model import Customer, Order, OrderLine, OrderState
from amends.storage import Database
from amends.values import utc_now

FIRST_NUMBER = 40001
CURRENCIES = ("GBP", "EUR", "USD", "CHF")
"""In turn: each has a budget of goodwill of its own for the day."""


def add_late_orders(database_url: str, count: int) -> Iterator[str]:
    """Add customers with an order that is six days late each; return the orders' numbers."""
    numbers = [str(FIRST_NUMBER + i) for i in range(count)]
    database = Database(database_url)
    with database.write() as uow:
        for place, number in enumerate(numbers):
            owner = Customer(f"cus-load-{number}", f"Customer {number}", f"c{number}@example.com")
            uow.orders.add_customer(owner)
            uow.orders.add_order(_late_order(number, owner.id, CURRENCIES[place % len(CURRENCIES)]))
        uow.commit()
    database.close()
    return iter(numbers)


def _late_order(number: str, customer_id: str, currency: str) -> Order:
    now = utc_now()
    return Order(
        number=number,
        customer_id=customer_id,
        state=OrderState.LATE,
        currency=currency,
        lines=(OrderLine("CANDLE-F", "Scented candle", 2, 1200),),
        shipping_paid_minor=495,
        placed_at=now - timedelta(days=12),
        due_on=(now - timedelta(days=6)).date(),
        charged_minor=2895,
    )
