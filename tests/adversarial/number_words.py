"""Numbers written out, in English and in Chinese: "two hundred and fifty", "二百五十"."""

import re
from decimal import Decimal

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = (
    {word: value for value, word in enumerate(_SMALL)}
    | {word: 10 * value for value, word in enumerate(_TENS, 2)}
    | {"a": 1, "an": 1}
)
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "million": 1_000_000}
_WORD = "|".join(sorted([*_VALUES, *_SCALES], key=len, reverse=True))
ENGLISH = rf"\b(?:{_WORD})(?:[\s-]+(?:and[\s-]+)?(?:{_WORD}))*\b"

_DIGITS = {c: v for v, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "壹": 1}
_POWERS = {"十": 10, "百": 100, "千": 1000}
CHINESE = "[零〇一二两三四五六七八九十百千万壹]+"


def english_number(words: str) -> Decimal:
    """Return 250 for "two hundred and fifty"; "a" alone is one."""
    total = current = 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in _VALUES:
            current += _VALUES[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in _SCALES:
            total, current = total + max(current, 1) * _SCALES[word], 0
    return Decimal(total + current)


def chinese_number(words: str) -> Decimal:
    """Return 250 for "二百五十", 12000 for "一万二千"; digits in a row are read one by one."""
    if not set(words) & set("十百千万"):
        return Decimal("".join(str(_DIGITS[c]) for c in words))
    total = current = digit = 0
    for character in words:
        if character in _POWERS:
            current, digit = current + (digit or 1) * _POWERS[character], 0
        elif character == "万":
            total, current, digit = (current + digit or 1) * 10_000, 0, 0
        else:
            digit = _DIGITS[character]
    return Decimal(total + current + digit)
