"""Names of people: those that a text gives away, and those that are known."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from amends.conversations.personal.chinese import chinese_names
from amends.conversations.personal.english import english_names
from amends.conversations.personal.model import Kind, Span


def names_in(text: str) -> Iterator[Span]:
    """Yield names of people that a text gives away by itself."""
    if re.search(r"[A-Za-z]", text):
        yield from english_names(text)
    if re.search(r"[\u4e00-\u9fff]", text):
        yield from chinese_names(text)


def known_names(text: str, names: Sequence[str]) -> Iterator[Span]:
    """Yield these names and their parts, however they are written."""
    pattern = names_pattern(tuple(names))
    for found in pattern.finditer(text) if pattern else ():
        yield Span(*found.span(), Kind.NAME)


@lru_cache(maxsize=4096)
def names_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what finds these names and their parts; None without any."""
    words = {part for name in names for part in [name, *name.split()]}
    longest_first = sorted((w for w in words if len(w) > 1), key=len, reverse=True)
    parts = "|".join(map(re.escape, longest_first))
    # In Chinese no space stands around a name.
    pattern = rf"(?<![A-Za-z])(?:{parts})(?![A-Za-z])" if parts else ""
    return re.compile(pattern, re.IGNORECASE) if pattern else None
