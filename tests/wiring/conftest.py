"""The demo shop for the tests of the assembly, and what the jobs log."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.support.shop import shop

__all__ = ["shop"]


@pytest.fixture
def log() -> Iterator[list[MutableMapping[str, Any]]]:
    """Failures are logged with tracebacks, which nobody needs to see rendered here."""
    with capture_logs() as entries:
        yield entries
