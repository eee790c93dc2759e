"""A request for a remedy that is beyond the authority of the person who has the chat."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from amends.compensation.decision import RemedyGrant


class ApprovalState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the person who asked
    STALE = "stale"  # what was asked for is not to be had any more; nothing was granted


class Stale(StrEnum):
    """Why an approval granted nothing; kept as the reason of the request."""

    NOT_GRANTED_ANY_MORE = "not_granted_any_more"  # amounts, clauses or caps have changed
    CASE_CLOSED = "case_closed"
    CHAT_ENDED = "chat_ended"


@dataclass(frozen=True, slots=True)
class Approval:
    """One request. From pending it goes to one other state, and stays there."""

    id: str
    handoff_id: str
    case_id: str
    option_key: str  # of the option in `amends.compensation.grants`
    remedies: tuple[RemedyGrant, ...]  # as they stood when they were asked for
    asked_by: str
    asked_at: datetime
    note: str
    state: ApprovalState = ApprovalState.PENDING
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None  # a person's words when refused, a key of `Stale` when stale
    offer_id: str | None = None  # what was granted
