"""The demo shop for the tests of this room."""

from tests.support.shop import shop

__all__ = ["shop"]
