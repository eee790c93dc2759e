"""Finding amounts of money, durations, dates and e-mail addresses in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[A-Za-z]{2,24}\b")

_SYMBOLS = {
    "£": "GBP", "$": "USD", "€": "EUR", "¥": "JPY", "us$": "USD", "a$": "AUD", "c$": "CAD",
    "₹": "INR",
}  # fmt: skip
_CURRENCY_WORDS = {
    "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "sterling": "GBP",
    "usd": "USD", "dollar": "USD", "dollars": "USD", "buck": "USD", "bucks": "USD",
    "eur": "EUR", "euro": "EUR", "euros": "EUR", "jpy": "JPY", "yen": "JPY",
    "cad": "CAD", "aud": "AUD", "chf": "CHF", "inr": "INR", "rupees": "INR", "cny": "CNY",
    "rmb": "CNY", "yuan": "CNY", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN",
}  # fmt: skip
_WITHOUT_MINOR_UNITS = frozenset({"JPY"})
_NUMBER = r"\d{1,3}(?:[,\s]\d{3})+(?:\.\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_CURRENCY_PATTERN = "|".join(sorted(_CURRENCY_WORDS, key=len, reverse=True))
_SYMBOL_FIRST = re.compile(
    rf"(?P<currency>(?:us|a|c)?\$|[£€¥₹])\s?(?P<number>{_NUMBER})(?P<thousand>k\b)?(?![\d])",
    re.IGNORECASE,
)
_CODE_FIRST = re.compile(
    rf"\b(?P<currency>gbp|usd|eur|jpy|cad|aud|chf|inr|cny|rmb|sek|nok|dkk|pln)\s?"
    rf"(?P<number>{_NUMBER})(?P<thousand>k\b)?(?![\w])",
    re.IGNORECASE,
)
_NUMBER_FIRST = re.compile(
    rf"(?<![\w.,£$€¥-])(?P<number>{_NUMBER})(?P<thousand>k)?\s?"
    rf"(?P<currency>[£€¥]|{_CURRENCY_PATTERN})(?!\w)",
    re.IGNORECASE,
)

_COUNT_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "couple of": 2, "couple": 2,
    "a couple of": 2, "a few": 3, "few": 3, "several": 3, "half an": 0.5, "half a": 0.5,
    "a whole": 1, "a full": 1, "another": 1, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty": 40, "forty five": 45, "ninety": 90,
}  # fmt: skip
_UNIT_HOURS = {
    "min": 1 / 60, "mins": 1 / 60, "minute": 1 / 60, "minutes": 1 / 60, "hour": 1, "hours": 1,
    "hr": 1, "hrs": 1, "day": 24, "days": 24, "week": 168, "weeks": 168, "wk": 168, "wks": 168,
    "month": 730, "months": 730, "fortnight": 336, "year": 8760, "years": 8760,
}  # fmt: skip
_COUNT_PATTERN = "|".join(sorted(_COUNT_WORDS, key=len, reverse=True))
_DURATION = re.compile(
    rf"(?<![\w£$€.,-])(?P<count>\d{{1,4}}(?:\.\d)?|{_COUNT_PATTERN})\s?(?:\+|plus|full|whole|long|"
    r"working|business|solid|good|more)?[\s-]?"
    rf"(?P<unit>{'|'.join(sorted(_UNIT_HOURS, key=len, reverse=True))})\b(?P<half>\s+and a half)?",
    re.IGNORECASE,
)
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTHS}\b(?:,?\s+\d{{4}})?"
    rf"|\b{_MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!:)(?:,?\s+\d{{4}})?"
    r"|(?<![\w/.-])\d{4}-\d{2}-\d{2}(?![\w/-])"
    r"|(?<![\w/.-])\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?![\w/-])"
    rf"|\b(?:(?:last|this|next|on|since|by)\s+)?{_DAYS}\b"
    r"|\b(?:the day before yesterday|yesterday|today|tomorrow|last (?:week|month|night))\b",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True)
class Measure:
    """A piece of the text with the value it states."""

    start: int
    end: int
    value: Any


def find_emails(text: str) -> list[Measure]:
    """Return e-mail addresses in lower case."""
    return [Measure(m.start(), m.end(), m.group().lower()) for m in EMAIL.finditer(text)]


def find_amounts(text: str) -> list[Measure]:
    """Return sums of money as `{"amount_minor": int, "currency": ISO code}`."""
    found: list[Measure] = []
    for pattern in (_SYMBOL_FIRST, _CODE_FIRST, _NUMBER_FIRST):
        for match in pattern.finditer(text):
            value = _money(match)
            if value is not None and not _overlaps(found, match):
                found.append(Measure(match.start(), match.end(), value))
    return sorted(found, key=lambda item: item.start)


def find_durations(text: str) -> list[Measure]:
    """Return stated lengths of time, in hours."""
    found = []
    for match in _DURATION.finditer(text):
        count = match.group("count").lower()
        number = _COUNT_WORDS.get(count) or float(count if count[0].isdigit() else 1)
        number += 0.5 if match.group("half") else 0.0
        hours = round(number * _UNIT_HOURS[match.group("unit").lower()], 2)
        found.append(Measure(match.start(), match.end(), hours))
    return found


def find_dates(text: str) -> list[Measure]:
    """Return dates as written, in lower case; only the shop's calendar can resolve "Monday"."""
    found = []
    for match in _DATE.finditer(text):
        words = re.sub(r"^(?:on|since|by)\s+", "", match.group().lower())
        value = words if not _ISO_DATE.match(words) else match.group()
        found.append(Measure(match.start(), match.end(), value))
    return found


def _money(match: re.Match[str]) -> dict[str, Any] | None:
    word = match.group("currency").lower()
    currency = _SYMBOLS.get(word) or _CURRENCY_WORDS[word]
    try:
        number = Decimal(_plain_number(match.group("number")))
    except InvalidOperation:
        return None
    if match.group("thousand"):
        number *= 1000
    minor = number if currency in _WITHOUT_MINOR_UNITS else number * 100
    return {"amount_minor": int(minor), "currency": currency}


def _plain_number(number: str) -> str:
    """Read "1,299.99", "1 299" and the continental "19,99"."""
    number = number.replace(" ", "")
    if re.search(r",\d{1,2}$", number) and "." not in number:
        return number.replace(",", ".")
    return number.replace(",", "")


def _overlaps(found: list[Measure], match: re.Match[str]) -> bool:
    return any(match.start() < other.end and other.start < match.end() for other in found)
