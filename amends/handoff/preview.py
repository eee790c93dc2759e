"""What another table of thresholds would have made of past conversations.

Each message is judged as live: by what was understood until then, and by what log, case and ledger
said at that moment. What cannot be known any more is named by `limits_of`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from amends.cases import use_cases as cases
from amends.cases.model import Case, Order
from amends.compensation.model import DecisionRecord
from amends.conversations.model import Conversation, Message, Seq, Understanding
from amends.handoff import treatment
from amends.handoff.assess import assess, signal_of
from amends.handoff.circumstances import Past, circumstances, last_end, log_tells
from amends.handoff.decide import rows_fired
from amends.handoff.hours import Hours
from amends.handoff.model import Assessment, Handoff
from amends.handoff.ports import UnitOfWork
from amends.handoff.thresholds import Thresholds

MOST_CHATS = 500

MOST_MESSAGES = 200
"""So many messages of a conversation are looked at, the first ones."""

MOST_LISTED = 50
"""So many of the conversations that would go another way are listed; all are counted."""


class Limit(StrEnum):
    """What a preview cannot know."""

    UNDERSTOOD_THEN = "understood_then"  # by the model of that time
    WENT_ON = "went_on"  # a chat goes on as it really went on
    OTHER_WAYS = "other_ways"  # the policy, a failed engine
    ORDER_VALUE = "order_value"  # as the shop says today
    WAITING = "waiting"  # for the handoffs that there really were


@dataclass(frozen=True, slots=True)
class PastChat:
    """A conversation as it is stored, all of it."""

    conversation: Conversation
    found: Sequence[tuple[Seq, Understanding]]
    messages: Sequence[Message]
    handoffs: Sequence[Handoff]
    cases: Sequence[Case]
    orders: dict[str, Order]  # by case id
    decisions: dict[str, Sequence[DecisionRecord]]  # by case id


@dataclass(frozen=True, slots=True)
class Differing:
    """A conversation that one table would have sent to a person, and the other not."""

    conversation_id: str
    started_at: datetime
    case_number: str | None
    now_rows: tuple[str, ...]  # ids of the rows that fired by the table in force …
    new_rows: tuple[str, ...]  # … and by the new one


@dataclass(slots=True)
class Preview:
    """How two tables judge the same conversations."""

    looked_at: int = 0
    now_sent: int = 0
    new_sent: int = 0
    more: int = 0  # sent by the new table only
    fewer: int = 0  # sent by the table in force only
    other_rows: int = 0  # sent by both, by other rows
    now_by_row: Counter[str] = field(default_factory=Counter)
    new_by_row: Counter[str] = field(default_factory=Counter)
    differing: list[Differing] = field(default_factory=list)
    cut_short: bool = False  # there was no time for all that were asked for


def preview(
    chats: Iterable[PastChat], in_force: Thresholds, new: Thresholds, enough: Callable[[], bool]
) -> Preview:
    """Judge conversations by two tables.

    Args:
        chats: the conversations, one held at a time.
        in_force: the table that holds.
        new: the one that may.
        enough: says when to stop; what was looked at until then counts.
    """
    result = Preview()
    for chat in chats:
        if enough():
            result.cut_short = True
            break
        assessed = list(assessments(chat, in_force.hours))
        now_rows, new_rows = (_fired(table, assessed) for table in (in_force, new))
        _count(result, chat, now_rows, new_rows)
    return result


def limits_of(*tables: Thresholds) -> tuple[Limit, ...]:
    """Return what a preview of these tables cannot know."""
    stated = {name for t in tables for row in t.rows for name in row.when.model_fields_set}
    limits = [Limit.UNDERSTOOD_THEN, Limit.WENT_ON, Limit.OTHER_WAYS]
    if "impact_at_least" in stated:
        limits.append(Limit.ORDER_VALUE)
    if "unanswered_minutes_at_least" in stated:
        limits.append(Limit.WAITING)
    return tuple(limits)


def past_chats(uow: UnitOfWork, limit: int = MOST_CHATS) -> Iterator[PastChat]:
    """Yield the latest conversations that were understood at all, one after the other."""
    for conversation in uow.conversations.latest(limit):
        found = uow.understandings.of_conversation(conversation.id)[:MOST_MESSAGES]
        if not found:
            continue
        known = uow.cases.of_conversation(conversation.id)
        orders = {case.id: cases.order_of(uow, case) for case in known}
        yield PastChat(
            conversation=conversation,
            found=found,
            messages=uow.conversations.after(conversation.id, 0),
            handoffs=uow.handoffs.of_conversation(conversation.id),
            cases=known,
            orders={case_id: order for case_id, order in orders.items() if order},
            decisions={case.id: uow.ledger.decisions_of_case(case.id) for case in known},
        )


def assessments(chat: PastChat, hours: Hours) -> Iterator[Assessment]:
    """Yield how the conversation stood after each message that was understood."""
    at = {message.seq: message.at for message in chat.messages}
    for number, (seq, understood) in enumerate(chat.found, start=1):
        if seq not in at:  # later than all that is looked at
            return
        past = _past_at(chat, seq, at[seq], understood.intent)
        ended = last_end(past.handoffs)
        upto = chat.found[:number]
        since = [one for one_seq, one in upto if ended is None or at[one_seq] > ended]
        signals = [signal_of(one) for one in since or [understood]]
        yield assess(signals, circumstances(past, hours, at[seq], understood.intent))


def _past_at(chat: PastChat, seq: int, moment: datetime, intent: str) -> Past:
    handoffs = [_handoff_at(one, moment) for one in chat.handoffs if one.requested_at < moment]
    said = [one for one in chat.messages if seq - treatment.LOOKED_AT < one.seq <= seq]
    case = _case_at(chat.cases, moment)
    decided = chat.decisions[case.id] if case else ()
    return Past(
        handoffs=handoffs,
        said=said if log_tells(seq, handoffs, intent) else (),
        case=case,
        order=chat.orders.get(case.id) if case else None,
        decisions=[one for one in decided if one.at < moment],
    )


def _handoff_at(handoff: Handoff, moment: datetime) -> Handoff:
    """Return the handoff as it stood at a moment."""
    if handoff.first_answer_at and handoff.first_answer_at > moment:
        handoff = replace(handoff, first_answer_at=None)
    if handoff.ended_at and handoff.ended_at > moment:
        handoff = replace(handoff, ended_at=None, outcome=None)
    return handoff


def _case_at(known: Sequence[Case], moment: datetime) -> Case | None:
    """Return the case that was on the table."""
    then = [
        one
        for one in known
        if one.opened_at < moment and (one.closed_at is None or one.closed_at > moment)
    ]
    return then[-1] if then else None


def _fired(table: Thresholds, assessed: Sequence[Assessment]) -> tuple[str, ...]:
    """Return the ids of all rows that fired at some message, in the order of the table."""
    fired = {row.id for one in assessed for row in rows_fired(table, one)}
    return tuple(row.id for row in table.rows if row.id in fired)


def _count(
    result: Preview, chat: PastChat, now_rows: tuple[str, ...], new_rows: tuple[str, ...]
) -> None:
    result.looked_at += 1
    result.now_sent += bool(now_rows)
    result.new_sent += bool(new_rows)
    result.now_by_row.update(now_rows)
    result.new_by_row.update(new_rows)
    if bool(now_rows) == bool(new_rows):
        result.other_rows += set(now_rows) != set(new_rows)
        return
    result.more += bool(new_rows)
    result.fewer += bool(now_rows)
    if len(result.differing) < MOST_LISTED:
        number = chat.cases[-1].number if chat.cases else None
        started = chat.conversation.created_at
        result.differing.append(
            Differing(chat.conversation.id, started, number, now_rows, new_rows)
        )
