"""A customer of the real system, who talks through the HTTP API as the widget does."""

import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx

LONGEST_WAIT = 30.0
ANSWER_SECONDS = 60.0
RETRY_SECONDS = 0.05


@dataclass
class Customer:
    client: httpx.Client
    conversation_id: str
    token: str

    @classmethod
    def start(cls, client: httpx.Client, identity: str | None = None) -> "Customer":
        body = {"identity": identity} if identity else {}
        answer = client.post("/api/conversations", json=body)
        assert answer.status_code == 201, answer.text
        opened = answer.json()
        return cls(client, opened["conversation_id"], opened["token"])

    def say(self, text: str) -> "Replies":
        """Write and return what is answered."""
        return self._post({"text": text})

    def tap(self, title: str) -> "Replies":
        """Tap the quick reply whose title holds these words, among those shown last."""
        return self._post({"choice_id": self.choice(title)})

    def choice(self, title: str) -> str:
        shown = next((m["choices"] for m in reversed(self.messages()) if m["choices"]), [])
        ids = [one["id"] for one in shown if title.lower() in one["title"].lower()]
        assert len(ids) == 1, f"no single choice {title!r} in {[one['title'] for one in shown]}"
        return str(ids[0])

    def post(self, body: dict[str, Any], wait: float = 0) -> httpx.Response:
        """Post one message as it stands; nothing is checked, nothing tried again."""
        message = {"client_message_id": uuid.uuid4().hex, **body}
        path = f"/api/conversations/{self.conversation_id}/messages"
        query = {"wait": wait} if wait else {}
        return self.client.post(path, json=message, params=query, headers=self.headers)

    def page(self, after: int = 0) -> dict[str, Any]:
        path = f"/api/conversations/{self.conversation_id}/messages"
        answer = self.client.get(path, params={"after": after}, headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page(after)["messages"]
        return found

    @property
    def mode(self) -> str:
        return str(self.page()["mode"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def rate(self, csat: int, comment: str = "") -> None:
        path = f"/api/conversations/{self.conversation_id}/survey"
        body = {"csat": csat, "comment": comment}
        answer = self.client.post(path, json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text

    def replies_to(
        self, seq: int, seconds: float = ANSWER_SECONDS, every: float = RETRY_SECONDS
    ) -> "Replies":
        """Wait for the answer to a message that was posted."""
        give_up = time.monotonic() + seconds
        while True:
            found = [m for m in self.messages(seq) if m["in_reply_to"] == seq]
            if any(m["role"] == "bot" for m in found):
                return Replies(found)
            assert time.monotonic() < give_up, f"message {seq} was not answered"
            time.sleep(every)

    def _post(self, body: dict[str, Any]) -> "Replies":
        answer = self.post(body, wait=LONGEST_WAIT)
        assert answer.status_code == 200, f"{answer.status_code} {answer.text}"
        return Replies(answer.json()["replies"])


class Replies(list[dict[str, Any]]):
    """What was said to one message."""

    @property
    def text(self) -> str:
        return "\n".join(one["text"] for one in self)

    @property
    def choices(self) -> list[str]:
        return [choice["title"] for one in self for choice in one["choices"]]

    def card(self, kind: str) -> dict[str, Any]:
        """Return the only card of this kind."""
        (found,) = [one["card"] for one in self if (one["card"] or {}).get("kind") == kind]
        card: dict[str, Any] = found
        return card

    @property
    def cards(self) -> list[str]:
        return [one["card"]["kind"] for one in self if one["card"]]
