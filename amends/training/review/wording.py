"""Which words the training examples hold, and how much of a message they do not."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from amends.training.data_text import same_words

HARDLY: Final = 3
"""A word that fewer examples hold is one that the model cannot have learnt."""

FEWEST_KNOWN: Final = 500
"""With fewer words there is nothing to compare with: then no message counts as unseen."""

UNSEEN_SHARE: Final = 0.3
UNSEEN_SHARE_CJK: Final = 0.5  # pairs of characters: also half of one word and half of the next
FEWEST_UNSEEN: Final = 2
"""From this share of words that the examples hardly hold, and so many of them, a message's wording
is unseen. Of 2,000 of our own examples, held against the others, 1 in 18 is."""

FEWEST_WORDS: Final = 3
_CJK: Final = re.compile(r"[\u3400-\u9fff]")
_SHORTEST_WORD: Final = 4  # "the", "my", "is" say nothing of a subject
_PAIR: Final = 2  # a Chinese word has mostly two characters


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that enough training examples hold."""

    words: frozenset[str] = frozenset()

    def is_unseen(self, text: str) -> bool:
        """Return whether the examples hardly hold what a text is said with."""
        said = words_of(text)
        if len(self.words) < FEWEST_KNOWN or len(said) < FEWEST_WORDS:
            return False
        unseen = len(said - self.words)
        share = UNSEEN_SHARE_CJK if _CJK.search(text) else UNSEEN_SHARE
        return unseen >= FEWEST_UNSEEN and unseen / len(said) >= share


def vocabulary_of(texts: Iterable[str]) -> Vocabulary:
    """Return the words that at least `HARDLY` of the texts hold, and every pair of characters."""
    counted = Counter(word for text in texts for word in words_of(text))
    return Vocabulary(
        frozenset(word for word, count in counted.items() if count >= HARDLY or _CJK.search(word))
    )


def words_of(text: str) -> frozenset[str]:
    """Return the words that can tell a subject: longer ones, and pairs of Chinese characters."""
    plain = same_words(text)
    found = {word for word in plain.split() if _is_telling(word)}
    for run in re.findall(r"[\u3400-\u9fff]+", plain):
        found |= {run[at : at + _PAIR] for at in range(len(run) - 1)}
    return frozenset(found)


def _is_telling(word: str) -> bool:
    return len(word) >= _SHORTEST_WORD and word.isalpha() and not _CJK.search(word)
