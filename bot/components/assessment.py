"""Assessment of one message: complaint or not, category, sentiment, flags, wait, severity.

The last component of the pipeline. It reads what the others found and adds one structured output,
`assessment`, to the parse. What follows from it for a conversation is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.components.flags import SEVERITIES, Flag, flag_finder
from bot.components.languages import detect, readable
from bot.components.sentiment import scorer
from bot.components.spacy_tokenizer import doc_of

COMPLAINT_PREFIX = "report_"
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


@dataclass(frozen=True)
class Thresholds:
    """Where "likely" and "much" begin; the values come from config.yml."""

    complaint: float = 0.5
    secondary: float = 0.15
    negative: float = -0.2
    positive: float = 0.25
    very_negative: float = -0.7
    long_wait_hours: float = 72.0
    very_long_wait_hours: float = 336.0
    large_amount_minor: int = 20_000


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


def complaint_probability(ranking: Ranking) -> float:
    """Return how likely it is that the message complains about anything."""
    return min(1.0, sum(p for name, p in ranking if name.startswith(COMPLAINT_PREFIX)))


def categories(ranking: Ranking, limits: Thresholds) -> tuple[str | None, list[str]]:
    """Return the primary category and further likely ones; none if it is no complaint."""
    if complaint_probability(ranking) < limits.complaint:
        return None, []
    likely = [
        (name.removeprefix(COMPLAINT_PREFIX), p)
        for name, p in ranking
        if name.startswith(COMPLAINT_PREFIX)
    ]
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
            message.set("assessment", asdict(self.assess(message)), add_to_output=True)
        return messages

    def assess(self, message: Message) -> Assessment:
        """Assess one message from its text, entities and intent ranking."""
        limits = self._limits
        text = readable(message.get(TEXT) or "")
        entities = message.get(ENTITIES, [])
        ranking = _ranking(message)
        language = detect(text)
        doc = doc_of(message)
        category, secondary = categories(ranking, limits)
        flags = flag_finder(language).find(doc)
        wait = waiting_hours(text, entities)
        sentiment = scorer(language).score(doc, complaint_probability(ranking), wait is not None)
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


def _ranking(message: Message) -> Ranking:
    return [
        (guess[INTENT_NAME_KEY], guess[PREDICTED_CONFIDENCE_KEY])
        for guess in message.get(INTENT_RANKING_KEY, [])
        if guess[INTENT_NAME_KEY]
    ]
