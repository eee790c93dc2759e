"""Asked once, and answered in the customer's language."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from amends.cases.details import NO_ORDER
from amends.cases.model import Case
from amends.cases.order_numbers import normal_number
from amends.conversations.decide import language_after
from amends.conversations.model import Message, Role
from amends.satisfaction.courses import ANSWERERS, Course
from amends.satisfaction.criteria.finding import DOES_NOT_APPLY, Finding, together
from amends.values import LANGUAGES

_QUESTION = re.compile(r"[^.!?。！？\n]*[?？]")
_OF_AN_ORDER = re.compile(
    r"\bwhich (?:of your )?orders?\b|\border (?:number|no\b|id\b)"
    r"|哪(?:一)?[个笔张]?订单|订单(?:编)?号",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[\d -]*\d")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")


def asked_once(course: Course) -> Finding:
    """Whether nothing was asked in vain.

    The same question counts as a new one once a case was opened or closed in between. Staff are
    held to the order number only: their words differ each time.
    """
    asked = [one for one in course.answers() if _QUESTION.search(one.text)]
    if not asked:
        return DOES_NOT_APPLY
    wrong = [*_repeated(course, asked), *_asked_though_given(course, asked)]
    return Finding(False, min(wrong)) if wrong else Finding(True, asked[0].seq)


def own_language(course: Course) -> Finding:
    """Whether each answer is in the language that the customer last wrote before it."""
    return together(_in_language(course))


def _repeated(course: Course, asked: list[Message]) -> Iterator[int]:
    turning = [at for one in course.cases for at in (one.opened_at, one.closed_at) if at]
    last: dict[str, datetime] = {}
    for one in asked:
        if one.role is not Role.BOT:
            continue
        before = last.get(one.text)
        last[one.text] = one.at
        if before is not None and not any(before <= at <= one.at for at in turning):
            yield one.seq


def _asked_though_given(course: Course, asked: list[Message]) -> Iterator[int]:
    for case in course.cases:
        given = _given_at(course, case)
        if given is None:
            continue
        for one in asked:
            during = case.opened_at <= one.at and (
                case.closed_at is None or one.at <= case.closed_at
            )
            if during and one.seq > given and _asks_for_an_order(one.text):
                yield one.seq


def _given_at(course: Course, case: Case) -> int | None:
    """Return in which message the customer first wrote the number of the case's order."""
    if case.order_number in (None, NO_ORDER):
        return None
    number = normal_number(case.order_number or "")
    return next((one.seq for one in course.said() if number in _numbers(one.text)), None)


def _numbers(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", text)
    return {normal_number(found) for found in _NUMBER.findall(plain)}


def _asks_for_an_order(text: str) -> bool:
    return any(_OF_AN_ORDER.search(question) for question in _QUESTION.findall(text))


def _in_language(course: Course) -> Iterator[Finding]:
    spoken: dict[int, str] = {}
    now: str | None = None
    for message in course.messages:
        if message.role is Role.CUSTOMER:
            now = _written(course, message) or now
            if now:
                spoken[message.seq] = now
            continue
        wanted = spoken.get(message.in_reply_to or 0, now)
        answered = _language_of(message.text, wanted) if message.role in ANSWERERS else None
        if wanted and answered:
            yield Finding(answered == wanted, message.seq)


def _written(course: Course, message: Message) -> str | None:
    """Return the language of a message that says enough to tell; a tapped choice is our wording."""
    if message.payload is not None:
        return None
    read = course.understood.get(message.seq)
    language = read.language if read else _language_of(message.text)
    if language not in LANGUAGES:
        return None
    other = next(one for one in LANGUAGES if one != language)
    tells = language_after(other, language, message.text) == language
    return language if tells else None


def _language_of(text: str, expected: str | None = None) -> str | None:
    """Return the language by the script that prevails; None where there are no letters.

    Languages that share a script cannot be told apart by it: the expected one is taken for granted.
    """
    han, words = len(_HAN.findall(text)), len(_WORD.findall(text))
    if not han and not words:
        return None
    if han > words:
        return "zh"
    return expected if expected and expected != "zh" else LANGUAGES[0]
