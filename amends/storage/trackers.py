"""The engine's dialogue states, which it keeps in a database of its own; here they only end."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, column, delete, func, inspect, select, table

from amends.storage.database import is_sqlite, parse_url, sqlite_engine
from amends.storage.postgres import postgres_engine

_events = table("events", column("id"), column("sender_id"), column("timestamp"), column("data"))


class Trackers:
    """Names of visits are `<conversation>.<visit>`."""

    def __init__(self, url: str) -> None:
        self._url = parse_url(url)

    def quiet_since(self, before: datetime, after: str = "", limit: int = 500) -> Sequence[str]:
        """Names of visits in which nothing has happened since then, in order, behind a name."""
        latest = func.max(_events.c.timestamp)
        query = (
            select(_events.c.sender_id)
            .where(_events.c.sender_id > after)
            .group_by(_events.c.sender_id)
            .having(latest < before.timestamp())
            .order_by(_events.c.sender_id)
            .limit(limit)
        )
        engine = self._engine()
        try:
            with engine.begin() as connection:
                if not inspect(connection).has_table("events"):
                    return []
                return connection.scalars(query).all()
        finally:
            engine.dispose()

    def of_conversations(self, conversations: Sequence[str]) -> Sequence[str]:
        """Names of all visits of these conversations."""
        engine = self._engine()
        try:
            with engine.begin() as connection:
                if not inspect(connection).has_table("events"):
                    return []
                found: list[str] = []
                for one in conversations:
                    mine = _events.c.sender_id.between(f"{one}.", f"{one}/")
                    names = select(_events.c.sender_id).where(mine).distinct()
                    found += connection.scalars(names).all()
                return found
        finally:
            engine.dispose()

    def delete(self, senders: Sequence[str]) -> int:
        """Delete visits' states; returns how many events there were."""
        engine = self._engine()
        gone = 0
        try:
            for sender in senders:
                with engine.begin() as connection:  # short: the engine writes here too
                    mine = delete(_events).where(_events.c.sender_id == sender)
                    gone += connection.execute(mine).rowcount
        finally:
            engine.dispose()
        return gone

    def _engine(self) -> Engine:
        if is_sqlite(self._url):
            return sqlite_engine(self._url, writes=True)
        return postgres_engine(self._url)
