"""The demo shop for the tests of the assembly."""

from tests.support.shop import shop

__all__ = ["shop"]
