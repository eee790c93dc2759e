"""What staff set in a case: each change has who, before and after in the timeline."""

from datetime import timedelta

import pytest

from amends.cases import fields
from amends.cases import use_cases as cases
from amends.cases.errors import CaseClosed, CauseStays, DeadlineHasPassed, OwnerNotActive
from amends.cases.fields import FIELD_CHANGED, Person
from amends.cases.model import Case, Category
from amends.cases.root_causes import RootCause
from tests.support.shop import ANA, Shop

BEN = Person("s-ben", "Ben", active=True)
GONE = Person("s-eve", "Eve", active=False)


@pytest.fixture
def case(shop: Shop) -> Case:
    return shop.chat().complains()


def changes(shop: Shop, case: Case) -> list[tuple[str, dict[str, object]]]:
    with shop.db.read() as uow:
        entries = uow.cases.entries(case.id)
    return [(one.actor, one.data) for one in entries if one.kind == FIELD_CHANGED]


def closed(shop: Shop, case: Case) -> None:
    with shop.write() as uow:
        cases.resolve(uow, case.id, "explained", ANA.id, shop.clock())


class TestSetting:
    def test_given_a_new_value_when_set_then_case_and_timeline_hold_it(
        self, shop: Shop, case: Case
    ) -> None:
        due_at = shop.clock() + timedelta(hours=5)
        with shop.write() as uow:
            fields.set_category(uow, case.id, Category.DAMAGED_ITEM, ANA.id, shop.clock())
            fields.set_root_cause(uow, case.id, RootCause.PACKAGING, ANA.id, shop.clock())
            fields.set_owner(uow, case.id, BEN, ANA.id, shop.clock())
            found = fields.set_deadline(uow, case.id, due_at, ANA.id, shop.clock())

        assert (found.category, found.root_cause) == (Category.DAMAGED_ITEM, RootCause.PACKAGING)
        assert (found.owner, found.resolution_due_at) == ("s-ben", due_at)
        assert changes(shop, case) == [
            (
                ANA.id,
                {"field": "category", "before": "not_received", "after": "damaged_item"},
            ),
            (ANA.id, {"field": "root_cause", "before": None, "after": "packaging"}),
            (ANA.id, {"field": "owner", "before": "bot", "after": "s-ben"}),
            (ANA.id, {"field": "deadline", "before": None, "after": due_at.isoformat()}),
        ]

    def test_given_the_same_value_when_set_then_nothing_is_written(
        self, shop: Shop, case: Case
    ) -> None:
        with shop.write() as uow:
            fields.set_category(uow, case.id, case.category, ANA.id, shop.clock())

        assert changes(shop, case) == []

    def test_given_a_second_category_when_it_becomes_the_first_then_it_is_second_no_more(
        self, shop: Shop, case: Case
    ) -> None:
        with shop.write() as uow:
            fields.set_category(uow, case.id, Category.WRONG_ITEM, ANA.id, shop.clock())
            found = fields.set_category(uow, case.id, Category.WRONG_ITEM, ANA.id, shop.clock())

        assert Category.WRONG_ITEM not in found.secondary


class TestRefusing:
    def test_given_a_closed_case_when_changed_then_only_the_cause_is_taken(
        self, shop: Shop, case: Case
    ) -> None:
        closed(shop, case)

        with shop.write() as uow:
            now = shop.clock()
            with pytest.raises(CaseClosed):
                fields.set_category(uow, case.id, Category.DAMAGED_ITEM, ANA.id, now)
            with pytest.raises(CaseClosed):
                fields.set_owner(uow, case.id, BEN, ANA.id, now)
            with pytest.raises(CaseClosed):
                fields.set_deadline(uow, case.id, now + timedelta(hours=1), ANA.id, now)
            found = fields.set_root_cause(uow, case.id, RootCause.CAPACITY, ANA.id, now)
            with pytest.raises(CauseStays):
                fields.set_root_cause(uow, case.id, None, ANA.id, now)

        assert found.root_cause is RootCause.CAPACITY

    def test_given_somebody_who_left_when_made_owner_then_refused_by_name(
        self, shop: Shop, case: Case
    ) -> None:
        with shop.write() as uow, pytest.raises(OwnerNotActive, match="Eve"):
            fields.set_owner(uow, case.id, GONE, ANA.id, shop.clock())

        assert changes(shop, case) == []

    def test_given_a_moment_in_the_past_when_made_the_deadline_then_refused(
        self, shop: Shop, case: Case
    ) -> None:
        with shop.write() as uow, pytest.raises(DeadlineHasPassed):
            fields.set_deadline(uow, case.id, shop.clock(), ANA.id, shop.clock())
