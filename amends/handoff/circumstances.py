"""How a conversation came to where it is: what the log, the case and the ledger say beside words.

The check after each message and the preview on past conversations ask the same functions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from amends.cases.model import Case, Order
from amends.compensation.model import DecisionRecord
from amends.conversations.model import Message
from amends.handoff import treatment
from amends.handoff.assess import Circumstances
from amends.handoff.hours import Hours
from amends.handoff.model import Handoff


@dataclass(frozen=True, slots=True)
class Past:
    """What had come before a moment."""

    handoffs: Sequence[Handoff]
    said: Sequence[Message]  # the latest messages, oldest first; none where the log tells nothing
    case: Case | None
    order: Order | None
    decisions: Sequence[DecisionRecord]


def circumstances(past: Past, hours: Hours, now: datetime, intent: str | None) -> Circumstances:
    """Return what the messages themselves do not tell.

    Args:
        past: what had come before.
        hours: in which waiting counts.
        now: the moment.
        intent: of the message that is looked at; None when it was answered already.
    """
    ended = last_end(past.handoffs)
    since = waits_since(past.handoffs, past.said)
    waited = hours.between(since, now) if since else timedelta(0)
    repeat = past.case is not None and past.case.repeat_complaint
    return Circumstances(
        impact_minor=past.order.total.amount_minor if past.order else 0,
        # Once a person has looked at it, that it is a repeat asks for nobody a second time.
        repeat_complaint=repeat and not ended,
        times_asked=treatment.times_asked(past.said) if in_vain(intent) else 0,
        unanswered_minutes=waited // timedelta(minutes=1),
        last_offer_refused=last_offer_refused(past.decisions, ended),
    )


def log_tells(last_seq: int, handoffs: Sequence[Handoff], intent: str | None) -> bool:
    """Whether the log may hold a question asked in vain, or words that staff left unanswered."""
    asked = in_vain(intent) and last_seq >= treatment.SHORTEST
    return asked or any(one.outcome == "returned_to_bot" for one in handoffs)


def last_end(handoffs: Sequence[Handoff]) -> datetime | None:
    """Return when a person last had done with the conversation."""
    return max((one.ended_at for one in handoffs if one.ended_at), default=None)


def in_vain(intent: str | None) -> bool:
    return intent is not None and intent not in treatment.ANSWERS


def waits_since(handoffs: Sequence[Handoff], said: Sequence[Message]) -> datetime | None:
    """Return since when the customer waits: for a person, if one was asked for, else for a word."""
    waiting = next((h for h in handoffs if h.ended_at is None), None)
    if waiting is not None and waiting.first_answer_at is None:
        return waiting.requested_at
    # What staff have settled needs no answer any more, perhaps they have called.
    settled = [h.ended_at for h in handoffs if h.ended_at and h.outcome != "returned_to_bot"]
    return treatment.unanswered_since([m for m in said if not settled or m.at > max(settled)])


def last_offer_refused(decisions: Sequence[DecisionRecord], ended: datetime | None) -> bool:
    """Whether the customer declined, and the policy then sent the case to a person."""
    if not decisions:
        return False
    last = decisions[-1]
    return last.rung > 0 and last.outcome == "person" and (ended is None or last.at > ended)
