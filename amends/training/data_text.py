"""When two texts count as the same, and what their likeness is measured on."""

import re
import unicodedata
from functools import cache
from typing import Final

_APOSTROPHES: Final = str.maketrans("", "", "'’‘`´")
_DIGITS: Final = re.compile(r"\d+")
_NOT_A_WORD: Final = re.compile(r"[\W_]+")
CJK: Final = re.compile(r"[\u3400-\u9fff]")
_SHINGLE: Final = 4
_SHINGLE_CJK: Final = 2  # a Chinese word has mostly two characters
_FEWEST_WORDS_OF_ONES_OWN: Final = 6  # "I don't have that information" is everybody's
_FEWEST_CHARACTERS_OF_ONES_OWN: Final = 8


def same_words(text: str) -> str:
    """Return a key that is equal for texts which differ in case, spacing and punctuation only.

    A text without any word, such as an emoji, is its own key.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    words = _NOT_A_WORD.sub(" ", plain).strip()
    return words or plain.strip()


@cache
def same_saying(text: str) -> str:
    """Return the key of the words, keeping a question apart: "ok?" is not "ok"."""
    asks = text.rstrip().endswith(("?", "？"))
    return same_words(text) + ("?" if asks else "")


def is_common_phrase(text: str) -> bool:
    """Return whether a text is so short that two people write it without copying each other."""
    words = same_words(text)
    if CJK.search(words):
        return len(words.replace(" ", "")) < _FEWEST_CHARACTERS_OF_ONES_OWN
    return len(words.split()) < _FEWEST_WORDS_OF_ONES_OWN


@cache
def shingles(text: str) -> frozenset[str]:
    """Return the overlapping pieces of a text; numbers count alike, whatever their value."""
    words = _DIGITS.sub("0", same_words(text))
    size = _SHINGLE
    if CJK.search(words):
        words, size = words.replace(" ", ""), _SHINGLE_CJK
    return frozenset(words[at : at + size] for at in range(max(1, len(words) - size + 1)))
