"""What the channel's requests must look like, and the one sentence for those that do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Longer ids do not fit the tracker store's column on PostgreSQL, where they would be lost.
MAX_ID_LENGTH = 255


class BadRequestError(Exception):
    """The request cannot be answered; the message says in one sentence why."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Command:
    """An intent with entity values, decided by the gateway and not read from text."""

    intent: str
    entities: dict[str, Any]


@dataclass(frozen=True)
class TurnRequest:
    """One message of a conversation; `parse` spares the engine a second reading."""

    sender_id: str
    message_id: str
    text: str
    parse: dict[str, Any] | None
    command: Command | None
    metadata: dict[str, Any]


@dataclass(frozen=True)
class ExplainRequest:
    """A message that was answered before."""

    sender_id: str
    message_id: str
    text: str


def read_explain(body: Any) -> ExplainRequest:
    """Check an explain request.

    Raises:
        BadRequestError: Naming the first field that is missing or wrong.
    """
    fields = _object(body, "The body")
    return ExplainRequest(
        _identifier(fields, "sender_id"), _identifier(fields, "message_id"), _text(fields)
    )


def read_text(body: Any) -> str:
    """Return the text of an understand request."""
    return _text(_object(body, "The body"))


def read_path(body: Any) -> str:
    """Return the path of a request for another model."""
    path = _object(body, "The body").get("path")
    if not isinstance(path, str) or not path or "\0" in path:
        raise BadRequestError("Field 'path' must be the path of a model.")
    return path


def read_turn(body: Any) -> TurnRequest:
    """Check a turn request.

    Raises:
        BadRequestError: Naming the first field that is missing or wrong.
    """
    fields = _object(body, "The body")
    command = fields.get("command")
    parse = fields.get("parse")
    return TurnRequest(
        sender_id=_identifier(fields, "sender_id"),
        message_id=_identifier(fields, "message_id"),
        text=_text(fields),
        parse=None if parse is None else _parse(parse),
        command=None if command is None else _command(command),
        metadata=_object(fields.get("metadata") or {}, "Field 'metadata'"),
    )


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadRequestError(f"{what} must be a JSON object.")
    return value


def _text(fields: dict[str, Any]) -> str:
    text = fields.get("text")
    if not isinstance(text, str):
        raise BadRequestError("Field 'text' must be a string.")
    return text


def _identifier(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID_LENGTH:
        raise BadRequestError(f"Field '{name}' must be a string of 1 to {MAX_ID_LENGTH} letters.")
    return value


def _parse(value: Any) -> dict[str, Any]:
    parse = _object(value, "Field 'parse'")
    intent = parse.get("intent")
    if not isinstance(intent, dict) or "name" not in intent:
        raise BadRequestError("Field 'parse' must hold an 'intent' object with a 'name'.")
    entities = parse.get("entities", [])
    if not isinstance(entities, list) or not all(_is_entity(item) for item in entities):
        raise BadRequestError("Field 'parse.entities' must be a list of entity objects.")
    return {**parse, "entities": entities}


def _is_entity(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("entity"), str) and "value" in value


def _command(value: Any) -> Command:
    command = _object(value, "Field 'command'")
    intent = command.get("intent")
    if not isinstance(intent, str) or not intent:
        raise BadRequestError("Field 'command.intent' must be the name of an intent.")
    entities = _object(command.get("entities") or {}, "Field 'command.entities'")
    return Command(intent, entities)
