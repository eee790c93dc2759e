"""VADER in a time that grows with a message's length, not with its square.

For every word with a mood VADER 3.3.2 puts the whole message into lower case, four times, to look
at three words before it and two behind. A message of 1,900 emoji, each read as several words, took
ten seconds in which nobody else was answered. Here it is given those few words alone; what comes
out is the same to the last digit (`tests/bot/test_vader.py`).
"""

from __future__ import annotations

from typing import Any

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

WORDS_BEFORE, WORDS_AFTER = 3, 2

_original_negation = SentimentIntensityAnalyzer._negation_check
_original_idioms = SentimentIntensityAnalyzer._special_idioms_check


def apply() -> None:
    """Put the replacements in place; doing so twice changes nothing."""
    SentimentIntensityAnalyzer._negation_check = staticmethod(_negation_check)
    SentimentIntensityAnalyzer._special_idioms_check = staticmethod(_idioms_check)


def restore() -> None:
    """Take the replacements back."""
    SentimentIntensityAnalyzer._negation_check = staticmethod(_original_negation)
    SentimentIntensityAnalyzer._special_idioms_check = staticmethod(_original_idioms)


def _negation_check(valence: Any, words: list[str], start_i: int, i: int) -> Any:
    near, at = _near(words, i)
    return _original_negation(valence, near, start_i, at)


def _idioms_check(valence: Any, words: list[str], i: int) -> Any:
    near, at = _near(words, i)
    return _original_idioms(valence, near, at)


def _near(words: list[str], i: int) -> tuple[list[str], int]:
    first = max(0, i - WORDS_BEFORE)
    return words[first : i + WORDS_AFTER + 1], i - first
