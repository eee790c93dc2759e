"""Orders of a test's own: one that was settled once is never settled again."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from amends.cases.model import Customer
from amends.storage import Database

_numbers = count(20001)


def copy_order(db: Database, number: str, no_later: datetime | None = None) -> str:
    """Return the number of a new order just like this one, by a customer without a history."""
    new = str(next(_numbers))
    owner = Customer(f"cus-{new}", f"Customer {new}", f"{new}@example.com")
    with db.write() as uow:
        like = uow.orders.find(number)
        assert like is not None
        placed = like.placed_at - timedelta(seconds=1)
        placed = min(placed, no_later or placed)
        uow.orders.add_customer(owner)
        uow.orders.add_order(replace(like, number=new, customer_id=owner.id, placed_at=placed))
        uow.commit()
    return new
