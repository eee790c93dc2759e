"""What the handoff room needs from outside."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from amends.compensation import ports as compensation
from amends.handoff.help_desk import Close, Forward, HandOver, HelpDeskChat
from amends.handoff.model import Handoff, StaffMember


class Handoffs(Protocol):
    def add(self, handoff: Handoff) -> None:
        """A conversation has at most one handoff that has not ended (a unique index says so)."""
        ...

    def get(self, handoff_id: str) -> Handoff | None: ...
    def open_of(self, conversation_id: str) -> Handoff | None: ...
    def of_conversation(self, conversation_id: str) -> Sequence[Handoff]: ...
    def save(self, handoff: Handoff) -> None: ...
    def claim(self, handoff_id: str, staff_id: str, at: datetime) -> bool:
        """Claim a waiting handoff; False when somebody else was first."""
        ...

    def waiting(self, limit: int = 200) -> Sequence[Handoff]:
        """Waiting handoffs, most urgent first, then by time of request."""
        ...

    def ahead(self, handoff: Handoff) -> int:
        """Count who waits before this one; it need not be stored yet."""
        ...

    def untold(self, now: datetime) -> Sequence[Handoff]:
        """Waiting handoffs whose customer is to be told that the answer is late."""
        ...

    def claimed(self) -> Sequence[Handoff]:
        """Chats that anybody answers now, oldest claim first."""
        ...

    def claimed_since(self, since: datetime, limit: int = 200) -> Sequence[Handoff]:
        """Chats whose latest claim is not older, also those that have ended; latest claim first."""
        ...

    def claimed_by(self, staff_id: str) -> Sequence[Handoff]: ...


class Staff(Protocol):
    def add(self, member: StaffMember, password_hash: str) -> None: ...
    def get(self, staff_id: str) -> StaffMember | None: ...
    def by_login(self, login: str) -> tuple[StaffMember, str] | None:
        """Return the member and the password hash."""
        ...

    def all(self) -> Sequence[StaffMember]: ...
    def set_password(self, staff_id: str, password_hash: str) -> None: ...
    def seen(self, staff_id: str, at: datetime) -> None: ...
    def online_since(self, since: datetime) -> Sequence[StaffMember]: ...
    def add_session(self, token_hash: str, staff_id: str, expires_at: datetime) -> None: ...
    def session(self, token_hash: str, now: datetime) -> StaffMember | None: ...
    def end_session(self, token_hash: str) -> None: ...


class HelpDeskUnavailable(Exception):
    """The help desk did not take it; nobody knows whether it did. It is to be told again."""

    def __init__(
        self, reason: str, retry_after: timedelta | None = None, *, misconfigured: bool = False
    ) -> None:
        super().__init__(reason)
        self.retry_after, self.misconfigured = retry_after, misconfigured


class ChatGone(Exception):
    """The help desk does not know this chat any more."""


class HelpDesk(Protocol):
    """A help desk of the company's own. Told the same again, under its key, it changes nothing.

    What people do there comes back as `amends.handoff.help_desk.Heard`. All calls may raise
    HelpDeskUnavailable.
    """

    def hand_over(self, handover: HandOver) -> str:
        """Let people there have a conversation, with its summary; returns the help desk's id."""
        ...

    def forward(self, external_id: str, words: Forward, *, again: bool) -> None:
        """Add one message.

        Args:
            again: Whether it may have been added before.

        Raises:
            ChatGone: the help desk does not know this chat any more.
        """
        ...

    def close(self, external_id: str, ending: Close, *, again: bool) -> None:
        """Say why, and take the chat off people's list.

        Raises:
            ChatGone: the help desk does not know this chat any more.
        """
        ...

    def is_staffed(self) -> bool:
        """Whether anybody is there to answer now."""
        ...


class HelpDeskChats(Protocol):
    """How conversations stand in the help desk."""

    def get(self, conversation_id: str) -> HelpDeskChat | None: ...
    def save(self, chat: HelpDeskChat) -> None:
        """Add the chat, or overwrite it."""
        ...

    def due(self, now: datetime, limit: int = 200) -> Sequence[str]:
        """Conversations of which the help desk is to be told something now."""
        ...


class UnitOfWork(compensation.UnitOfWork, Protocol):
    @property
    def handoffs(self) -> Handoffs: ...
    @property
    def staff(self) -> Staff: ...
    @property
    def help_desk(self) -> HelpDeskChats: ...
