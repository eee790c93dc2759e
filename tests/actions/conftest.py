"""The demo shop behind the actions; failures are logged quietly."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from amends.wiring import app as wiring
from tests.support.shop import shop

__all__ = ["shop"]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield
    wiring._chosen.clear()  # the next test brings its own application
