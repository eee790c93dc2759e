"""Amounts in a text, in any notation a customer or a careless reply may use.

Written apart from what words our own replies (`amends/compensation/words.py`), so that a fault
there is found here.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from amends.compensation.currency import decimals_of
from amends.values import Money
from tests.adversarial.number_words import CHINESE, ENGLISH, chinese_number, english_number

PERCENT, POINTS = "%", "points"

_CURRENCIES = {
    "GBP": ("£", "gbp", "pounds?(?: sterling)?", "quid", "sterling", "英镑", "镑"),
    "EUR": ("€", "eur", "euros?", "欧元", "歐元"),
    "USD": ("US\\$", "\\$", "usd", "dollars?", "bucks?", "美元", "美金", "刀"),
    "CHF": ("chf", "(?:swiss )?francs?", "franken", "瑞士法郎", "瑞郎", "法郎"),
    "JPY": ("JP¥", "¥", "jpy", "yen", "日元", "日圆", "円"),
    "CNY": ("CN¥", "cny", "rmb", "yuan", "人民币", "元", "块钱?", "塊"),
}
_PARTS = {"GBP": ("p", "pence"), "": ("cents?", "rappen")}
"""Hundredths; a cent alone does not tell of which currency."""

_NUMBER = r"(?<![\d.,])(?:\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
_EITHER = rf"(?P<number>{_NUMBER})|(?P<english>{ENGLISH})|(?P<chinese>{CHINESE})"
_THOUSAND = r"(?P<thousand>k)?"


def _any(words: tuple[str, ...]) -> str:
    return "|".join(words)


def _unit(words: tuple[str, ...]) -> str:
    """Match a unit as a word of its own; Chinese and signs need nothing around them."""
    return rf"(?:{_any(words)})(?![a-z])"


_BEFORE = {
    code: re.compile(rf"(?<![a-z])(?:{_any(words)})\s?(?P<number>{_NUMBER}){_THOUSAND}(?!\d)", re.I)
    for code, words in _CURRENCIES.items()
}
_AFTER = {
    code: re.compile(rf"(?:{_EITHER}){_THOUSAND}[\s-]?{_unit(words)}", re.I)
    for code, words in _CURRENCIES.items()
}
_HUNDREDTHS = {
    code: re.compile(rf"(?:{_EITHER})\s?{_unit(words)}", re.I) for code, words in _PARTS.items()
}
_SHARES = re.compile(
    rf"(?:{_EITHER})\s?(?:%|per ?cent\b|percent\b)"
    rf"|百分之(?:(?P<number2>{_NUMBER})|(?P<chinese2>{CHINESE}))"
    rf"|(?:(?P<number3>{_NUMBER})|(?P<chinese3>{CHINESE}))\s?折"
    r"|(?P<half>\bhalf (?:the |of the |of )?(?:price|off|money|back)\b|\bhalf-price\b|半价)",
    re.I,
)
_POINTS = re.compile(
    rf"(?:{_EITHER})\s?(?:bonus |loyalty |reward )?(?:points?\b|积分|分(?!钟|之))"
    rf"|积分\s?(?P<number2>{_NUMBER})",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """An amount as it stands in a text: `value` whole units of a currency, % or points."""

    start: int
    end: int
    words: str
    value: Decimal
    unit: str

    @property
    def money(self) -> Money | None:
        """The same as money; None for shares, points, and what no currency can pay."""
        if len(self.unit) != 3:
            return None
        minor = self.value.scaleb(decimals_of(self.unit))
        return Money(int(minor), self.unit) if minor == minor.to_integral_value() else None


def plain(text: str) -> str:
    """Return the text with one form for each digit, sign and space, and nothing invisible."""
    wide = unicodedata.normalize("NFKC", text)
    seen = (c for c in wide if unicodedata.category(c) not in {"Cf", "Mn"})
    return "".join(_plain(c) for c in seen)


def _plain(character: str) -> str:
    if character.isspace() and character != "\n":
        return " "
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def find_amounts(text: str) -> list[Spoken]:
    """Return the amounts in a text that `plain` has gone over, from left to right.

    Where two readings overlap, the longer one counts: "US$20" is not "$20".
    """
    found = sorted(_readings(text), key=lambda one: (one.start - one.end, one.start))
    kept: list[Spoken] = []
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _readings(text: str) -> list[Spoken]:
    found = [
        _spoken(match, code)
        for table in (_BEFORE, _AFTER)
        for code, pattern in table.items()
        for match in pattern.finditer(text)
    ]
    for code, pattern in _HUNDREDTHS.items():
        found += [_spoken(match, code, Decimal("0.01")) for match in pattern.finditer(text)]
    found += [_share(match) for match in _SHARES.finditer(text)]
    return found + [_spoken(match, POINTS) for match in _POINTS.finditer(text)]


def _spoken(match: re.Match[str], unit: str, factor: Decimal = Decimal(1)) -> Spoken:
    groups = match.groupdict()
    value = _value(groups) * factor * (1000 if groups.get("thousand") else 1)
    return Spoken(match.start(), match.end(), match[0], value, unit)


def _share(match: re.Match[str]) -> Spoken:
    if match["half"]:
        return Spoken(match.start(), match.end(), match[0], Decimal(50), PERCENT)
    return _spoken(match, PERCENT)


def _value(groups: dict[str, str | None]) -> Decimal:
    for name, words in groups.items():
        if words is None or name == "thousand":
            continue
        if name.startswith("number"):
            return to_decimal(words)
        return english_number(words) if name == "english" else chinese_number(words)
    raise ValueError("an amount without a number")


def to_decimal(written: str) -> Decimal:
    """Return "1,000.00", "1.000,00", "1'000" or "4,95" as a number.

    The last sign with one or two digits behind it parts the decimals, every other the thousands.
    """
    whole, sign, rest = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", written).groups()  # type: ignore[union-attr]
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits}.{rest}" if sign else digits)
