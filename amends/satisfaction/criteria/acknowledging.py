"""Acknowledged, apologised for, told what comes next."""

import re
from collections.abc import Iterator

from amends.cases.fields import FIELD_CHANGED
from amends.cases.model import Case, CaseStatus
from amends.compensation.model import Offer
from amends.conversations.model import Delivery, Message, Role
from amends.satisfaction.courses import ANSWERERS, Course
from amends.satisfaction.criteria.finding import DOES_NOT_APPLY, Finding, together
from amends.satisfaction.features import APOLOGY

_REPORTS = "report_"
_STEP = re.compile(
    r"\b(will|shall|next|we'll|i'll|you can|please|have asked|goes|comes)\b"
    r"|将|会|下一步|已请|请您?|可以|预计",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:within|in|by|until|before|about|after)\s+(?:\w+\s+){0,3}?"
    r"(?:minutes?|hours?|(?:working |business )?days?|weeks?|noon|midnight"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{1,2}(?::\d\d)?\s?(?:am|pm)?)\b"
    r"|\b(?:today|tonight|tomorrow|\d{1,2}:\d\d)\b"
    r"|\b\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|(?:\d+|[一二两三四五六七八九十半几]+)\s*(?:个)?\s*(?:分钟|小时|工作日|天|周)"
    r"|今天|今晚|明天|后天|(?:周|星期)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号]|[上下]午|\d点",
    re.IGNORECASE,
)


def acknowledged(course: Course) -> Finding:
    if not course.cases:
        return _never_taken(course)
    return together(_numbered(course, case) for case in course.cases)


def right_apology(course: Course) -> Finding:
    return together(_apologised(course, case) for case in course.cases)


def next_step(course: Course) -> Finding:
    """Whether something that happens next was said with a time, once there was a complaint."""
    open_ones = [case for case in course.cases if case.status is not CaseStatus.WITHDRAWN]
    if not open_ones:
        return DOES_NOT_APPLY
    since = min(case.opened_by_seq for case in open_ones)
    ours = [one for one in course.messages if one.role is not Role.CUSTOMER and one.seq > since]
    told = next((one for one in ours if _tells_when(one)), None)
    return Finding(True, told.seq) if told else Finding(False, ours[-1].seq if ours else since)


def apology_with_offer(course: Course) -> Finding:
    """Whether whoever was offered or granted something was told before that we are sorry."""
    return together(_sorry_before(course, offer) for offer in course.offers)


def acknowledgement(course: Course, case: Case) -> list[Message]:
    """Return the answers that followed the opening of a case, up to the customer's next word."""
    run: list[Message] = []
    for message in course.messages:
        is_answer = (
            message.role in ANSWERERS
            and message.seq > case.opened_by_seq
            and message.at >= case.opened_at
        )
        if is_answer:
            run.append(message)
        elif run and message.role is Role.CUSTOMER:
            break
    return run


def category_acknowledged(course: Course, case: Case) -> str:
    """Return what the case was first taken to be about."""
    complained = course.entries_of(case, "complained")
    if complained:
        return str(complained[0].data.get("category", case.category.value))
    changes = [
        one for one in course.entries_of(case, FIELD_CHANGED) if one.data.get("field") == "category"
    ]
    return str(changes[0].data.get("before")) if changes else case.category.value


def _never_taken(course: Course) -> Finding:
    """A complaint that the assistant read, and of which no case was made."""
    for message in course.said():
        read = course.understood.get(message.seq)
        was_read = read is not None and message.delivery is not Delivery.TO_STAFF
        if was_read and read is not None and read.complaint and read.intent.startswith(_REPORTS):
            return Finding(False, message.seq)
    return DOES_NOT_APPLY


def _numbered(course: Course, case: Case) -> Finding:
    run = acknowledgement(course, case)
    found = next((one.seq for one in run if case.number in _numbers(one)), None)
    if found is not None:
        return Finding(True, found)
    return Finding(False, run[0].seq if run else case.opened_by_seq)


def _numbers(message: Message) -> str:
    return f"{message.text} {(message.card or {}).get('case_number', '')}"


def _apologised(course: Course, case: Case) -> Finding:
    run = acknowledgement(course, case)
    sorry = next((one.seq for one in run if APOLOGY.search(one.text)), None)
    shown = sorry or (run[0].seq if run else case.opened_by_seq)
    right = category_acknowledged(course, case) == case.category.value
    return Finding(sorry is not None and right, shown)


def _sorry_before(course: Course, offer: Offer) -> Finding:
    told = next((one.seq for one in course.answers() if one.at >= offer.made_at), None)
    sorry = next((one.seq for one in course.answers() if APOLOGY.search(one.text)), None)
    until = told if told is not None else course.messages[-1].seq
    return Finding(sorry is not None and sorry <= until, told)


def _tells_when(message: Message) -> bool:
    if any(_times(message)):
        return True
    sentences = re.split(r"(?<=[.!?])\s+|[。！？\n]", message.text)
    return any(_STEP.search(one) and _TIME.search(one) for one in sentences)


def _times(message: Message) -> Iterator[object]:
    """Yield the times that the card of a message shows."""
    card = message.card or {}
    yield card.get("expected_minutes")
    yield card.get("expires_at")
    lines = card.get("lines")
    yield from (one.get("due_at") for one in lines or () if isinstance(one, dict))
