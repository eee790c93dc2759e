"""A conversation as the steps of a dialogue, from which a test conversation is made.

The playground posts it to `/training/dialogues/new?from=playground` in the form field `steps`: a
JSON list, in order, of

    {"who": "customer", "text": words, "intent": intent}
        what was typed, and as what it was read; for a tapped choice `intent` is what the choice
        stands for (`agree`) and `entities` holds its values by name, when it has any
    {"who": "bot", "action": name}
        an action or response that Rasa ran (`action_offer`, `utter_greet`), in order
    {"who": "bot", "slot": name, "value": value}
        a slot that was set on the way; which of them a dialogue tells is for the page to say
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from amends.training.playground.model import Explained, RasaStep
from amends.values import Json

_COMMAND = re.compile(r"/(?P<intent>\w+)\s*(?P<entities>\{.*\})?\s*", re.DOTALL)


def steps_of(turns: Iterable[Explained]) -> list[Json]:
    """Return the steps of a conversation, in order."""
    steps: list[Json] = []
    for turn in turns:
        steps.append(_customer(turn))
        steps += [_bot(one) for one in turn.told.steps]
    return steps


def _bot(step: RasaStep) -> Json:
    if step.kind == "action":
        return {"who": "bot", "action": step.name}
    return {"who": "bot", "slot": step.name, "value": step.value}


def _customer(turn: Explained) -> Json:
    if turn.tapped:
        intent, entities = command_of(turn.tapped)
        step: Json = {"who": "customer", "text": turn.text, "intent": intent}
        return {**step, "entities": entities} if entities else step
    intent = turn.read.intent if turn.read else ""
    return {"who": "customer", "text": turn.text, "intent": intent}


def command_of(payload: str) -> tuple[str, dict[str, Any]]:
    """Return intent and values of what a choice stands for: `/intent{"name": value}`."""
    match = _COMMAND.fullmatch(payload)
    if match is None:
        return "", {}
    try:
        entities = json.loads(match["entities"] or "{}")
    except ValueError:
        entities = {}
    return match["intent"], entities if isinstance(entities, dict) else {}
