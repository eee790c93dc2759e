"""From what the log holds to what the scoring sees: pure functions over plain values."""

from collections import Counter
from collections.abc import Mapping, Sequence

from amends.cases.model import Case, CaseStatus, Promise, PromiseState
from amends.conversations.model import Message, Role, Understanding
from amends.handoff.model import Handoff
from amends.satisfaction.model import Journey, Turn


def turns_of(messages: Sequence[Message], understood: Mapping[int, Understanding]) -> list[Turn]:
    """Return the messages of both sides; notices of the system are none."""
    return [_turn(message, understood) for message in messages if message.role is not Role.SYSTEM]


def journey_of(
    messages: Sequence[Message],
    cases: Sequence[Case],
    handoffs: Sequence[Handoff],
    promises: Sequence[Promise],
    csat: int | None,
) -> Journey:
    """Return what the log knows beyond the words; everything oldest first."""
    return Journey(
        first_answer_seconds=first_answer(messages),
        waited_for_staff_seconds=max(waits_of(handoffs), default=None),
        handed_off=bool(handoffs),
        acknowledged=bool(cases) or None,
        remedy_accepted=any(case.outcome == "remedy_accepted" for case in cases),
        remedy_refused=any(case.outcome == "refusal_accepted" for case in cases),
        questions_repeated=_repeated_questions(messages),
        promises_broken=sum(promise.state is PromiseState.BROKEN for promise in promises),
        promises_kept=sum(promise.state is PromiseState.KEPT for promise in promises),
        withdrawn=any(case.status is CaseStatus.WITHDRAWN for case in cases),
        csat=csat,
    )


def first_answer(messages: Sequence[Message]) -> float | None:
    """Return the seconds from the customer's first message to the first answer."""
    asked = next((m for m in messages if m.role is Role.CUSTOMER), None)
    if asked is None:
        return None
    later = (m for m in messages if m.seq > asked.seq and m.role in {Role.BOT, Role.STAFF})
    answer = next(later, None)
    return (answer.at - asked.at).total_seconds() if answer else None


def waits_of(handoffs: Sequence[Handoff]) -> list[float]:
    """Return the seconds until a person answered, for each handoff that was answered."""
    return [
        (handoff.first_answer_at - handoff.requested_at).total_seconds()
        for handoff in handoffs
        if handoff.first_answer_at
    ]


def _turn(message: Message, understood: Mapping[int, Understanding]) -> Turn:
    if message.role is not Role.CUSTOMER:
        return Turn("system", message.text, at=message.at)
    read = understood.get(message.seq)
    if read is None:
        return Turn("user", message.text, at=message.at)
    categories = frozenset(filter(None, (read.category, *read.secondary)))
    return Turn("user", message.text, read.sentiment, message.at, read.severity, categories)


def _repeated_questions(messages: Sequence[Message]) -> int:
    asked = Counter(m.text for m in messages if m.role is Role.BOT and m.text.endswith("?"))
    return sum(count - 1 for count in asked.values())
