"""The customers' API of a running gateway, as the terminal and the desk's playground use it.

ApiError
├── NothingRuns    no gateway answers at the address
└── Refused        the gateway refused the request; the text is its own sentence
"""

import uuid
from collections.abc import Sequence
from typing import Any

import httpx

from amends.values import Json
from amends.wiring.errors import NotPossible

WAIT_SECONDS = 30
TIMEOUT_SECONDS = WAIT_SECONDS + 10.0


class ApiError(NotPossible):
    """Base of what goes wrong on the way to the gateway."""


class NothingRuns(ApiError):
    def __init__(self, url: str) -> None:
        super().__init__(f"no gateway answers at {url}; start Amends with `amends up`.")


class Refused(ApiError):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Gateway:
    """The gateway at one address; opens conversations."""

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        self.url = url
        # trust_env=False: a proxy of the environment must never see what customers write.
        self._client = httpx.Client(
            base_url=url, timeout=TIMEOUT_SECONDS, trust_env=False, transport=transport
        )

    def close(self) -> None:
        self._client.close()

    def demo_identities(self) -> dict[str, str]:
        """Return the signed identity of each customer of the demo shop, by name."""
        found = self.ask("GET", "/demo/customers")
        return {customer["name"]: customer["identity"] for customer in found}

    def start(self, identity: str | None = None) -> "Chat":
        """Open a conversation, as this customer or as a guest."""
        started = self.ask("POST", "/api/conversations", {"identity": identity})
        return Chat(self, started["conversation_id"], started["token"])

    def ask(self, method: str, path: str, body: Json | None = None, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            answer = self._client.request(method, path, json=body, headers=headers)
        except (httpx.TransportError, httpx.InvalidURL):
            raise NothingRuns(self.url) from None
        if answer.is_success:
            return answer.json()
        raise Refused(answer.status_code, _sentence(answer))


class Chat:
    """One conversation, followed from its beginning."""

    def __init__(self, gateway: Gateway, conversation_id: str, token: str) -> None:
        self._gateway, self._token = gateway, token
        self.id = conversation_id
        self._path = f"/api/conversations/{conversation_id}"
        self._seen = 0
        self.mode = "bot"

    def say(self, text: str) -> None:
        """Send typed words and wait until they are answered, or the gateway's limit."""
        self._post({"text": text})

    def choose(self, choice_id: str) -> None:
        self._post({"choice_id": choice_id})

    def rate(self, csat: int) -> None:
        self._ask("POST", "/survey", {"csat": csat})

    def news(self) -> Sequence[Json]:
        """Return what others wrote since the last call; own messages are left out."""
        page = self._ask("GET", f"/messages?after={self._seen}")
        self.mode = page["mode"]
        for message in page["messages"]:
            self._seen = message["seq"]
        return [message for message in page["messages"] if message["role"] != "customer"]

    def _post(self, content: Json) -> None:
        body = {"client_message_id": uuid.uuid4().hex, **content}
        self._ask("POST", f"/messages?wait={WAIT_SECONDS}", body)

    def _ask(self, method: str, path: str, body: Json | None = None) -> Any:
        return self._gateway.ask(method, self._path + path, body, self._token)


def _sentence(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"{answer.url} answered with status {answer.status_code}; is this Amends?"
