"""The languages the engine reads, and how it tells them apart.

To add one, add an entry to `LANGUAGES`: a spaCy code with a blank pipeline, and what a word
of its script looks like. The first entry is the default, for texts without any such character.
Languages of the same script are told apart by their smallest words ("the", "el"), which spaCy
lists; where a text has none of them, it is taken for the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from re import Pattern

import spacy
from spacy.language import Language as Pipeline
from spacy.tokens import Doc

# The gateway refuses messages over 2,000 characters. Whatever comes another way (a file, a
# test) is read up to here: time and memory of the components grow with the length.
MAX_CHARACTERS = 4_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})


@dataclass(frozen=True)
class Language:
    """A language with what gives a word of it away."""

    code: str
    letters: Pattern[str]


LATIN = re.compile(r"[A-Za-z]+")  # a word of letters weighs like one character
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
LANGUAGES: tuple[Language, ...] = (
    Language("en", LATIN),
    Language("zh", HAN),
)
DEFAULT = LANGUAGES[0].code
_WORD = re.compile(r"[^\W\d_]+")


def readable(text: str) -> str:
    """Return the text as the components read it; positions stay those of the original.

    Control and invisible characters become spaces, typographic apostrophes plain ones.
    """
    return _CONTROL.sub(" ", text[:MAX_CHARACTERS]).translate(_APOSTROPHES)


def detect(text: str) -> str:
    """Return the code of the language that most of the words are in; names and brands stay few."""
    counts = {one.letters: len(one.letters.findall(text)) for one in LANGUAGES}
    best = max(counts, key=lambda letters: counts[letters])
    if not counts[best]:
        return DEFAULT
    codes = [one.code for one in LANGUAGES if one.letters == best]
    return codes[0] if len(codes) == 1 else _by_small_words(text, codes)


def of_one_script(code: str) -> tuple[str, ...]:
    """Return a language, and then those that a few words of it may be taken for."""
    letters = next(one.letters for one in LANGUAGES if one.code == code)
    others = (one.code for one in LANGUAGES if one.letters == letters and one.code != code)
    return (code, *others)


def _by_small_words(text: str, codes: Sequence[str]) -> str:
    words = _WORD.findall(text.lower())
    return max(codes, key=lambda code: sum(word in _small_words(code) for word in words))


@cache
def _small_words(code: str) -> frozenset[str]:
    return frozenset(pipeline(code).Defaults.stop_words)


@cache
def pipeline(code: str) -> Pipeline:
    """Return spaCy's blank pipeline of a language; one per process."""
    return spacy.blank(code)


def document(text: str) -> Doc:
    """Tokenize a text in its own language."""
    plain = readable(text)
    return pipeline(detect(plain)).make_doc(plain)
