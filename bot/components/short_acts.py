"""Dialogue acts of messages that consist of nothing else, with certainty.

A classifier trained on sentences is unsure of "yes", "no thanks", a thumb or a bare order number,
and a wrong guess there accepts or loses an offer. These messages can be listed, so they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import rasa.shared.utils.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.languages import DEFAULT, detect, of_one_script, pipeline, readable
from bot.components.phrases import PhraseFinder

# Longer messages say more than one thing; reading them whole here would only cost time.
MAX_WORDS = 10
DETAIL_ACT = "give_detail"
CORRECTION_ACT = "correct_detail"
_DETAILS = ("order_number", "email")
# "no, 10045" corrects; "no. 10045" and "no 10045" give a number
_CORRECTS = re.compile(
    r"^\W*(?:no\b(?!\.?\s*#?[A-Za-z]{0,3}-?\d)|nope|sorry|actually|oops|wait|i meant?|wrong)\b",
    re.IGNORECASE,
)
_SKIN_TONES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
_FILLERS = re.compile(
    r"^(?:it'?s|it|that'?s|this is|the|my|order|number|no|email|e-mail|mail|address|id|is|here|"
    r"you|go|are|please|thanks|thank|sure|ok|okay|yes|hi|hello|sorry|ref|reference|"
    r"nope|actually|oops|wait|i|mean|meant|wrong|correct|right|one|should|be|but)$",
    re.IGNORECASE,
)


class ShortActFinder:
    """Recognises whole messages of one language."""

    def __init__(self, acts: Mapping[str, Any], language: str) -> None:
        self._language = language
        phrases = {act: entry.get(language, []) for act, entry in acts.items()}
        self._finder = PhraseFinder(phrases, language)

    def find(self, text: str) -> str | None:
        """Return the act that the whole text is, or None."""
        bare = _SKIN_TONES.sub("", text)
        words = [t.text for t in pipeline(self._language).make_doc(bare) if _says_something(t.text)]
        if not 0 < len(words) <= MAX_WORDS:
            return None
        doc = pipeline(self._language).make_doc(" ".join(words))
        whole = [span.label_ for span in self._finder.find(doc) if len(span) == len(doc)]
        return whole[0] if whole else None


def _says_something(token: str) -> bool:
    return any(letter.isalnum() or letter > "\u2600" for letter in token)


def is_only_a_detail(text: str, entities: list[dict[str, Any]]) -> bool:
    """Tell whether a message is an order number or an address and nothing that matters."""
    found = [entity for entity in entities if entity["entity"] in _DETAILS]
    if not found:
        return False
    rest = text
    for entity in sorted(found, key=lambda item: -item["start"]):
        rest = rest[: entity["start"]] + " " + rest[entity["end"] :]
    return all(_FILLERS.match(word) for word in re.findall(r"[\w'-]*\w", rest))


@cache
def short_act_finder(language: str = DEFAULT) -> ShortActFinder:
    """Return the finder of a language over `short_acts.yml`, one per process."""
    text = files("bot.components").joinpath("short_acts.yml").read_text("utf-8")
    return ShortActFinder(rasa.shared.utils.io.read_yaml(text), language)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ShortActs(IntentClassifier, GraphComponent):
    """Puts a certain act at the head of the ranking; acts the training data lacks stay out."""

    def __init__(
        self, known: frozenset[str], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._known = known
        self._storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ShortActs:
        """Create the component for training."""
        short_act_finder()  # compiled now, not at the first message
        return cls(frozenset(), model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Remember which intents this assistant has, so that no other is ever answered."""
        self._known = frozenset(training_data.intents)
        with self._storage.write_to(self._resource) as folder:
            rasa.shared.utils.io.dump_obj_as_json_to_file(
                folder / "intents.json", sorted(self._known)
            )
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ShortActs:
        """Load the component of a trained model."""
        with model_storage.read_from(resource) as folder:
            known = rasa.shared.utils.io.read_json_file(folder / "intents.json")
        short_act_finder()
        return cls(frozenset(known), model_storage, resource)

    def process(self, messages: list[Message]) -> list[Message]:
        """Overrule the classifier where a message is an act and nothing else."""
        for message in messages:
            act = find_act(message.get(TEXT) or "", message.get(ENTITIES, []))
            if act in self._known:
                _put_first(message, act)
        return messages


def find_act(text: str, entities: list[dict[str, Any]]) -> str | None:
    """Return the act of a message that is nothing else, or None."""
    plain = readable(text)
    if is_only_a_detail(plain, entities):
        return CORRECTION_ACT if _CORRECTS.match(plain) else DETAIL_ACT
    found = (short_act_finder(code).find(plain) for code in of_one_script(detect(plain)))
    return next((act for act in found if act), None)


def _put_first(message: Message, act: str) -> None:
    certain = {INTENT_NAME_KEY: act, PREDICTED_CONFIDENCE_KEY: 1.0}
    others = [
        {**guess, PREDICTED_CONFIDENCE_KEY: 0.0}
        for guess in message.get(INTENT_RANKING_KEY, [])
        if guess[INTENT_NAME_KEY] != act
    ]
    message.set(INTENT, certain, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [certain, *others], add_to_output=True)
