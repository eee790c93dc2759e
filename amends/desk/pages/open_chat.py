"""Which chat a page shows, and what was last read of it."""

from dataclasses import dataclass

from amends.desk.actions import Opened
from amends.handoff.model import HandoffState, StaffMember


@dataclass
class OpenChat:
    me: StaffMember
    handoff_id: str | None = None
    read: Opened | None = None

    @property
    def is_mine(self) -> bool:
        handoff = self.read.summary.handoff if self.read else None
        return (
            handoff is not None
            and handoff.state is HandoffState.CLAIMED
            and handoff.claimed_by == self.me.id
        )
