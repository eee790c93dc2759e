"""The plays need whole systems: they share a test worker with the other tests that start their own.

One system serves per pass, so that each pass begins from the same beginning, with engines of its
own and the day's whole budget of goodwill. No other test meets the orders, queues and budgets
that hundreds of dialogues leave behind.
"""

import pytest

from tests.adversarial.evidence import Evidence
from tests.adversarial.samples import sample

PLAYED = "test_adversarial.py"


@pytest.hookimpl(tryfirst=True)  # before the workers are told the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.name == PLAYED:
            item.add_marker(pytest.mark.xdist_group("own"))  # as in tests/e2e/conftest.py


@pytest.fixture
def english() -> Evidence:
    return sample("en")
