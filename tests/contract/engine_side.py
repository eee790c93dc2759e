"""The engine's half of the contract; runs in the engine's environment, with Rasa's own code.

engine_side.py call                  prints the JSON that Rasa sends to an action
engine_side.py accept < answers      says per line what Rasa makes of an action's answer
"""

import asyncio
import json
import sys
from pathlib import Path

from rasa.core.actions.action import RemoteAction
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered, deserialise_events
from rasa.shared.core.slots import CategoricalSlot
from rasa.shared.core.trackers import DialogueStateTracker

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))
from bot.turns import follow_language  # noqa: E402 (found once the project is on the path)


def load_domain() -> Domain:
    return Domain.load(str(PROJECT / "domain.yml"))


def recorded_call(domain: Domain) -> dict:
    """Return what Rasa 3.6 posts for an action, as the channel `amends` fills the tracker."""
    tracker = DialogueStateTracker("conversation.1", domain.slots)
    intent = {"name": "report_faulty_product", "confidence": 0.9}
    entities = [{"entity": "order_number", "value": "10046", "start": 0, "end": 5}]
    parse = {
        "text": "10046 broke",
        "intent": intent,
        "intent_ranking": [intent],
        "entities": entities,
        "assessment": {"complaint": True, "category": "faulty_product", "secondary": []},
    }
    metadata = {"conversation_id": "conversation", "seq": 2}
    tracker.update(
        UserUttered("10046 broke", intent, entities, parse, message_id="m", metadata=metadata)
    )
    return RemoteAction("action_take_complaint", None)._action_call_format(tracker, domain)


def accepted(domain: Domain, answer: dict) -> dict:
    """Take an answer as Rasa does; returns what the customer would read and what is wrong."""
    tracker = DialogueStateTracker("conversation.1", domain.slots)
    follow_language(tracker, {"language": answer.pop("language", "en")})
    RemoteAction("action_any", None)._validate_action_result(answer)
    events = deserialise_events(answer["events"])
    wrong = [
        w for event in events if isinstance(event, SlotSet) for w in _slot_errors(domain, event)
    ]
    if len(events) != len(answer["events"]):
        wrong.append("an event that Rasa does not know")
    nlg = TemplatedNaturalLanguageGenerator(domain.responses)
    texts = []
    for response in answer["responses"]:
        values = {k: v for k, v in response.items() if k != "response"}
        said = asyncio.run(nlg.generate(response["response"], tracker, "amends", **values))
        texts.append(said["text"] if said else None)
    return {"texts": texts, "wrong": wrong, "language": tracker.get_slot("language")}


def _slot_errors(domain: Domain, event: SlotSet) -> list:
    slots = {slot.name: slot for slot in domain.slots}
    slot = slots.get(event.key)
    if slot is None:
        return [f"no slot {event.key}"]
    if isinstance(slot, CategoricalSlot) and str(event.value).lower() not in slot.values:
        return [f"slot {event.key} has no value {event.value}"]
    return []


def main() -> None:
    domain = load_domain()
    if sys.argv[1] == "call":
        sys.stdout.write(json.dumps(recorded_call(domain)))
        return
    for line in sys.stdin:
        sys.stdout.write(json.dumps(accepted(domain, json.loads(line))) + "\n")


if __name__ == "__main__":
    main()
