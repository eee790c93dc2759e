"""The demo shop for the ledger's tests."""

from tests.support.shop import shop

__all__ = ["shop"]
