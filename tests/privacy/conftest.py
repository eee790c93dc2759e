"""The demo shop for the tests of this room, and two people with words in every column."""

import pytest

from tests.privacy.planting import GIRAFFE, ZEBRA, planted
from tests.records.log.steps import everything
from tests.support.shop import LOST, Chat, Shop, shop

__all__ = ["shop"]


@pytest.fixture
def two(shop: Shop) -> tuple[Shop, Chat, Chat]:
    first, second = everything(shop), everything(shop, LOST)
    planted(shop, first, ZEBRA, "cus-z")
    planted(shop, second, GIRAFFE, "cus-g")
    return shop, first, second
