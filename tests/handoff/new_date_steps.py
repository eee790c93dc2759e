"""Promises that are owed, late or kept, and the new dates that staff give them."""

from datetime import timedelta

import pytest

from amends.cases.model import Promise
from amends.compensation import issuing
from amends.compensation.model import Report, Step
from amends.handoff import new_dates
from amends.handoff.errors import DateRefused, WhyNoDate
from amends.handoff.model import StaffMember, StaffRole
from amends.wiring import jobs
from tests.support.shop import ANA, Chat, Shop
from tests.wiring.steps import pending, remedies

TRAINER = StaffMember("s-tim", "tim", "Tim", StaffRole.TRAINER)
WHY = "The carrier has lost the parcel"


def owed(shop: Shop, chat: Chat) -> Promise:
    """The promise of a remedy that is due last, as it holds now."""
    return max(holding(shop, chat), key=lambda one: one.due_at)


def holding(shop: Shop, chat: Chat) -> list[Promise]:
    """The promises of remedies that have no new date."""
    with shop.db.read() as uow:
        found = uow.promises.of_case(chat.case.id)
    moved = {one.replaces for one in found}
    return [one for one in found if one.remedy_id and one.id not in moved]


def settle(shop: Shop, chat: Chat) -> None:
    """The refund system says that all is done."""
    with shop.write() as uow:
        for remedy in remedies(shop, chat.case):
            done = Report(Step.SETTLED, reference="P-1")
            issuing.record(uow, remedy.id, done, shop.clock())


def give(
    shop: Shop,
    chat: Chat,
    promise: Promise | None = None,
    staff: StaffMember = ANA,
    reason: str = WHY,
    **span: float,
) -> Promise:
    """Give the promise (plainly: the one that holds) a date so far from now."""
    due_at = shop.clock() + timedelta(**(span or {"days": 10}))
    promise_id = (promise or owed(shop, chat)).id
    with shop.write() as uow:
        hours, case_id = shop.thresholds.hours, chat.case.id
        return new_dates.give(uow, hours, promise_id, case_id, due_at, reason, staff, shop.clock())


def refused(shop: Shop, chat: Chat, *args: object, **facts: object) -> WhyNoDate:
    with pytest.raises(DateRefused) as refusal:
        give(shop, chat, *args, **facts)  # type: ignore[arg-type]
    return refusal.value.why


def overdue(shop: Shop, customer: str | None = None) -> Chat:
    """A chat whose accepted remedies the refund system has not settled in time."""
    chat, _ = pending(shop, customer)
    shop.clock.forward(days=8)
    jobs.mark_broken_promises(shop.app)
    return chat
