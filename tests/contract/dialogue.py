"""Drives the real actions over HTTP, in the JSON that Rasa sends, against a real database."""

import copy
import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from amends.conversations import use_cases as conversations
from amends.wiring.app import App

Json = dict[str, Any]


@dataclass
class Dialogue:
    """One conversation; keeps the slots as Rasa's tracker would, and every answer."""

    app: App
    client: httpx.AsyncClient
    call: Json  # recorded from Rasa
    answers: list[Json]  # of all dialogues
    customer_id: str | None = None
    language: str = "en"
    slots: Json = field(default_factory=dict)
    told: list[Json] = field(default_factory=list)
    _id: str = ""
    _posted: int = 0

    def __post_init__(self) -> None:
        self.slots = dict(self.call["tracker"]["slots"])
        with self.app.db.write() as uow:
            started = conversations.start_conversation(
                uow,
                language=self.language,
                company="Shop",
                now=self.app.clock(),
                customer_id=self.customer_id,
            )
            uow.commit()
        self._id = started.conversation.id

    @property
    def id(self) -> str:
        return self._id

    async def say(self, text: str, intent: str, *actions: str, **told: Any) -> list[Json]:
        """Say something to the assistant and run the actions that the rules would run.

        `secondary`, `ranking` and `confidence` go to the parse, any other keyword is an entity.
        """
        self._posted += 1
        posting = conversations.Posting(f"m{self._posted}", text, None)
        with self.app.db.write() as uow:
            message = conversations.post_message(
                uow, self._id, posting, limit=2000, now=self.app.clock()
            )
            uow.commit()
        latest = self._latest(text, intent, message.seq, told)
        responses: list[Json] = []
        for action in actions:
            responses += (await self._run(action, latest))["responses"]
        self.told = responses
        return responses

    def asked(self, slot: str) -> None:
        """The form asks for a slot."""
        self.slots["requested_slot"] = slot

    def button(self, *titles: str) -> Json:
        """Return the entities behind a quick reply just offered, by words of any language."""
        buttons = [b for said in self.told for b in said["buttons"]]
        payloads = [b["payload"] for b in buttons for title in titles if title in b["title"]]
        assert payloads, (titles, [said["response"] for said in self.told])
        return dict(json.loads(payloads[0][payloads[0].index("{") :]))

    def _latest(self, text: str, intent: str, seq: int, told: Json) -> Json:
        secondary, ranking = told.pop("secondary", []), told.pop("ranking", [intent])
        confidence = told.pop("confidence", 0.9)
        latest = copy.deepcopy(self.call["tracker"]["latest_message"])
        return latest | {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "intent_ranking": [{"name": name, "confidence": 0.3} for name in ranking],
            "entities": [{"entity": name, "value": value} for name, value in told.items()],
            "assessment": {"complaint": True, "secondary": secondary, "severity": "low"},
            "metadata": {
                "conversation_id": self._id,
                "seq": seq,
                "language": self.language,
            },
        }

    async def _run(self, action: str, latest: Json) -> Json:
        call = copy.deepcopy(self.call) | {"next_action": action, "sender_id": f"{self._id}.1"}
        call["tracker"] |= {"slots": self.slots, "latest_message": latest, "events": []}
        reply = await self.client.post("/webhook", json=call)
        assert reply.status_code == 200, (action, reply.text)
        answer: Json = reply.json() | {"language": self.language}
        self.answers.append(answer)
        for event in answer["events"]:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        return answer
