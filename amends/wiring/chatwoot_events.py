"""What Chatwoot's webhooks tell: proven to come from there, and read for what a person did.

Chatwoot signs since 4.13 (webhooks of an inbox) with a secret of its own making: HMAC-SHA256 over
`timestamp.body`. Before that, a secret in the address is all there is.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from amends.handoff.help_desk import Heard, PersonEnded, PersonWrote
from amends.wiring.chatwoot import KEY_PREFIX
from amends.wiring.standard_webhooks import TOLERANCE, SignatureRefused

SIGNATURE, TIMESTAMP = "x-chatwoot-signature", "x-chatwoot-timestamp"
LONGEST_NAME = 100

_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_ENDINGS = {"resolved": False, "pending": True}


def check(
    secret: str, headers: Mapping[str, str], given: str | None, body: bytes, now: datetime
) -> None:
    """Let pass what Chatwoot sent: signed just now, or to the address that holds the secret.

    Args:
        secret: The inbox's, or one that was put into the address.
        headers: By lower-case name.
        given: What the address holds.

    Raises:
        SignatureRefused: neither is so; the text says why.
    """
    if given is not None and hmac.compare_digest(given.encode(), secret.encode()):
        return
    signature, seconds = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
    if not signature or not seconds:
        raise SignatureRefused(
            f"send the headers {SIGNATURE} and {TIMESTAMP}, or the secret in the address"
        )
    if not _SECONDS.fullmatch(seconds):
        raise SignatureRefused(f"{TIMESTAMP} is not a number of seconds since 1970")
    if abs(now.timestamp() - int(seconds)) > TOLERANCE.total_seconds():
        raise SignatureRefused(f"{TIMESTAMP} is too far from now")
    made = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"sha256={made}".encode(), signature.encode(errors="replace")):
        raise SignatureRefused(f"{SIGNATURE} does not fit this body and secret")


def read(body: bytes) -> Heard | None:
    """Return what a person did; None for all that is no person's word to the customer.

    Raises:
        ValidationError: it is not what Chatwoot sends.
    """
    event = _Event.model_validate_json(body)
    if event.event == "message_created":
        return _wrote(_Message.model_validate_json(body))
    if event.event == "conversation_status_changed":
        return _ended(_Conversation.model_validate_json(body))
    return None


def _wrote(message: "_Message") -> PersonWrote | None:
    """Only what a person wrote for the customer's eyes: no note, no bot, no rule, none of ours."""
    sender, conversation_id = message.sender, _ours(message.conversation)
    automatic = message.content_attributes.get("automation_rule_id") is not None
    is_outgoing = message.message_type in ("outgoing", 1) and not message.private
    is_a_persons = sender is not None and sender.type == "user" and not automatic
    is_echo = (message.source_id or "").startswith(KEY_PREFIX)
    if conversation_id is None or not (is_outgoing and is_a_persons) or is_echo:
        return None
    name = sender.name if sender else ""
    return PersonWrote(conversation_id, str(message.id), name, _text(message))


def _text(message: "_Message") -> str:
    """The words, then the address of each file: the customer's chat shows text."""
    files = [one.data_url for one in message.attachments if one.data_url]
    return "\n".join(part for part in (message.content or "", *files) if part)


def _ended(conversation: "_Conversation") -> PersonEnded | None:
    conversation_id = _ours(conversation)
    if conversation_id is None or conversation.status not in _ENDINGS:
        return None
    assignee = conversation.meta.assignee if conversation.meta else None
    name = assignee.name if assignee else ""
    return PersonEnded(conversation_id, name, _ENDINGS[conversation.status])


def _ours(conversation: "_Conversation") -> str | None:
    """Return our id of a conversation that we opened."""
    inbox = conversation.contact_inbox
    source_id = (inbox.source_id if inbox else None) or ""
    return source_id.removeprefix(KEY_PREFIX) if source_id.startswith(KEY_PREFIX) else None


def _to_name(value: Any) -> str:
    return " ".join(str(value or "").split())[:LONGEST_NAME]


def _to_dict(value: Any) -> Any:
    return {} if value is None else value


def _to_list(value: Any) -> Any:
    return [] if value is None else value


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Event(_Part):
    event: str = ""


class _Person(_Part):
    name: Annotated[str, BeforeValidator(_to_name)] = ""
    type: str | None = None


class _ContactInbox(_Part):
    source_id: str | None = None


class _Meta(_Part):
    assignee: _Person | None = None


class _Conversation(_Part):
    status: str | None = None
    contact_inbox: _ContactInbox | None = None
    meta: _Meta | None = None


class _Attachment(_Part):
    data_url: str | None = None


class _Message(_Part):
    id: int
    content: str | None = None
    message_type: Literal["incoming", "outgoing", "activity", "template"] | int
    private: bool = False
    source_id: str | None = None
    sender: _Person | None = None
    content_attributes: Annotated[dict[str, Any], BeforeValidator(_to_dict)] = {}
    attachments: Annotated[list[_Attachment], BeforeValidator(_to_list)] = []
    conversation: _Conversation
