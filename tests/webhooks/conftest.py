"""The demo shop, for events that really happen, and what is logged meanwhile."""

from tests.support.shop import shop
from tests.wiring.conftest import log

__all__ = ["log", "shop"]
