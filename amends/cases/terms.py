"""Words by which a case is found: what its customer said, who the customer is, what it is about.

A term is a whole word in small letters, without a plural's "s". Chinese, which writes no spaces,
is cut into pairs of characters. Facts have a prefix (`flag:legal`), so that no word is one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

LONGEST = 64
"""Characters of a term; a longer word is hardly searched for."""

_PIECE = re.compile(r"[^\s@]+@[^\s@]+\.\w+|[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")

_EVERYWHERE = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "did", "do", "for",
        "from", "had", "has", "have", "i", "if", "in", "is", "it", "me", "my", "no", "not", "of",
        "on", "or", "our", "so", "that", "the", "them", "then", "there", "they", "this", "to",
        "was", "we", "were", "what", "when", "which", "will", "with", "would", "you", "your",
        "我们", "你们", "他们", "的是", "是的",
    }
)  # fmt: skip
"""Words that nearly every case holds: they find nothing and would fill the index."""


def terms_in(text: str) -> Iterator[str]:
    """Yield the terms of a text, with repetitions."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for piece in _PIECE.findall(plain):
        if "@" in piece:
            yield piece.strip(".,;:()<>\"'")[:LONGEST]
        elif _HAN.match(piece):
            yield from (pair for pair in _pairs(piece) if pair not in _EVERYWHERE)
        elif piece not in _EVERYWHERE and (len(piece) > 1 or piece.isdigit()):
            yield _singular(piece)[:LONGEST]


def terms_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(term for text in texts for term in terms_in(text))


def flag_term(flag: str) -> str:
    return f"flag:{flag}"


def language_term(language: str) -> str:
    return f"language:{language}"


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
