"""Sentiment of a message: a lexicon, corrected for how customers complain.

English has VADER's lexicon, made for tweets; Chinese one of our own, made for customers' words.

Anger at a shop is mostly quiet. "Still waiting after the third e-mail" holds no bad word, and
"thanks for nothing" holds a good one. `sentiment.yml` lists what such sentences have in common;
how sure the classifier is of a complaint counts too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from math import tanh

import rasa.shared.utils.io
from spacy.tokens import Doc
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from bot.components.languages import DEFAULT
from bot.components.lexicon import lexicon
from bot.components.phrases import PhraseFinder

# VADER finds half of the negatives in complaints: its word counts for less than the groups.
VADER_WEIGHT = 0.6
OWN_LEXICON_WEIGHT = 1.5
COMPLAINT_WEIGHT = -0.35
STATED_WAIT_WEIGHT = -0.2

# The sum is bent into [-1, 1], not cut off: a disappointed customer must stay apart from a
# furious one, for only the second is handed to a person at once.
STEEPNESS = 0.8


class SentimentScorer:
    """Scores documents of one language."""

    def __init__(self, language: str) -> None:
        text = files("bot.components").joinpath("sentiment.yml").read_text("utf-8")
        groups = rasa.shared.utils.io.read_yaml(text)["groups"]
        self._weights = {name: float(group["weight"]) for name, group in groups.items()}
        phrases = {name: group.get(language, []) for name, group in groups.items()}
        self._finder = PhraseFinder(phrases, language)
        self._polarity = _polarity(language)

    def score(self, doc: Doc, complaint_probability: float, states_wait: bool) -> float:
        """Return a sentiment in [-1, 1].

        Args:
            doc: The message.
            complaint_probability: The classifier's, in [0, 1].
            states_wait: Whether the customer says how long they have waited.
        """
        words = self._polarity(doc.text)
        groups = {span.label_ for span in self._finder.find(doc)}
        if "irony" in groups:
            # the good words of an ironic sentence are not meant
            words = min(words, 0.0)
            groups.discard("thanks")
        score = words + sum(self._weights[name] for name in groups)
        score += COMPLAINT_WEIGHT * complaint_probability
        score += STATED_WAIT_WEIGHT if states_wait else 0.0
        return tanh(STEEPNESS * score)


def _polarity(language: str) -> Callable[[str], float]:
    """Return what weighs the good and bad words of a text; 0 in a language without a lexicon."""
    if language == "en":
        vader = SentimentIntensityAnalyzer()
        return lambda text: float(VADER_WEIGHT * vader.polarity_scores(text)["compound"])
    own = lexicon(language)
    return lambda text: OWN_LEXICON_WEIGHT * own.score(text) if own else 0.0


@cache
def scorer(language: str = DEFAULT) -> SentimentScorer:
    """Return the scorer of a language, one per process."""
    return SentimentScorer(language)
