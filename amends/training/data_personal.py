"""Personal data that an example must not carry: an invented person is fine, a real one is not.

What is reserved for inventions is passed over: the domains of RFC 2606, the numbers that the
regulators of Britain (Ofcom) and North America (555-0100 to 555-0199) keep for films, and
companies' free numbers.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from amends.training.data_model import Level

_EMAIL: Final = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_INVENTED_DOMAIN: Final = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net)|example|test|invalid)$", re.IGNORECASE
)
_NUMBER: Final = re.compile(
    r"(?<![A-Za-z0-9_.,/-])[+(]?\d(?:[ ().-]{0,2}\d){7,18}(?![A-Za-z0-9_/]|[.,]\d)"
)
_PHONE: Final = re.compile(
    r"""(?:
        \+\d{8,15}               # international
      | 00[1-9]\d{8,13}          # the same, with 00 for the plus
      | 0[1-9]\d{8,9}            # Britain, France, Germany and others: 10 or 11 digits
      | 1[3-9]\d{9}              # a Chinese mobile
      | 1?[2-9]\d{2}[2-9]\d{6}   # North America, when it is written in groups
    )""",
    re.VERBOSE,
)
_INVENTED_PHONE: Final = re.compile(
    r"""(?:\+|00)?(?:
        (?:44|0)?(?:7700900\d{3}|2079460\d{3}|1632960\d{3}|(?:808|800|845|345)\d+)
      | 1?\d{3}55501\d{2}
      | 1?(?:800|888|877|866)\d{7}
      | 400\d{7}
    )""",
    re.VERBOSE,
)
_IBAN: Final = re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\b")
_WAY: Final = r"(?:Street|Road|Avenue|Lane|Drive|Close|Crescent|Terrace|Boulevard|Court|Gardens)"
_ENGLISH_ADDRESS: Final = re.compile(rf"\b\d{{1,4}}[a-zA-Z]? (?:[A-Z][a-z]+ ){{1,3}}{_WAY}\b")
_GERMAN_ADDRESS: Final = re.compile(
    r"\b[A-ZÄÖÜ][a-zäöüß]+(?:straße|strasse|weg|gasse|platz) \d{1,4}\b"
)
_CHINESE_ADDRESS: Final = re.compile(r"[\u3400-\u9fff]{2,}(?:路|街|大道|巷)\d{1,5}号")
_POSTCODE: Final = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b")
_ZIP_CODE: Final = re.compile(r"\b[A-Z]{2},? \d{5}(?:-\d{4})?\b")

Leak = tuple[str, Level]


def personal_data(text: str) -> Iterator[Leak]:
    """Yield what kind of personal data the text carries, each kind once, never the data itself."""
    for kind, level, is_in in _KINDS:
        if is_in(text):
            yield kind, level


def is_card_number(digits: str) -> bool:
    """Return whether it is as long as a card number and its check digit fits (Luhn)."""
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [int(one) * (1 + at % 2) for at, one in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Return whether the two check digits fit (ISO 13616)."""
    plain = text.replace(" ", "").upper()
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1


def _has_email(text: str) -> bool:
    return any(not _INVENTED_DOMAIN.search(found[1]) for found in _EMAIL.finditer(text))


def _has_phone(text: str) -> bool:
    return any(_is_phone(found[0]) for found in _NUMBER.finditer(text))


def _is_phone(written: str) -> bool:
    digits = re.sub(r"[^\d+]", "", written)
    if _INVENTED_PHONE.fullmatch(digits) or not _PHONE.fullmatch(digits):
        return False
    grouped = bool(re.search(r"\d[ ().-]+\d", written))
    # A bare row of ten digits is rather an order or a parcel; a phone number begins with + or 0.
    return grouped or digits[0] in "+0" or len(digits) == 11


def _has_card(text: str) -> bool:
    return any(is_card_number(re.sub(r"\D", "", found[0])) for found in _NUMBER.finditer(text))


def _has_iban(text: str) -> bool:
    return any(is_iban(found[1]) for found in _IBAN.finditer(text))


def _has_house(text: str) -> bool:
    patterns = (_ENGLISH_ADDRESS, _GERMAN_ADDRESS, _CHINESE_ADDRESS)
    return any(pattern.search(text) for pattern in patterns)


def _has_place(text: str) -> bool:
    return bool(_POSTCODE.search(text) or _ZIP_CODE.search(text))


_KINDS: Final[tuple[tuple[str, Level, Callable[[str], bool]], ...]] = (
    ("an e-mail address that may be somebody's", Level.ERROR, _has_email),
    ("a phone number that may be somebody's", Level.ERROR, _has_phone),
    ("a card number with a valid check digit", Level.ERROR, _has_card),
    ("an IBAN with valid check digits", Level.ERROR, _has_iban),
    ("a street, a house number and a postcode", Level.ERROR, lambda text: (
        _has_house(text) and _has_place(text))),
    # One alone is mostly invented; whether it is, only a person can say.
    ("a street and a house number, or a postcode", Level.WARNING, lambda text: (
        _has_house(text) != _has_place(text))),
)  # fmt: skip
