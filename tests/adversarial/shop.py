"""Orders and customers of one's own for each dialogue, so that no history leaks between them."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from amends.cases.model import Customer, Order
from amends.storage import Database, demo_shop

KINDS = {
    "late": "10045",  # 6 days, GBP
    "late_short": "10032",  # 2 days, GBP, member of Plus
    "late_eur": "10034",  # 6 days
    "late_chf": "10033",  # 2 days, member of Plus
    "late_usd": "10035",  # 12 days
    "late_jpy": "10036",  # 12 days, out of stock
    "lost": "10047",  # GBP, member of Plus
    "lost_eur": "10037",  # out of stock, member of Plus
    "lost_usd": "10038",  # member of Plus
    "on_time": "10050",  # GBP
    "on_time_eur": "10029",
    "on_time_usd": "10031",
    "processing": "10026",  # GBP
    "delivered": "10046",  # GBP, two kinds of goods, member of Plus
    "delivered_usd": "10025",
    "delivered_chf": "10022",  # out of stock
    "delivered_eur": "10024",  # out of stock
    "delivered_jpy": "10021",
    "delivered_3y": "10011",  # GBP
    "charged_twice": "10049",  # USD
    "charged_twice_eur": "10044",
    "returned": "10043",  # CHF, four days ago
    "returned_eur": "10048",  # twenty days ago
    "returned_paid": "10042",  # GBP
    "cancelled": "10039",  # GBP
    "cancelled_paid": "10040",  # JPY
    "cancelled_uncharged": "10041",  # EUR
}
"""Kinds of order, and which order of the demo shop each is a copy of."""

_numbers = count(50_001)


@dataclass(frozen=True, slots=True)
class Owned:
    """An order and who placed it."""

    order: Order
    owner: Customer


class Shelf:
    """Puts copies of the demo shop's orders into a running system's shop."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._customers = {customer.id: customer for customer in demo_shop.CUSTOMERS}

    def place(self, kind: str, now: datetime, owner: Customer | None = None) -> Owned:
        """Place an order of this kind as it stands at `now`; by a new customer, or by `owner`."""
        number = str(next(_numbers))
        like = next(o for o in demo_shop.orders(now) if o.number == KINDS[kind])
        with self._db.write() as uow:
            if owner is None:
                # Sorted behind the demo shop's own customers, whom others look up.
                owner = replace(
                    self._customers[like.customer_id],
                    id=f"shopper-{number}",
                    name=f"Shopper {number}",
                    email=f"{number}@example.com",
                )
                uow.orders.add_customer(owner)
            order = replace(like, number=number, customer_id=owner.id)
            uow.orders.add_order(order)
            uow.commit()
        return Owned(order, owner)
