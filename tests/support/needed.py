"""What a test needs of the machine."""

import os
from typing import NoReturn

import pytest


def without(reason: str) -> NoReturn:
    """Skip the test for want of a service, or fail where all services were asked for."""
    if os.environ.get("AMENDS_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
