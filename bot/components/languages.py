"""The languages the engine reads, and how it tells them apart.

To add one, add an entry to `LANGUAGES`: a spaCy code with a blank pipeline, and what a word
of its script looks like. The first entry is the default, for texts without any such character.
"""

from __future__ import annotations

import re
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


LANGUAGES: tuple[Language, ...] = (
    Language("en", re.compile(r"[A-Za-z]+")),  # a word of letters weighs like one character
    Language("zh", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")),
)
DEFAULT = LANGUAGES[0].code


def readable(text: str) -> str:
    """Return the text as the components read it; positions stay those of the original.

    Control and invisible characters become spaces, typographic apostrophes plain ones.
    """
    return _CONTROL.sub(" ", text[:MAX_CHARACTERS]).translate(_APOSTROPHES)


def detect(text: str) -> str:
    """Return the code of the language that most of the words are in; names and brands stay few."""
    counts = {language.code: len(language.letters.findall(text)) for language in LANGUAGES}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] else DEFAULT


@cache
def pipeline(code: str) -> Pipeline:
    """Return spaCy's blank pipeline of a language; one per process."""
    return spacy.blank(code)


def document(text: str) -> Doc:
    """Tokenize a text in its own language."""
    plain = readable(text)
    return pipeline(detect(plain)).make_doc(plain)
