"""The demo shop for the tests of the surveys."""

from tests.support.shop import shop

__all__ = ["shop"]
