"""Entity extractor for what every complaint needs: order numbers, money, time, addresses.

These have forms that can be written down, so they are found by rules and not learned: a rule is
right or wrong in a way that can be read, and needs no examples.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.languages import readable
from bot.components.measures import find_amounts, find_dates, find_durations, find_emails
from bot.components.order_numbers import find_order_numbers

FINDERS = {
    # what claims a stretch of text first keeps it
    "email": find_emails,
    "amount": find_amounts,
    "order_number": find_order_numbers,
    "duration": find_durations,
    "date": find_dates,
}


def find_entities(text: str, kinds: Iterable[str] = FINDERS) -> list[dict[str, Any]]:
    """Return entities in Rasa's form, in the order of the text, without overlaps."""
    found: list[dict[str, Any]] = []
    plain = readable(text)
    wanted = set(kinds)
    for kind in FINDERS:
        if kind not in wanted:
            continue
        for item in FINDERS[kind](plain):
            if all(item.end <= other["start"] or item.start >= other["end"] for other in found):
                found.append(
                    {"entity": kind, "start": item.start, "end": item.end, "value": item.value}
                )
    return sorted(found, key=lambda entity: entity["start"])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ComplaintEntityExtractor(EntityExtractorMixin, GraphComponent):
    """Adds the entities named in `kinds` to each message."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """All kinds that can be found."""
        return {"kinds": list(FINDERS)}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse a kind that cannot be found."""
        unknown = sorted(set(config["kinds"]) - set(FINDERS))
        if unknown:
            raise InvalidConfigException(
                f"ComplaintEntityExtractor does not know {', '.join(unknown)}; "
                f"it knows {', '.join(FINDERS)}."
            )

    def __init__(self, config: dict[str, Any]) -> None:
        self._kinds = list(config["kinds"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ComplaintEntityExtractor:
        """Create the component; there is nothing to train."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities after those that other extractors found."""
        for message in messages:
            found = find_entities(message.get(TEXT) or "", self._kinds)
            entities = self.add_extractor_name(found)
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
