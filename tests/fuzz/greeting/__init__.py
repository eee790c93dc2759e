"""A package of custom actions with one that cannot fail, for the actions listener."""

from typing import Any

from rasa_sdk import Action


class Greet(Action):
    def name(self) -> str:
        return "action_greet"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=f"Hello {tracker.sender_id}")
        return [{"event": "slot", "name": "greeted", "value": True}]
