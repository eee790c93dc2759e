"""Personal data that an example must not carry: an invented person is fine, a real one is not.

What is reserved for inventions is passed over: the domains of RFC 2606, the numbers that the
regulators of Britain (Ofcom) and North America (555-0100 to 555-0199) keep for films, and
companies' free numbers.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from amends.conversations.personal.model import Kind
from amends.conversations.personal.numbers import (
    digits_of,
    is_card_number,
    net_addresses,
    numbers,
)
from amends.conversations.personal.places import has_house, has_postcode
from amends.training.data_model import Level

_INVENTED_DOMAIN: Final = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net)|example|test|invalid)$", re.IGNORECASE
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
Leak = tuple[str, Level]


def personal_data(text: str) -> Iterator[Leak]:
    """Yield what kind of personal data the text carries, each kind once, never the data itself."""
    for kind, level, is_in in _KINDS:
        if is_in(text):
            yield kind, level


def _has_email(text: str) -> bool:
    return any(
        not _INVENTED_DOMAIN.search(re.split(r"[@＠]|\bat\b", text[one.start : one.end])[-1])
        for one in net_addresses(text)
        if one.kind is Kind.EMAIL
    )


def _has_phone(text: str) -> bool:
    return any(_is_phone(written) for written in _written(text, Kind.PHONE, Kind.NUMBER))


def _is_phone(written: str) -> bool:
    digits = re.sub(r"[^\d+]", "", written)
    if _INVENTED_PHONE.fullmatch(digits) or not _PHONE.fullmatch(digits):
        return False
    grouped = bool(re.search(r"\d[ ().-]+\d", written))
    # A bare row of ten digits is rather an order or a parcel; a phone number begins with + or 0.
    return grouped or digits[0] in "+0" or len(digits) == 11


def _has_card(text: str) -> bool:
    found = _written(text, Kind.CARD, Kind.PHONE, Kind.NUMBER)
    return any(is_card_number(digits_of(one)) and _grouped_as_a_card(one) for one in found)


def _grouped_as_a_card(written: str) -> bool:
    """A card's number is one row, or begins with four: a phone and an order in a row do not."""
    groups = re.findall(r"\d+", written)
    return len(groups) == 1 or len(groups[0]) == 4


def _has_iban(text: str) -> bool:
    return any(True for _ in _written(text, Kind.IBAN))


def _written(text: str, *kinds: Kind) -> Iterator[str]:
    return (text[one.start : one.end] for one in numbers(text) if one.kind in kinds)


_KINDS: Final[tuple[tuple[str, Level, Callable[[str], bool]], ...]] = (
    ("an e-mail address that may be somebody's", Level.ERROR, _has_email),
    ("a phone number that may be somebody's", Level.ERROR, _has_phone),
    ("a card number with a valid check digit", Level.ERROR, _has_card),
    ("an IBAN with valid check digits", Level.ERROR, _has_iban),
    ("a street, a house number and a postcode", Level.ERROR, lambda text: (
        has_house(text) and has_postcode(text))),
    # One alone is mostly invented; whether it is, only a person can say.
    ("a street and a house number, or a postcode", Level.WARNING, lambda text: (
        has_house(text) != has_postcode(text))),
)  # fmt: skip
