"""Chatwoot as the company's help desk, over its application API and an inbox of kind API.

The customer's messages come in as incoming ones; all that staff alone should read is a private
note. Nothing is ever posted as outgoing, so what comes back as outgoing was written by a person.
Each message carries our key as its `source_id`, each conversation ours in `custom_attributes`: by
these it is found again when nobody knows whether a call arrived. How it is set up:
`docs/how-to/keep-your-help-desk.md`.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import httpx

from amends.handoff.help_desk import Close, Forward, HandOver, Who
from amends.handoff.ports import ChatGone, HelpDesk, HelpDeskUnavailable
from amends.values import Clock, Json
from amends.wiring.retry_after import retry_after
from amends.wiring.settings import Settings

TIMEOUT_SECONDS = 10.0
KEY_PREFIX = "amends:"
MOST_PAGES = 5
"""How many pages of 20 messages are looked through for one that may have been posted before."""

CHAT_ATTRIBUTE = "amends_conversation_id"
CASE_ATTRIBUTE = "amends_case"

_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


def build_help_desk(settings: Settings, clock: Clock) -> HelpDesk | None:
    """Return the company's help desk; None when the desk of Amends is all there is."""
    if not settings.chatwoot_url:
        return None
    return Chatwoot(
        settings.chatwoot_url,
        settings.chatwoot_token.get_secret_value(),
        settings.chatwoot_account_id,
        settings.chatwoot_inbox_id,
        clock,
    )


class Chatwoot:
    """Implements the HelpDesk port of the handoff room."""

    def __init__(
        self,
        url: str,
        token: str,
        account_id: int,
        inbox_id: int,
        clock: Clock,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._inbox_id, self._clock = inbox_id, clock
        # trust_env=False: a proxy of the environment must never see what customers write.
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1/accounts/{account_id}",
            headers={"api_access_token": token},
            timeout=timeout_seconds,
            trust_env=False,
        )

    def hand_over(self, handover: HandOver) -> str:
        """Let people there have a conversation, with its summary; returns Chatwoot's number of it.

        Raises:
            HelpDeskUnavailable: no answer, "later", or one that cannot be used.
        """
        contact_id = self._contact(handover.who)
        chat = self._find_chat(contact_id, handover) or self._open_chat(contact_id, handover)
        external_id = _id_of(chat)
        self._post(external_id, handover.key, handover.note, private=True, again=True)
        if chat.get("status") != "open":
            self._set_status(external_id, "open")
        return external_id

    def forward(self, external_id: str, words: Forward, *, again: bool) -> None:
        private = not words.from_customer
        self._post(external_id, words.key, words.text, private=private, again=again)

    def close(self, external_id: str, ending: Close, *, again: bool) -> None:
        self._post(external_id, ending.key, ending.note, private=True, again=again)
        self._set_status(external_id, "resolved")

    def is_staffed(self) -> bool:
        agents = self._call("GET", "/agents")
        return any(
            isinstance(one, dict) and one.get("availability_status") == "online"
            for one in (agents if isinstance(agents, list) else [])
        )

    def stop(self) -> None:
        self._client.close()

    def _contact(self, who: Who) -> int:
        """Find the customer among the contacts, or add them."""
        for sought, field in ((who.identifier, "identifier"), (who.email, "email")):
            found = self._search(field, sought) if sought else None
            if found is not None:
                return found
        values: Json = {"name": who.name, "identifier": who.identifier}
        if who.email:
            values["email"] = who.email
        made = self._call("POST", "/contacts", json=values)
        return int(_id_of(_inside(made, "payload", "contact")))

    def _search(self, field: str, sought: str) -> int | None:
        """Chatwoot finds all that contain the words; only one that equals them will do."""
        answer = self._call("GET", "/contacts/search", params={"q": sought})
        for contact in _rows(answer):
            if str(contact.get(field) or "").casefold() == sought.casefold():
                return int(_id_of(contact))
        return None

    def _find_chat(self, contact_id: int, handover: HandOver) -> Json | None:
        answer = self._call("GET", f"/contacts/{contact_id}/conversations")
        for chat in _rows(answer):
            attributes = chat.get("custom_attributes") or {}
            if attributes.get(CHAT_ATTRIBUTE) == handover.conversation_id:
                return chat
        return None

    def _open_chat(self, contact_id: int, handover: HandOver) -> Json:
        attributes = {CHAT_ATTRIBUTE: handover.conversation_id}
        if handover.case_number:
            attributes[CASE_ATTRIBUTE] = handover.case_number
        made = self._call(
            "POST",
            "/conversations",
            json={
                "inbox_id": self._inbox_id,
                "contact_id": contact_id,
                "source_id": KEY_PREFIX + handover.conversation_id,
                "status": "open",
                "custom_attributes": attributes,
            },
        )
        return made if isinstance(made, dict) else {}

    def _post(self, external_id: str, key: str, text: str, *, private: bool, again: bool) -> None:
        source_id = KEY_PREFIX + key
        if again and any(one.get("source_id") == source_id for one in self._messages(external_id)):
            return
        self._call(
            "POST",
            f"/conversations/{external_id}/messages",
            json={
                "content": text,
                "message_type": "outgoing" if private else "incoming",
                "private": private,
                "content_type": "text",
                "source_id": source_id,
            },
            gone=True,
        )

    def _messages(self, external_id: str) -> Iterator[Json]:
        """The messages of a conversation, the latest page of them first."""
        before: Json = {}
        for _ in range(MOST_PAGES):
            path = f"/conversations/{external_id}/messages"
            rows = list(_rows(self._call("GET", path, params=before, gone=True)))
            yield from rows
            if not rows:
                return
            before = {"before": min(int(_id_of(row)) for row in rows)}

    def _set_status(self, external_id: str, status: str) -> None:
        path = f"/conversations/{external_id}/toggle_status"
        self._call("POST", path, json={"status": status}, gone=True)

    def _call(self, method: str, path: str, *, gone: bool = False, **options: Any) -> Any:
        """Ask Chatwoot and return its answer.

        Args:
            gone: Whether "not found" means that the conversation is gone.

        Raises:
            HelpDeskUnavailable, ChatGone.
        """
        try:
            answer = self._client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise HelpDeskUnavailable(f"no answer: {type(error).__name__}") from error
        except httpx.InvalidURL as error:
            raise HelpDeskUnavailable(f"no address: {error}", misconfigured=True) from error
        status = answer.status_code
        if gone and status == HTTPStatus.NOT_FOUND:
            raise ChatGone
        if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            wait = retry_after(answer.headers, self._clock())
            raise HelpDeskUnavailable(f"status {status}", wait)
        if not answer.is_success:
            raise HelpDeskUnavailable(f"{method} {path}: status {status}", misconfigured=True)
        return _json(answer)


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        reason = "AMENDS_CHATWOOT_URL answers without JSON"
        raise HelpDeskUnavailable(reason, misconfigured=True) from error


def _rows(answer: Any) -> Iterator[Json]:
    rows = answer.get("payload") if isinstance(answer, dict) else answer
    if isinstance(rows, list):
        yield from (row for row in rows if isinstance(row, dict))


def _inside(answer: Any, *path: str) -> Any:
    for name in path:
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def _id_of(row: Any) -> str:
    found = _inside(row, "id")
    if not isinstance(found, int):
        raise HelpDeskUnavailable("Chatwoot answered without an id", misconfigured=True)
    return str(found)
