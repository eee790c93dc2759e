"""All tables, by subject; importing this package fills `Base.metadata`."""

from amends.storage.base import Base
from amends.storage.tables import (
    case_search,
    cases,
    cause_actions,
    chat_work,
    compensation,
    conversations,
    desk_work,
    handoff,
    help_desk,
    insights,
    mail,
    orders,
    outbox,
    rules,
    satisfaction,
    staff,
    webhooks,
)

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "case_search",
    "cases",
    "cause_actions",
    "chat_work",
    "compensation",
    "conversations",
    "desk_work",
    "handoff",
    "help_desk",
    "insights",
    "mail",
    "orders",
    "outbox",
    "rules",
    "satisfaction",
    "staff",
    "webhooks",
]
