"""The demo shop for the tests of the log."""

from tests.support.shop import shop

__all__ = ["shop"]
