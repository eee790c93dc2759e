"""Where somebody lives: streets with a house's number, postcodes; in English, German, Chinese."""

import re
from collections.abc import Iterator
from typing import Final

from amends.conversations.personal.model import Kind, Span

_WAY: Final = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Crescent|Terrace|Boulevard|Blvd|Court"
    r"|Gardens|Square|Place|Way|Grove|Mews|street|road|avenue|lane|crescent|terrace)"
)
_HOUSES: Final = (
    re.compile(
        rf"(?:(?:Flat|Apartment|Apt|Unit|flat)\.? \w{{1,5}},? )?"
        rf"\b\d{{1,5}}[a-zA-Z]?,? (?:[A-Z][\w'’.-]* ){{1,4}}{_WAY}\b"
    ),
    re.compile(r"\b[A-ZÄÖÜ][a-zäöüß]+(?:straße|strasse|str\.|weg|gasse|platz) \d{1,4}[a-z]?\b"),
    re.compile(
        r"[\u3400-\u9fff]{1,24}(?:路|街|大道|巷|弄|胡同|小区|花园|公寓)\s?\d{1,5}\s?(?:号|栋|幢|座)"
        r"(?:[\u3400-\u9fff]{0,8}?\d{1,5}(?:号楼|号|栋|幢|座|单元|楼|层|室))*"
    ),
)
_POSTCODES: Final = (
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE),
    re.compile(r"\b[A-Z]{2},? \d{5}(?:-\d{4})?\b"),
)


def has_house(text: str) -> bool:
    return any(pattern.search(text) for pattern in _HOUSES)


def has_postcode(text: str) -> bool:
    return any(pattern.search(text) for pattern in _POSTCODES)


def places(text: str) -> Iterator[Span]:
    """Yield streets with a number, and postcodes."""
    for pattern in _HOUSES:
        for found in pattern.finditer(text):
            yield Span(*found.span(), Kind.ADDRESS)
    for pattern in _POSTCODES:
        for found in pattern.finditer(text):
            yield Span(*found.span(), Kind.POSTCODE)
