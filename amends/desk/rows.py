"""The lines of the lists of chats, and the clocks of a chat. Pure: tested without a browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from amends.desk import words
from amends.desk.alerts import SOON_MINUTES
from amends.desk.speech import mark, tr
from amends.handoff.deadlines import Deadline, DeadlineKind
from amends.handoff.fit import speaks, takes
from amends.handoff.model import StaffMember
from amends.handoff.queue import QueueItem
from amends.handoff.thresholds import Thresholds

_NEAR = {
    DeadlineKind.ANSWER: mark("Answer in {time}"),
    DeadlineKind.LIMIT: mark("At the latest in {time}"),
    DeadlineKind.RESOLUTION: mark("Solve in {time}"),
}
_SOON = {
    DeadlineKind.ANSWER: mark("Due soon, in {time}"),
    DeadlineKind.LIMIT: mark("Limit soon, in {time}"),
    DeadlineKind.RESOLUTION: mark("Resolve soon, in {time}"),
}
_OVERDUE = {
    DeadlineKind.ANSWER: mark("Overdue by {time}"),
    DeadlineKind.LIMIT: mark("Past the limit by {time}"),
    DeadlineKind.RESOLUTION: mark("Resolution overdue by {time}"),
}
_NOW = {
    DeadlineKind.ANSWER: mark("Due now"),
    DeadlineKind.LIMIT: mark("Limit now"),
    DeadlineKind.RESOLUTION: mark("Resolve now"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline as it is counted down."""

    words: str
    state: str  # calm, soon, overdue


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of chats."""

    handoff_id: str
    name: str
    priority: int
    priority_word: str
    reasons: str
    last_words: str
    case_number: str
    waited: str
    clock: Clock | None
    unread: bool = False
    other: tuple[str, ...] = ()  # what does not fit the reader
    unanswered: str = ""  # how long the customer waits for a word
    aside: str = ""  # who has it, who passed it on
    key: str = ""  # the digit that opens it with Alt


def row(item: QueueItem, thresholds: Thresholds) -> Row:
    """Return what all lists show of a chat."""
    handoff = item.handoff
    return Row(
        handoff_id=handoff.id,
        name=item.customer.name if item.customer else tr("Guest"),
        priority=handoff.priority,
        priority_word=tr(words.PRIORITIES.get(handoff.priority, words.PRIORITIES[4])),
        reasons=", ".join(words.reason(key, thresholds) for key in handoff.reasons),
        last_words=item.last_words,
        case_number=item.case.number if item.case else "",
        waited=words.minutes(item.minutes_waited),
        clock=clock_of(item),
    )


def unfit(item: QueueItem, member: StaffMember) -> tuple[str, ...]:
    """Return in words what of a waiting chat is not this person's to answer."""
    marks: list[str] = []
    language, case = item.conversation.language, item.case
    if not speaks(member, language):
        marks.append(tr("Other language: {language}", language=words.language(language)))
    if case is not None and not takes(member, case.category):
        category = words.word(words.CATEGORIES, case.category.value)
        marks.append(tr("Other subject: {category}", category=category))
    return tuple(marks)


def unanswered(item: QueueItem) -> str:
    count = item.minutes_unanswered
    if count is None:
        return ""
    return tr("Waits {time} for your answer", time=words.minutes(count)) if count else ""


def others_unanswered(item: QueueItem) -> str:
    """Return how long the customer of a colleague's chat waits for a word."""
    count = item.minutes_unanswered
    return tr("Waits {time} for an answer", time=words.minutes(count)) if count else ""


def holder(item: QueueItem, names: Mapping[str, str]) -> str:
    """Return who has a chat, how long, and how the customer feels."""
    name = names.get(item.handoff.claimed_by or "", tr("A colleague"))
    if item.mood is None:
        return tr("With {name}", name=name)
    return tr("With {name} · Mood: {mood}", name=name, mood=words.mood(item.mood))


def passed_by(item: QueueItem, names: Mapping[str, str]) -> str:
    """Return the note with which a chat was passed on, and by whom."""
    name = names.get(item.handoff.claimed_by or "", tr("A colleague"))
    note = item.handoff.passing.note if item.handoff.passing else ""
    return tr("{name}: {note}", name=name, note=note)


def clock(deadline: Deadline, now: datetime) -> Clock:
    """Return a deadline near in minutes, far as a date."""
    left = int((deadline.due_at - now).total_seconds() // 60)
    if abs(left) >= 24 * 60:
        return Clock(words.due_at(deadline.due_at, now), "overdue" if left < 0 else "calm")
    return _counted(deadline.kind, left)


def clock_of(item: QueueItem) -> Clock | None:
    if item.deadline is None or item.minutes_due is None:
        return None
    if item.deadline.kind is DeadlineKind.RESOLUTION and item.minutes_due >= 24 * 60:
        return None  # far off, it would only stand in the way
    return _counted(item.deadline.kind, item.minutes_due)


def _counted(kind: DeadlineKind, left: int) -> Clock:
    if left < 0:
        return Clock(tr(_OVERDUE[kind], time=words.minutes(-left)), "overdue")
    if left == 0:
        return Clock(tr(_NOW[kind]), "soon")
    if left < SOON_MINUTES:
        return Clock(tr(_SOON[kind], time=words.minutes(left)), "soon")
    return Clock(tr(_NEAR[kind], time=words.minutes(left)), "calm")
