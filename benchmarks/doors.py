"""The ways into a bot: Amends' gateway, its engine alone, and the REST channel of a Rasa server.

All three run the same actions: messages past the gateway carry the metadata that it would send,
for a conversation opened there beforehand.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from amends.wiring.engine_client import to_command
from benchmarks.script import Step

WAIT_SECONDS = 30
Json = dict[str, Any]


class TurnFailed(Exception):
    """The turn was not answered as it should be; the text says how instead."""


class Chat(Protocol):
    async def take(self, step: Step) -> list[str]:
        """Take one turn and return what the bot said.

        Raises:
            TurnFailed: No answer, or none in time.
        """


class Door(Protocol):
    async def open(self) -> Chat: ...


@dataclass(frozen=True)
class GatewayDoor:
    client: httpx.AsyncClient

    async def open(self) -> "GatewayChat":
        opened = await open_conversation(self.client)
        return GatewayChat(self.client, opened["conversation_id"], opened["token"])


@dataclass
class GatewayChat:
    client: httpx.AsyncClient
    conversation_id: str
    token: str
    turns: int = 0
    choices: list[Json] = field(default_factory=list)

    async def take(self, step: Step) -> list[str]:
        self.turns += 1
        answer = await self.client.post(
            f"/api/conversations/{self.conversation_id}/messages?wait={WAIT_SECONDS}",
            json={"client_message_id": f"m{self.turns}", **self._content(step)},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        replies = answer.json().get("replies") if answer.is_success else None
        if not replies:
            raise TurnFailed(f"status {answer.status_code}, turn {self.turns}")
        if any(reply["role"] == "system" for reply in replies):
            raise TurnFailed(f"turn {self.turns}: {replies[-1]['text']}")
        self.choices = replies[-1]["choices"]
        return [reply["text"] for reply in replies]

    def _content(self, step: Step) -> Json:
        wanted = [c["id"] for c in self.choices if step.choice and c["title"] == step.text]
        return {"choice_id": wanted[0]} if wanted else {"text": step.text}


@dataclass(frozen=True)
class RestDoor:
    gateway: httpx.AsyncClient
    engine: httpx.AsyncClient

    async def open(self) -> "RestChat":
        opened = await open_conversation(self.gateway)
        return RestChat(self.engine, opened["conversation_id"])


@dataclass
class RestChat:
    client: httpx.AsyncClient
    conversation_id: str
    turns: int = 0
    buttons: list[Json] = field(default_factory=list)

    async def take(self, step: Step) -> list[str]:
        self.turns += 1
        wanted = [b["payload"] for b in self.buttons if step.choice and b["title"] == step.text]
        body = {
            "sender": self.conversation_id,
            "message": wanted[0] if wanted else step.command or step.text,
            "metadata": metadata(self.conversation_id, self.turns),
        }
        answer = await self.client.post("/webhooks/rest/webhook", json=body)
        replies = answer.json() if answer.is_success else None
        if not replies:
            raise TurnFailed(f"status {answer.status_code}, turn {self.turns}")
        self.buttons = replies[-1].get("buttons", [])
        return [reply["text"] for reply in replies if "text" in reply]


@dataclass(frozen=True)
class EngineDoor:
    gateway: httpx.AsyncClient
    engine: httpx.AsyncClient

    async def open(self) -> "EngineChat":
        opened = await open_conversation(self.gateway)
        return EngineChat(self.engine, opened["conversation_id"])


@dataclass
class EngineChat:
    """Reads and answers in one request, as a REST channel does."""

    client: httpx.AsyncClient
    conversation_id: str
    turns: int = 0
    choices: list[Json] = field(default_factory=list)

    async def take(self, step: Step) -> list[str]:
        self.turns += 1
        wanted = [c["payload"] for c in self.choices if step.choice and c["title"] == step.text]
        body = {
            "sender_id": self.conversation_id,
            "message_id": f"{self.conversation_id}:{self.turns}",
            "text": step.text,
            "parse": None,
            "command": to_command(wanted[0]) if wanted else None,
            "metadata": metadata(self.conversation_id, self.turns),
        }
        answer = await self.client.post("/webhooks/amends/turn", json=body)
        replies = answer.json()["replies"] if answer.is_success else None
        if not replies:
            raise TurnFailed(f"status {answer.status_code}, turn {self.turns}")
        self.choices = replies[-1]["choices"]
        return [reply["text"] for reply in replies]


def metadata(conversation_id: str, seq: int) -> Json:
    return {"conversation_id": conversation_id, "seq": seq, "mode": "bot", "language": "en"}


async def open_conversation(client: httpx.AsyncClient) -> Json:
    answer = await client.post("/api/conversations", json={})
    answer.raise_for_status()
    return dict(answer.json())
