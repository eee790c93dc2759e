"""How long a customer waited, as it is logged for analysis."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from amends.handoff.model import Channel, HandoffState
from amends.records.log.columns import Personal, hidden, ident, plain, words


@dataclass(frozen=True, slots=True)
class LoggedHandoff:
    id: Annotated[str, plain("the handoff")]
    case_id: Annotated[str | None, plain("the case it is about")]
    state: Annotated[HandoffState, plain("where it stands")]
    priority: Annotated[int, plain("1 (most urgent) to 4")]
    reasons: Annotated[
        tuple[str, ...], plain("rows of the table of handoff that fired, or why else")
    ]
    requested_at: Annotated[datetime, plain("when a person was asked for")]
    answer_due_at: Annotated[datetime, plain("by when an answer was promised")]
    limit_due_at: Annotated[datetime, plain("after it most customers are gone")]
    claimed_at: Annotated[datetime | None, plain("when somebody took the chat, the last time")]
    claimed_by: Annotated[str | None, ident("who took it", Personal.STAFF)]
    first_answer_at: Annotated[datetime | None, plain("when that person first wrote")]
    ended_at: Annotated[datetime | None, plain("when it was over")]
    outcome: Annotated[str | None, plain("`resolved`, `returned_to_bot` or `customer_left`")]
    answer_seconds: Annotated[float | None, plain("seconds from the request to the first answer")]
    answered_in_time: Annotated[
        bool | None, plain("whether by the promised time; null while none is due")
    ]
    late_told_at: Annotated[
        datetime | None, plain("when the customer was told that the answer is late")
    ]
    limit_told_at: Annotated[datetime | None, plain("when they were told that it is late for good")]
    contact_channel: Annotated[Channel | None, plain("where else the answer is wanted")]
    contact_address: Annotated[str | None, hidden("e-mail address or phone number for it")]
    taken_from: Annotated[
        str | None, ident("who had the chat before it was put back", Personal.STAFF)
    ]
    taken_at: Annotated[datetime | None, plain("when it was put back")]
    passed_at: Annotated[
        datetime | None, plain("when it was passed on; null when it is not under way")
    ]
    passed_note: Annotated[str | None, words("what was written for whoever takes it")]
    was_needed: Annotated[
        bool | None, plain("whether a person was needed, as that person marked it")
    ]


@dataclass(frozen=True, slots=True)
class LoggedWaits:
    first_answer_seconds: Annotated[
        float | None,
        plain(
            "seconds from the customer's first message to the first answer of assistant or person"
        ),
    ]
    handoffs: Annotated[tuple[LoggedHandoff, ...], plain("requests for a person, in order")]
