"""Filling an empty database with the demo shop and its staff."""

from datetime import datetime

from amends.handoff.model import StaffMember, StaffRole
from amends.storage import demo_shop
from amends.storage.database import Database
from amends.storage.errors import Conflict
from amends.storage.passwords import hash_password, one_time_password
from amends.values import new_id

AGENTS = (("ana", "Ana"), ("ben", "Ben"))


def fill(url: str, now: datetime) -> bool:
    """Add the demo shop's customers and orders; False when there are customers already.

    Dates count from `now`, so that the order that is six days late is late by six days today.
    """
    db = Database(url)
    try:
        with db.write() as uow:
            if uow.orders.customer_count():
                return False
            for customer in demo_shop.CUSTOMERS:
                uow.orders.add_customer(customer)
            for order in demo_shop.orders(now):
                uow.orders.add_order(order)
            uow.commit()
        return True
    except Conflict:  # another process is filling it at this very moment
        return False
    finally:
        db.close()


def fill_staff(url: str, password: str | None = None) -> dict[str, str]:
    """Add the demo agents that are missing and return their passwords by login.

    Args:
        url: Database to fill.
        password: The same for all of them; each gets one of its own when there is none.
    """
    db = Database(url)
    try:
        with db.write() as uow:
            missing = [agent for agent in AGENTS if uow.staff.by_login(agent[0]) is None]
            passwords = {login: password or one_time_password() for login, _ in missing}
            for login, name in missing:
                member = StaffMember(new_id(), login, name, StaffRole.AGENT)
                uow.staff.add(member, hash_password(passwords[login]))
            uow.commit()
        return passwords
    finally:
        db.close()
