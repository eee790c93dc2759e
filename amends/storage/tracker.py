"""The engine's own record of dialogues, read only; Rasa writes it (`bot/tracker_store.py`)."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, column, select, table
from sqlalchemy.exc import DatabaseError

from amends.storage.database import is_sqlite, parse_url, sqlite_engine
from amends.storage.postgres import postgres_engine

_EVENTS = table("events", column("id"), column("sender_id"), column("data"))


def tracker_events(url: str, senders: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the engine's events of each sender that has any, in order.

    None are returned where the engine has not run yet.

    Raises:
        UnusableUrl: the URL names no database of a known kind.
    """
    engine = _engine(url)
    if engine is None:
        return {}
    query = select(_EVENTS.c.sender_id, _EVENTS.c.data)
    query = query.where(_EVENTS.c.sender_id.in_(senders)).order_by(_EVENTS.c.id)
    found: dict[str, list[dict[str, Any]]] = {}
    try:
        with engine.connect() as connection:
            for sender, data in connection.execute(query):
                found.setdefault(sender, []).append(json.loads(data))
    except DatabaseError:  # the engine makes its table when it first starts
        return {}
    finally:
        engine.dispose()
    return found


def _engine(url: str) -> Engine | None:
    parsed = parse_url(url)
    if not is_sqlite(parsed):
        return postgres_engine(parsed)
    if not Path(parsed.database or "").is_file():
        return None
    return sqlite_engine(parsed, writes=False)
