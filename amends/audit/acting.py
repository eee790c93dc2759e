"""Who acts, for a block of work: what is told of rows that do not say it themselves."""

import contextlib
from collections.abc import Iterator

from amends.audit.model import acting


@contextlib.contextmanager
def acting_as(who: str) -> Iterator[None]:
    """Let `who` be the actor inside the block: `operator`, `job:expire_offers`, a staff id."""
    token = acting.set(who)
    try:
        yield
    finally:
        acting.reset(token)
