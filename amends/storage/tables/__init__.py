"""All tables, by subject; importing this package fills `Base.metadata`."""

from amends.storage.base import Base
from amends.storage.tables import (
    cases,
    compensation,
    conversations,
    handoff,
    help_desk,
    orders,
    outbox,
    satisfaction,
    webhooks,
)

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "cases",
    "compensation",
    "conversations",
    "handoff",
    "help_desk",
    "orders",
    "outbox",
    "satisfaction",
    "webhooks",
]
