"""A small notation for phrases, compiled to spaCy's Matcher, so that word lists stay readable.

    take * to court          up to three words, or none, in place of the star
    (speak|talk) to [a] human    one of the alternatives; brackets mean "or nothing"
    sue~                     any word beginning with "sue"

Case does not matter. A phrase is split into tokens as messages are, so "don't" is written so.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc, Span

from bot.components.languages import pipeline

_PIECE = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]|(\S+)")
_GROUP = re.compile(r"\([^()\[\]]*\)|\[[^()\[\]]*\]")
_MAX_EXPANSIONS = 400
TokenPattern = list[dict[str, Any]]


class PhraseError(ValueError):
    """A phrase is not written in the notation above."""


def compile_phrase(phrase: str, language: str) -> list[TokenPattern]:
    """Return the Matcher patterns of one phrase.

    Raises:
        PhraseError: If the phrase is empty, unbalanced or stands for too many patterns.
    """
    if set("()[]") & set(_GROUP.sub("", phrase)):
        raise PhraseError(f"Brackets do not match in the phrase '{phrase}'.")
    choices = [_choices(piece, language) for piece in _PIECE.finditer(phrase)]
    patterns = [list(itertools.chain.from_iterable(parts)) for parts in itertools.product(*choices)]
    patterns = [pattern for pattern in patterns if pattern]
    if not patterns or len(patterns) > _MAX_EXPANSIONS:
        raise PhraseError(f"The phrase '{phrase}' stands for {len(patterns)} patterns.")
    return patterns


def _choices(piece: re.Match[str], language: str) -> list[TokenPattern]:
    alternatives, optional, word = piece.groups()
    if word is not None:
        return [_tokens(word, language)]
    options = (alternatives if alternatives is not None else optional).split("|")
    compiled = _merge_single_words([_tokens(option, language) for option in options])
    return compiled + ([[]] if optional is not None else [])


def _merge_single_words(options: list[TokenPattern]) -> list[TokenPattern]:
    """Make one pattern of all one-word alternatives, to keep the number of patterns low."""
    single = [o[0]["LOWER"] for o in options if len(o) == 1 and isinstance(o[0].get("LOWER"), str)]
    if len(single) < 2:
        return options
    others = [o for o in options if len(o) != 1 or not isinstance(o[0].get("LOWER"), str)]
    return [*others, [{"LOWER": {"IN": single}}]]


def _tokens(words: str, language: str) -> TokenPattern:
    pattern: TokenPattern = []
    for word in words.split():
        if word == "*":
            pattern.append({"IS_PUNCT": False, "OP": "{0,3}"})
        elif word.endswith("~"):
            pattern.append({"LOWER": {"REGEX": f"^{re.escape(word[:-1].lower())}"}})
        else:
            pattern += [{"LOWER": t.lower_} for t in pipeline(language).make_doc(word)]
    return pattern


class PhraseFinder:
    """Finds labelled phrases of one language in documents.

    Each label has a matcher of its own, which is only asked where a word stands that its phrases
    cannot do without: most messages hold few of those, and a matcher asks every pattern at every
    word.
    """

    def __init__(self, labelled: Mapping[str, Iterable[str]], language: str) -> None:
        self._vocab = pipeline(language).vocab
        self._matchers: list[tuple[Clue, Matcher]] = []
        for label, phrases in labelled.items():
            patterns = [p for phrase in phrases for p in compile_phrase(phrase, language)]
            if patterns:
                matcher = Matcher(self._vocab)
                matcher.add(label, patterns)
                self._matchers.append((Clue.of(patterns), matcher))

    def find(self, doc: Doc) -> list[Span]:
        """Return every match as a span whose label is the phrase's."""
        words = {token.lower_ for token in doc}
        return [
            Span(doc, start, end, label)
            for clue, matcher in self._matchers
            if clue.is_in(words)
            for label, start, end in matcher(doc)
        ]


@dataclass(frozen=True)
class Clue:
    """Words, and beginnings of words, one of which any match of some patterns holds."""

    words: frozenset[str]
    beginnings: tuple[str, ...]

    @classmethod
    def of(cls, patterns: Iterable[TokenPattern]) -> Clue:
        """Take of each pattern the place that fewest messages will have: its longest word."""
        words: set[str] = set()
        beginnings: set[str] = set()
        for pattern in patterns:
            places = [token["LOWER"] for token in pattern if "LOWER" in token]
            rarest = max(places, key=_shortest, default={"REGEX": ""})
            if isinstance(rarest, str):
                words.add(rarest)
            elif "IN" in rarest:
                words.update(rarest["IN"])
            else:
                beginnings.add(_beginning(rarest))
        return cls(frozenset(words), tuple(sorted(beginnings)))

    def is_in(self, words: Set[str]) -> bool:
        if not self.words.isdisjoint(words):
            return True
        return bool(self.beginnings) and any(word.startswith(self.beginnings) for word in words)


def _shortest(place: str | dict[str, Any]) -> int:
    """Return the length of the shortest word that may stand in this place of a pattern."""
    if isinstance(place, str):
        return len(place)
    return min(map(len, place["IN"])) if "IN" in place else len(_beginning(place))


def _beginning(place: Mapping[str, str]) -> str:
    """Return what a word of `word~` begins with."""
    return re.sub(r"\\(.)", r"\1", place["REGEX"].removeprefix("^"))
