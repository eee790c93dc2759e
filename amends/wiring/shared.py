"""What the processes of one installation share through Redis; nothing, where there is none."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.storage.database import Database
from amends.wiring.redis_link import RedisLink
from amends.wiring.settings import Settings

if TYPE_CHECKING:
    from amends.wiring.announcing import Announcer


@dataclass(frozen=True, slots=True)
class Shared:
    link: RedisLink
    announcer: "Announcer"

    async def close(self) -> None:
        await asyncio.to_thread(self.announcer.close)
        await self.link.close()


def share(settings: Settings, db: Database) -> Shared | None:
    """Return the way to the others, who from now on hear of what this process changes."""
    if not settings.redis_url:
        return None
    from amends.wiring.announcing import Announcer  # brings redis-py with it

    announcer = Announcer(settings.redis_url)
    db.on_change(announcer.changed)
    return Shared(RedisLink(settings.redis_url), announcer)
