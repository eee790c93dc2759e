"""Finding order numbers, and telling them from phone numbers, dates, amounts and flights.

Shops write them in every way: "#10045", "order no. 10045", "A-10045", "AM 10 045", or alone in a
message. Three kinds of evidence, strongest first: a word such as "order" just before it; a "#";
letters joined to the digits, as in "A-10045"; the bare digits alone in the message or beside a
verb of the trade. Digits that plainly are something else are never taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = (
    r"(?:order|purchase|booking|reservation|invoice|receipt|tracking|confirmation|ticket|"
    r"reference|ref|parcel|shipment|delivery)"
)
_LINK = (
    r"(?:\s*(?:number|numbers|num|nr|no|id|code|ref|reference|confirmation)\b\.?)?"
    r"(?:\s*(?:is|was|were|would be|=|:|->|–|-))?(?:\s*(?:it's|its|this|the|my|called))?"
    r"\s*[#:№]*\s*"
)
# Letters apart from the digits must be capitals, or "order from 2023" would be one.
_PREFIX = r"(?:(?-i:[A-Z]{1,4})\s|[A-Za-z]{1,4}[–-]?)?"
_SHAPE = rf"{_PREFIX}\d(?:[\s–-]?\d){{2,19}}(?:[–-][A-Za-z0-9]{{1,4}})?"
_JOINED = r"[A-Za-z]{1,4}-?\d(?:-?\d){3,14}"

_NAMED = re.compile(rf"\b{_WORD}\b{_LINK}(?P<number>{_SHAPE})(?![\w%])", re.IGNORECASE)
_HASHED = re.compile(rf"[#№]\s*(?P<number>{_PREFIX}\d(?:[–-]?\d){{2,19}})(?!\w)", re.IGNORECASE)
_NEXT = re.compile(rf"\s*(?:,|and|&|or|\+)\s*#?\s*(?P<number>{_SHAPE})(?![\w%])", re.IGNORECASE)
_LETTERED = re.compile(rf"(?<![\w@./+-])(?P<number>{_JOINED})(?![\w@%]|[./]\d)")
_ALONE = re.compile(
    rf"^\W*(?:(?:it'?s|it is|that'?s|this is|the|my|number|no|yes|ok|okay|sure|hi|hello|sorry|"
    rf"actually|i mean|here|here it is|here you go|one|is)\W+)*(?P<number>{_SHAPE})"
    r"(?:\W+(?:please|thanks|thank you|i think|sorry|mate))*\W*$",
    re.IGNORECASE,
)
# In Chinese nothing parts words from numbers: "订单号10045还没到".
_NAMED_ZH = re.compile(
    r"(?:订单编?号?|单号|编号|运单号?)\s*(?:号|码|是|为|[:：#])*\s*"
    rf"(?P<number>{_SHAPE})(?![A-Za-z0-9%])",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PLAIN = re.compile(r"(?<![\w£$€¥.,:/+#-])(?P<number>\d{5,8})(?![\w%£$€¥]|[.,:/-]\d)")

_PHONE = re.compile(
    r"\+\d[\d\s()-]{6,16}\d|(?<![\w-])0\d{2,4}[\s-]?\d{3,4}[\s-]?\d{3,4}(?![\w-])"
    r"|(?<![\w-])\(?\d{3}\)?[-.\s]\d{3}[-.\s]\d{4}(?![\w-])"
)
_DATE_LIKE = re.compile(
    r"^(?:\d{1,2}[\s/–.-]\d{1,2}[\s/–.-]\d{2,4}|\d{4}[\s/–.-]\d{1,2}[\s/–.-]\d{1,2})$"
)
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_PHONE_BEFORE = re.compile(
    r"(?:\+|\b(?:phone|call|ring|text|mobile|cell|tel|telephone|whatsapp|fax|contact|reach)\b"
    r"[^.!?\n]{0,25})$",
    re.IGNORECASE,
)
_OTHER_BEFORE = re.compile(
    r"(?:[£$€¥]\s?|\b(?:gbp|usd|eur|flight|gate|seat|room|platform|train|bus|route|zip|postcode|"
    r"iphone|model|version|size|pin|otp|card|account|over|than|around|about|nearly|almost|"
    r"approximately|lost|owe|paid|pay)\s)$",
    re.IGNORECASE,
)
_OTHER_AFTER = re.compile(
    r"^\s?(?:%|[£$€¥元块万天年月日人个楼]|小时|分钟|am\b|pm\b|o'?clock|gbp\b|usd\b|eur\b|"
    r"euros?\b|pounds?\b|dollars?\b|bucks\b|"
    r"quid\b|times\b|people\b|customers\b|followers\b|points\b|miles\b|km\b|kg\b|steps\b|"
    r"minutes?\b|mins?\b|hours?\b|hrs?\b|days?\b|weeks?\b|months?\b|years?\b|lbs?\b)",
    re.IGNORECASE,
)
# two letters and up to four digits, as in "BA 2490" or "AA123"
_FLIGHT = re.compile(r"^[A-Za-z]{2}[\s-]?\d{1,4}$")
_FLIGHT_TALK = re.compile(
    r"\b(?:flight|flights|airline|airport|plane|boarding|gate)\b", re.IGNORECASE
)
_WORDS_AS_PREFIX = frozenset(
    {"no", "nr", "is", "was", "it", "on", "in", "at", "of", "for", "to", "from", "and", "the"}
)


@dataclass(frozen=True)
class Found:
    """A piece of the text with its normalised value."""

    start: int
    end: int
    value: str


def find_order_numbers(text: str) -> list[Found]:
    """Return the order numbers of a text, in order, without overlaps."""
    found: list[Found] = []
    spaced = _HAN.sub(" ", text)
    for pattern, said, named in (
        (_NAMED, text, True),
        (_NAMED_ZH, text, True),
        (_HASHED, spaced, True),
        (_ALONE, text, False),
        (_LETTERED, spaced, False),
    ):
        for match in pattern.finditer(said):
            _keep(found, text, match, named)
    for item in list(found):
        following = _NEXT.match(text, item.end)
        if following:
            _keep(found, text, following, named=False)
    if not found:
        for match in _PLAIN.finditer(spaced):
            _keep(found, text, match, named=False)
    return sorted(found, key=lambda item: item.start)


def _keep(found: list[Found], text: str, match: re.Match[str], named: bool) -> None:
    start, end = match.span("number")
    start += _length_of_word_prefix(text[start:end])
    overlaps = any(start < other.end and other.start < end for other in found)
    if overlaps or _is_something_else(text, start, end, named):
        return
    found.append(Found(start, end, normalise(text[start:end])))


def _length_of_word_prefix(number: str) -> int:
    """Skip an ordinary word taken for a prefix, as in "order was 10045"."""
    match = re.match(r"([A-Za-z]+)\s+", number)
    return match.end() if match and match.group(1).lower() in _WORDS_AS_PREFIX else 0


def _is_something_else(text: str, start: int, end: int, named: bool) -> bool:
    raw, before, after = text[start:end], text[max(0, start - 40) : start], text[end : end + 12]
    digits = re.sub(r"\D", "", raw)
    if _OTHER_AFTER.match(after) or _DATE_LIKE.match(raw.strip()):
        return True
    if re.match(r"[.,]\d|\s?/\s?\d", after):
        return True
    if named:
        return len(digits) < 3 or (bool(_YEAR.match(raw)) and "#" not in before[-2:])
    flight = bool(_FLIGHT.match(raw)) and bool(_FLIGHT_TALK.search(text))
    phone = bool(_PHONE_BEFORE.search(before)) or any(
        match.start() < end and start < match.end() for match in _PHONE.finditer(text)
    )
    unlike = bool(_OTHER_BEFORE.search(before)) or bool(_YEAR.match(raw))
    return flight or phone or unlike or len(digits) < 4


def normalise(raw: str) -> str:
    """Bring an order number to one spelling: "am 10 045", "AM10045" become "AM-10045"."""
    letters, rest = re.match(r"^([A-Z]*)(.*)$", re.sub(r"[\s–-]", "", raw).upper()).groups()
    return f"{letters}-{rest}" if letters else rest
