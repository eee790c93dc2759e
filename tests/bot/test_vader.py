"""VADER says the same with the few words that it looks at as with all of them."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from bot import vader

WORDS = (
    "never so good", "never this bad", "without doubt great", "kind of bad", "sort of nice",
    "the shit", "the bomb", "bad ass", "yeah right", "kiss of death", "to die for", "hand to mouth",
    "not", "isn't", "no", "least", "at least", "very", "but", "GOOD", "terrible", "😂", "😡",
    "cut the", "mustard", "extremely", "hardly", "parcel", "or", "nor",
)  # fmt: skip


@pytest.fixture(autouse=True)
def unpatched() -> Iterator[None]:
    yield
    vader.apply()


def texts() -> Iterator[str]:
    made = random.Random(1)
    for _ in range(3000):
        yield " ".join(made.choices(WORDS, k=made.randrange(1, 12)))


def test_the_scores_are_those_of_the_original() -> None:
    analyzer = SentimentIntensityAnalyzer()
    vader.restore()
    original = [analyzer.polarity_scores(text) for text in texts()]

    vader.apply()

    assert [analyzer.polarity_scores(text) for text in texts()] == original


def test_a_long_message_is_not_looked_through_for_each_of_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[int] = []
    for name in ("_original_negation", "_original_idioms"):
        original = getattr(vader, name)

        def counted(valence: float, words: list[str], *at: int, original=original) -> float:  # type: ignore[no-untyped-def]
            given.append(len(words))
            return float(original(valence, words, *at))

        monkeypatch.setattr(vader, name, counted)
    vader.apply()

    SentimentIntensityAnalyzer().polarity_scores("😂" * 300)

    assert len(given) > 300
    assert max(given) <= vader.WORDS_BEFORE + 1 + vader.WORDS_AFTER
