"""Assessment of one message: complaint or not, category, sentiment, flags, wait, severity.

The last component of the pipeline. It reads what the others found and adds one structured output,
`assessment`, to the parse. What follows from it for a conversation is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.components.flags import SEVERITIES, Flag, FlagFinder, flag_finder
from bot.components.languages import detect, readable
from bot.components.sentiment import scorer
from bot.components.signals import COMPLAINT
from bot.components.spacy_tokenizer import doc_of

COMPLAINT_PREFIX = "report_"
SMALLTALK = "chitchat"
SAFETY = "safety"
MAX_SECONDARY = 3
_SENTENCE_END = re.compile(r"[.!?\n]+")
_WAITING = re.compile(
    r"\b(?:wait\w*|on hold|held|late|later|delay\w*|overdue|still|yet|nothing|it'?s been|"
    r"has been|have been|been over|for over|no (?:reply|response|answer|refund|news|update|sign)|"
    r"haven'?t|hasn'?t|never|without|took|taken|taking|sat|stood|queue\w*|ignored)\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(r"\b(?:in|within|next|another|valid for|warranty of)\s+\W*$", re.IGNORECASE)
Ranking = list[tuple[str, float]]
Signals = dict[str, float]


@dataclass(frozen=True)
class Thresholds:
    """Where "likely" and "much" begin; the values come from config.yml."""

    complaint: float = 0.5
    secondary: float = 0.15
    flag: float = 0.5
    negative: float = -0.2
    positive: float = 0.25
    very_negative: float = -0.7
    lexicon: float = 0.5
    """What the lexicon's word counts beside what was learned, in [0, 1]."""
    long_wait_hours: float = 72.0
    very_long_wait_hours: float = 336.0
    large_amount_minor: int = 20_000
    flags: Mapping[str, float] = field(default_factory=dict)
    """Where a flag is likely, by name; for the others `flag` counts."""
    languages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What differs in a language, under the names above."""

    def of(self, language: str) -> Thresholds:
        return replace(self, **self.languages.get(language, {}))


@dataclass(frozen=True)
class Assessment:
    """What one message says, as the channel returns it."""

    complaint: bool
    category: str | None
    secondary: list[str]
    sentiment: float
    sentiment_label: str
    flags: list[str]
    severity: str
    waiting_hours: float | None
    language: str


def complaint_probability(ranking: Ranking, signals: Signals) -> float:
    """Return how likely it is that the message complains about anything.

    Two witnesses that err differently: all complaint intents of the ranking together, and the
    machine that learned nothing but this question.
    """
    ranked = min(1.0, sum(p for name, p in ranking if name.startswith(COMPLAINT_PREFIX)))
    return (ranked + signals.get(COMPLAINT, ranked)) / 2


def categories(
    ranking: Ranking, probability: float, limits: Thresholds
) -> tuple[str | None, list[str]]:
    """Return the primary category and further likely ones; none if it is no complaint."""
    if probability < limits.complaint:
        return None, []
    likely = [
        (name.removeprefix(COMPLAINT_PREFIX), p)
        for name, p in ranking
        if name.startswith(COMPLAINT_PREFIX)
    ]
    if not likely:
        return None, []
    primary, *others = sorted(likely, key=lambda item: -item[1])
    return primary[0], [name for name, p in others if p >= limits.secondary][:MAX_SECONDARY]


def waiting_hours(text: str, entities: list[dict[str, Any]]) -> float | None:
    """Return the longest time the customer says they have waited."""
    stated = [
        float(entity["value"])
        for entity in entities
        if entity["entity"] == "duration" and _is_a_wait(text, entity["start"], entity["end"])
    ]
    return max(stated, default=None)


def _is_a_wait(text: str, start: int, end: int) -> bool:
    if _TO_COME.search(text[:start]):
        return False
    begins = max((m.end() for m in _SENTENCE_END.finditer(text, 0, start)), default=0)
    stop = _SENTENCE_END.search(text, end)
    return bool(_WAITING.search(text[begins : stop.start() if stop else len(text)]))


def label(sentiment: float, limits: Thresholds) -> str:
    """Return neg, neu or pos."""
    if sentiment <= limits.negative:
        return "neg"
    return "pos" if sentiment >= limits.positive else "neu"


def sentiment_of(lexical: float, signals: Signals, lexicon: float = 0.5) -> float:
    """Return the sentiment in [-1, 1].

    What the machine has learned tells for or against; the lexicon, how strongly it is said.
    Either alone, where the other knows nothing.
    """
    if "neg" not in signals:
        return lexical
    learned = signals["pos"] - signals["neg"]
    return (1 - lexicon) * learned + lexicon * lexical if lexical else learned


def all_flags(
    found: list[Flag], signals: Signals, finder: FlagFinder, limits: Thresholds
) -> list[Flag]:
    """Return the flags whose words were found, and those that the machine is sure of."""
    known = {flag.name for flag in found}
    learned = [
        finder.mildest(name)
        for name in finder.names
        if signals.get(name, 0.0) >= limits.flags.get(name, limits.flag)
    ]
    return sorted([*found, *(f for f in learned if f.name not in known)], key=lambda f: f.name)


def severity(
    complaint: bool,
    flags: list[Flag],
    sentiment: float,
    wait: float | None,
    amount_minor: int,
    limits: Thresholds,
) -> str:
    """Return the severity: the highest of the flags', raised by how the complaint weighs.

    One of strong anger, a long wait or a large sum makes a complaint medium; two make it high,
    as does a very long wait together with anger.
    """
    worst = max((SEVERITIES.index(flag.severity) for flag in flags), default=0)
    if complaint:
        weights = [
            sentiment <= limits.very_negative,
            (wait or 0.0) >= limits.long_wait_hours,
            amount_minor >= limits.large_amount_minor,
            (wait or 0.0) >= limits.very_long_wait_hours and sentiment <= limits.negative,
        ]
        worst = max(worst, min(2, sum(weights)))
    return SEVERITIES[worst]


def _largest_amount(entities: list[dict[str, Any]]) -> int:
    amounts = (e["value"]["amount_minor"] for e in entities if e["entity"] == "amount")
    return max(amounts, default=0)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MessageAssessment(GraphComponent):
    """Adds `assessment` to each message."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The thresholds, under the names of `Thresholds`."""
        return asdict(Thresholds())

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse thresholds that contradict each other."""
        if not config["very_negative"] <= config["negative"] < config["positive"]:
            raise InvalidConfigException(
                "MessageAssessment needs very_negative <= negative < positive."
            )

    def __init__(self, config: dict[str, Any]) -> None:
        names = asdict(Thresholds())
        self._limits = Thresholds(**{name: config.get(name, names[name]) for name in names})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageAssessment:
        """Create the component; there is nothing to train."""
        flag_finder()  # compiled now, not at the first message
        scorer()
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Assess incoming messages."""
        for message in messages:
            found = self.assess(message)
            message.set("assessment", asdict(found), add_to_output=True)
            if _speaks_of_danger(found.flags, message) and found.category:
                _hear(message, COMPLAINT_PREFIX + found.category)
        return messages

    def assess(self, message: Message) -> Assessment:
        """Assess one message from its text, entities and intent ranking."""
        text = readable(message.get(TEXT) or "")
        entities = message.get(ENTITIES, [])
        ranking = _ranking(message)
        language = detect(text)
        limits = self._limits.of(language)
        doc = doc_of(message)
        signals: Signals = message.get("signals") or {}
        probability = complaint_probability(ranking, signals)
        finder = flag_finder(language)
        flags = all_flags(finder.find(doc), signals, finder, limits)
        if _speaks_of_danger([flag.name for flag in flags], message):
            probability = 1.0
        category, secondary = categories(ranking, probability, limits)
        wait = waiting_hours(text, entities)
        lexical = scorer(language).score(doc, probability, wait is not None)
        sentiment = sentiment_of(lexical, signals, limits.lexicon)
        amount = _largest_amount(entities)
        return Assessment(
            complaint=category is not None,
            category=category,
            secondary=secondary,
            sentiment=round(sentiment, 3),
            sentiment_label=label(sentiment, limits),
            flags=[flag.name for flag in flags],
            severity=severity(category is not None, flags, sentiment, wait, amount, limits),
            waiting_hours=wait,
            language=language,
        )


def _speaks_of_danger(flags: list[str], message: Message) -> bool:
    """Whether words were taken for small talk that nobody makes: of having been hurt."""
    heard = message.get(INTENT) or {}
    return SAFETY in flags and heard.get(INTENT_NAME_KEY) == SMALLTALK


def _hear(message: Message, intent: str) -> None:
    """Let the dialogue go on from this intent, as sure as the reader is of it."""
    confidence = dict(_ranking(message)).get(intent, 0.0)
    heard = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence}
    message.set(INTENT, heard, add_to_output=True)


def _ranking(message: Message) -> Ranking:
    return [
        (guess[INTENT_NAME_KEY], guess[PREDICTED_CONFIDENCE_KEY])
        for guess in message.get(INTENT_RANKING_KEY, [])
        if guess[INTENT_NAME_KEY]
    ]
