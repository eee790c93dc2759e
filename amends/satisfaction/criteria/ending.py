"""A person for whoever asked for one, and no end without the customer."""

from collections.abc import Iterator

from amends.cases.model import Case
from amends.conversations.model import Message
from amends.handoff.model import Handoff
from amends.satisfaction.courses import Course
from amends.satisfaction.criteria.finding import DOES_NOT_APPLY, Finding, together

_ASKS = "ask_for_person"
_FLAG = "human_request"
_CONTACT = '"contact"'


def person_when_asked(course: Course) -> Finding:
    """Whether a person answered whoever asked for one, in the chat, by e-mail or by phone.

    It does not apply while the wait is within its limit, or when the customer left before that.
    """
    return together(_came(course, message) for message in _asking(course))


def customers_say(course: Course) -> Finding:
    """Whether each closed case was closed by the customer, or after they could answer a person."""
    return together(_had_say(course, case) for case in course.cases if case.closed_at is not None)


def _asking(course: Course) -> Iterator[Message]:
    for message in course.said():
        read = course.understood.get(message.seq)
        typed = read is not None and (read.intent == _ASKS or _FLAG in read.flags)
        tapped = (message.payload or "").startswith(f"/{_ASKS}")
        if typed or (tapped and _CONTACT not in (message.payload or "")):
            yield message


def _came(course: Course, message: Message) -> Finding:
    after = [one for one in course.handoffs if one.ended_at is None or one.ended_at >= message.at]
    if not after:
        return Finding(False, message.seq)
    if any(_answered(one) for one in after):
        return Finding(True, message.seq)
    return Finding(False, message.seq) if any(map(_in_vain, after)) else DOES_NOT_APPLY


def _answered(handoff: Handoff) -> bool:
    by_other_means = handoff.contact is not None and handoff.claimed_at is not None
    return handoff.first_answer_at is not None or by_other_means


def _in_vain(handoff: Handoff) -> bool:
    """Whether the longest wait has passed, or somebody took the chat and ended it in silence."""
    past_limit = handoff.ended_at is not None and handoff.ended_at > handoff.limit_due_at
    ended_in_silence = handoff.ended_at is not None and handoff.claimed_at is not None
    return handoff.limit_told_at is not None or past_limit or ended_in_silence


def _had_say(course: Course, case: Case) -> Finding:
    closed = course.entries_of(case, "closed")
    until = case.closed_at
    said = [one for one in course.said() if until is None or one.at <= until]
    shown = said[-1].seq if said else case.opened_by_seq
    if closed and closed[-1].actor == "customer":
        return Finding(True, shown)
    answered = [one.first_answer_at for one in course.handoffs if one.first_answer_at is not None]
    spoke = bool(answered) and any(one.at >= min(answered) for one in said)
    return Finding(spoke, shown)
