"""A lexicon of good and bad words for a language written without spaces.

Words are found as they stand in the text, the longest first. A negation right before a word turns
it round and takes some of its weight; what follows a "but" weighs more than what came before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from math import tanh
from typing import Any

import rasa.shared.utils.io

TURNED = -0.6
"""What a negated word counts, against itself."""
AFTER_BUT = 1.5
STEEPNESS = 0.5


class Lexicon:
    """Weighs texts by their words."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._weights = {
            word: float(sign * level)
            for name, sign in (("good", 1), ("bad", -1))
            for level, words in content[name].items()
            for word in words.split()
        }
        self._longest = max(map(len, self._weights))
        self._negation = re.compile(f"(?:{'|'.join(content['negations'].split())})$")
        self._but = re.compile("|".join(content["contrasts"].split()))

    def score(self, text: str) -> float:
        """Return the polarity of a text in [-1, 1]; 0 where no word is known."""
        turn = max((found.end() for found in self._but.finditer(text)), default=0)
        total = 0.0
        for start, word in self._words_of(text):
            weight = self._weights[word]
            if self._negation.search(text, max(0, start - 3), start):
                weight *= TURNED
            total += weight * (AFTER_BUT if 0 < turn <= start else 1.0)
        return tanh(STEEPNESS * total)

    def _words_of(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the known words and where they begin, none within another."""
        place = 0
        while place < len(text):
            for length in range(self._longest, 0, -1):
                word = text[place : place + length]
                if len(word) == length and word in self._weights:
                    yield place, word
                    place += length
                    break
            else:
                place += 1


@cache
def lexicon(language: str) -> Lexicon | None:
    """Return the lexicon of a language; None if there is none."""
    file = files("bot.components").joinpath(f"lexicon_{language}.yml")
    if not file.is_file():
        return None
    return Lexicon(rasa.shared.utils.io.read_yaml(file.read_text("utf-8")))
