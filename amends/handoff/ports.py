"""What the handoff room needs from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from amends.compensation import ports as compensation
from amends.handoff.approval_model import Approval
from amends.handoff.canned import CannedReply
from amends.handoff.help_desk import Close, Forward, HandOver, HelpDeskChat
from amends.handoff.model import Handoff, Note, StaffMember
from amends.handoff.rule_model import RuleKind, RuleVersion
from amends.handoff.staff_model import SecondFactor, StaffChange


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
    def returned_since(self, since: datetime, limit: int = 200) -> Sequence[Handoff]:
        """Handoffs that ended by giving the chat to the assistant, latest first."""
        ...


class Notes(Protocol):
    """What staff write to each other in chats; notes are added, never changed."""

    def add(
        self, conversation_id: str, after_seq: int, author_id: str, text: str, at: datetime
    ) -> Note: ...
    def of_conversation(self, conversation_id: str) -> Sequence[Note]:
        """All notes of a conversation, oldest first."""
        ...

    def since(self, at: datetime) -> Sequence[Note]:
        """Notes written at or after a moment, oldest first."""
        ...


class Listeners(Protocol):
    """Who listens in to a colleague's chat; each row lasts a moment and is renewed."""

    def put(self, handoff_id: str, staff_id: str, until: datetime) -> None: ...
    def remove(self, handoff_id: str, staff_id: str) -> None: ...
    def all(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Handoff and staff id of everybody who listens now."""
        ...


class Staff(Protocol):
    def add(self, member: StaffMember, password_hash: str) -> None: ...
    def get(self, staff_id: str) -> StaffMember | None: ...
    def by_login(self, login: str) -> tuple[StaffMember, str] | None:
        """Return the member and the password hash."""
        ...

    def save(self, member: StaffMember) -> None:
        """Overwrite name, role, languages, skills and whether the person may sign in."""
        ...

    def all(self) -> Sequence[StaffMember]: ...
    def lock_admins(self) -> Sequence[StaffMember]:
        """Active administrators; until this transaction ends nobody else changes who they are."""
        ...

    def set_language(self, staff_id: str, language: str) -> None:
        """Let the desk speak this language to the person."""
        ...

    def set_password(self, staff_id: str, password_hash: str, *, made: bool = False) -> None:
        """Change the password, which somebody made for the person or they chose; sessions end."""
        ...

    def seen(self, staff_id: str, at: datetime) -> None: ...
    def online_since(self, since: datetime) -> Sequence[StaffMember]: ...
    def add_session(
        self, token_hash: str, staff_id: str, expires_at: datetime, *, is_half: bool = False
    ) -> None: ...
    def session(self, token_hash: str, now: datetime) -> StaffMember | None: ...
    def use_session(self, token_hash: str, now: datetime) -> None:
        """Write down that its person did something; a session that is over stays so."""
        ...

    def half_session(self, token_hash: str, now: datetime) -> StaffMember | None:
        """Who has given the password and is to give the code of the second factor."""
        ...

    def end_session(self, token_hash: str) -> None: ...
    def end_sessions(self, staff_id: str) -> None: ...


class SecondFactors(Protocol):
    def get(self, staff_id: str) -> SecondFactor: ...
    def put(self, staff_id: str, factor: SecondFactor) -> None:
        """Overwrite the second factor; recovery codes belong to the old one and go."""
        ...

    def use_step(self, staff_id: str, step: int) -> bool:
        """Use up the code of a step; False when it, or a later one, was used before."""
        ...

    def add_recovery_codes(self, staff_id: str, code_hashes: Sequence[str]) -> None: ...
    def use_recovery_code(self, staff_id: str, code_hash: str, at: datetime) -> bool:
        """Use up a recovery code; False when there is none, or it was used before."""
        ...

    def recovery_codes_left(self, staff_id: str) -> int: ...


class StaffChanges(Protocol):
    def add(self, change: StaffChange) -> None: ...
    def of(self, staff_id: str, limit: int = 100) -> Sequence[StaffChange]:
        """What was changed about a person, latest first."""
        ...


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


class CannedReplies(Protocol):
    """What staff say again and again; replies are switched off, never removed."""

    def add(self, reply: CannedReply) -> bool:
        """Store a reply; False when its id or its shortcut is taken."""
        ...

    def get(self, reply_id: str) -> CannedReply | None: ...
    def all(self) -> Sequence[CannedReply]:
        """All replies, by shortcut."""
        ...

    def id_of_shortcut(self, shortcut: str) -> str | None: ...
    def save(self, reply: CannedReply) -> bool:
        """Store a reply's new version; False when it is not the next one any more."""
        ...


class Rules(Protocol):
    """Versions of the rules that are changed at the desk; they are added, never changed."""

    def add(self, version: RuleVersion) -> bool:
        """Store a version; False when its number is taken."""
        ...

    def newest(self) -> Mapping[RuleKind, int]:
        """Return the number of the newest version of each kind that has one."""
        ...

    def latest(self, kind: RuleKind, limit: int) -> Sequence[RuleVersion]:
        """Return the latest versions of a kind, newest first."""
        ...

    def get(self, kind: RuleKind, version: int) -> RuleVersion | None: ...


class Approvals(Protocol):
    """Requests beyond one's authority; what is decided stays as it is."""

    def add(self, approval: Approval) -> bool:
        """Store a request; False when the same is asked for already in this case."""
        ...

    def get(self, approval_id: str) -> Approval | None: ...
    def lock(self, approval_id: str) -> Approval | None:
        """Return a request that nobody else decides on until the transaction ends."""
        ...

    def decide(self, approval: Approval) -> bool:
        """Store how a pending request ended; False when it had ended before."""
        ...

    def pending(self, limit: int = 200) -> Sequence[Approval]:
        """What waits for a decision, oldest first."""
        ...

    def decided_since(self, since: datetime) -> Sequence[Approval]: ...
    def of_case(self, case_id: str) -> Sequence[Approval]:
        """All requests of a case, the latest first."""
        ...


class UnitOfWork(compensation.UnitOfWork, Protocol):
    @property
    def handoffs(self) -> Handoffs: ...
    @property
    def staff(self) -> Staff: ...
    @property
    def second_factors(self) -> SecondFactors: ...
    @property
    def staff_changes(self) -> StaffChanges: ...
    @property
    def notes(self) -> Notes: ...
    @property
    def listeners(self) -> Listeners: ...
    @property
    def help_desk(self) -> HelpDeskChats: ...
    @property
    def canned(self) -> CannedReplies: ...
    @property
    def approvals(self) -> Approvals: ...
    @property
    def rules(self) -> Rules: ...
