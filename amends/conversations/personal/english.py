"""Names of people in English, by what stands around them and by lists of first names."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from itertools import dropwhile
from typing import Final

from amends.conversations.personal import english_cues as cues
from amends.conversations.personal.model import Kind, Span
from amends.conversations.personal.word_lists import any_of, normal, without_owner, word_list

FIRST_NAMES: Final = word_list("first_names", "common") | word_list("first_names", "wide")
ALSO_WORDS: Final = word_list("first_names", "also_words")
NOT_A_NAME: Final = word_list("english", "not_a_name") | word_list("english", "companies")

_COMPANY: Final = re.compile(
    r"(?i:airways?|airlines?|airport|bank|team|support|service|services|care|company|ltd|inc|plc"
    r"|store|shop|desk|app|express|mobile|media|group|online|customer|help)$"
)
_NAMED_LIKE_PEOPLE: Final = re.compile(any_of("english", "named_like_people"), re.IGNORECASE)
_SHORTENED: Final = re.compile(r".+['’](?:s|re|ve|ll|d|m|t)$", re.IGNORECASE)
"""That's, we're: a word and a verb."""


class Small(Enum):
    """Which words in small letters a place takes for a name."""

    ANY = auto()
    FIRST_NAMES = auto()
    SURE_FIRST_NAMES = auto()


_PLACES: Final = (
    (cues.IN_ANY_CASE, Small.ANY),
    (cues.SPOKEN_OF, Small.FIRST_NAMES),
    (cues.WITH_CAPITALS, Small.SURE_FIRST_NAMES),
)


def english_names(text: str) -> Iterator[Span]:
    """Yield names that a text in English, or in another language of Latin letters, gives away."""
    found = [span for span in _all(text) if not _NAMED_LIKE_PEOPLE.match(text, span.start)]
    yield from found
    yield from _joined(text, found)


def _all(text: str) -> Iterator[Span]:
    for patterns, small in _PLACES:
        for pattern in patterns:
            for found in pattern.finditer(text):
                yield from _taken(found, small)
    for found in cues.I_AM_SMALL.finditer(text):
        listed = is_first_name(found["name"].split()[0])
        yield from _taken(found, Small.ANY if listed else Small.SURE_FIRST_NAMES)
    for found in cues.EVERY_WORD.finditer(text):
        yield from _listed(found)


def _joined(text: str, found: list[Span]) -> Iterator[Span]:
    """Yield who stands beside somebody found: "Anna and Bo", "from Anna to Bo"."""
    starts = {span.start for span in found}
    for span in found:
        after = cues.JOINS.match(text, span.end)
        if after:
            yield from _taken(after, Small.SURE_FIRST_NAMES)
    for before in cues.JOINED.finditer(text):
        if before.end() in starts:
            yield from _taken(before, Small.SURE_FIRST_NAMES)


def _taken(found: re.Match[str], small: Small) -> Iterator[Span]:
    """Yield the words of a place for a name that can be one; the first that cannot ends it."""
    words = list(re.finditer(r"\S+", found["name"]))
    if small is Small.SURE_FIRST_NAMES:  # "Even Anna, your manager": the sentence's own capital
        words = list(dropwhile(lambda word: normal(word[0]) in NOT_A_NAME, words))
    end = 0
    for number, word in enumerate(words):
        plain = normal(word[0])
        is_inside = number > 0 or small is Small.ANY
        if plain in cues.PARTICLES and is_inside and number < len(words) - 1:
            continue
        if not _can_be(word[0], small, is_first=end == 0):
            break
        end = word.end()
    if end and not any(_COMPANY.match(word[0]) for word in words):
        place = found.start("name")
        yield Span(place + words[0].start(), place + end, Kind.NAME)


def _can_be(word: str, small: Small, *, is_first: bool) -> bool:
    plain = normal(word).rstrip(".")
    if plain in NOT_A_NAME or (_SHORTENED.match(plain) and not plain.startswith("o'")):
        return False
    if is_first_name(word):
        return True
    if word[0].islower():
        if small is Small.FIRST_NAMES:
            return plain in FIRST_NAMES
        return small is Small.ANY and (is_first or len(plain) > 2)
    return small is Small.ANY or not (word.isupper() and len(plain) > 1)


def _listed(found: re.Match[str]) -> Iterator[Span]:
    """Yield a first name of the lists with the surnames behind it, wherever it stands."""
    word = without_owner(found["name"])
    if not is_first_name(word):
        return
    start, end = found.start(), found.start() + len(word)
    more = cues.MORE.match(found.string, end) if word[0].isupper() else None
    for one in re.finditer(r"\S+", more[0]) if more else ():
        plain = without_owner(one[0])
        if plain in cues.PARTICLES:
            continue
        if normal(plain) in NOT_A_NAME or _COMPANY.match(plain) or plain.isupper():
            break
        end = found.start() + len(word) + one.start() + len(plain)
    yield Span(start, end, Kind.NAME)


def is_first_name(word: str) -> bool:
    """Return whether a word is a first name and hardly ever anything else."""
    plain = normal(word)
    parts = {plain, plain.split("-")[0]} if word[0].isupper() else {plain}
    return not ALSO_WORDS & parts and bool(FIRST_NAMES & parts)
