"""The published JSON Schema of a record, and its tables for the documentation."""

from collections.abc import Iterator
from typing import Any

from amends.records.log.columns import Column, Kind, Personal, columns
from amends.records.log.model import VERSION, LoggedConversation
from amends.values import Json

_TYPES: dict[Kind, Json] = {
    Kind.TEXT: {"type": "string"},
    Kind.WHOLE: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.YES_NO: {"type": "boolean"},
    Kind.MOMENT: {"type": "string", "format": "date-time"},
    Kind.JSON: {"type": "string", "contentMediaType": "application/json"},
}
_NAMES = {
    Kind.TEXT: "text",
    Kind.WHOLE: "whole number",
    Kind.NUMBER: "number",
    Kind.YES_NO: "true or false",
    Kind.MOMENT: "moment",
    Kind.JSON: "JSON text",
}
MASKED = {
    Personal.NO: "",
    Personal.WORDS: "masked within",
    Personal.CUSTOMER: "pseudonym",
    Personal.STAFF: "pseudonym",
    Personal.ORDER: "pseudonym",
    Personal.HIDDEN: "left out",
    Personal.PAGE: "without what follows `?` or `#`",
}


_ABOUT = (
    "What `amends export` writes of one conversation. Within a version fields are added, never "
    "changed or taken away. Moments are ISO 8601 in UTC. Codes of vouchers are never part of it, "
    "except where a message names one and `personal_data` is true."
)


def json_schema() -> Json:
    """Return the schema of one line of the log (JSON Schema, draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A conversation in the log for analysis, version {VERSION}",
        "description": _ABOUT,
        "$ref": f"#/$defs/{name_of(LoggedConversation)}",
        "$defs": {name_of(one): _object(one) for one in parts()},
    }


def parts() -> list[type]:
    """Return all dataclasses of a record, each before those it consists of."""
    found: dict[type, None] = {}

    def walk(of: type) -> None:
        found.setdefault(of)
        for column in columns(of):
            if column.part is not None:
                walk(column.part)

    walk(LoggedConversation)
    return list(found)


def name_of(part: type) -> str:
    """Return `survey_ask` of `LoggedSurveyAsk`."""
    plain = part.__name__.removeprefix("Logged")
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in plain).lstrip("_")


def field_tables() -> str:
    """Return a Markdown table of the fields of each part."""
    return "\n\n".join("\n".join(_table(part)) for part in parts()) + "\n"


def _object(of: type) -> Json:
    found = columns(of)
    return {
        "type": "object",
        "properties": {one.name: _property(one) for one in found},
        "required": [one.name for one in found],
        "additionalProperties": False,
    }


def _property(column: Column) -> Json:
    about = {"description": column.about}
    one: dict[str, Any]
    if column.part is not None:
        one = {"$ref": f"#/$defs/{name_of(column.part)}"}
    else:
        one = dict(_TYPES[column.kind])
    if column.closed:
        one["enum"] = list(column.closed)
    if column.many:
        return about | {"type": "array", "items": one}
    if column.optional:
        return about | {"anyOf": [one, {"type": "null"}]}
    return about | one


def _table(of: type) -> Iterator[str]:
    yield f"### {name_of(of)}\n"
    yield "| field | type | meaning | masked |"
    yield "|---|---|---|---|"
    for one in columns(of):
        yield f"| `{one.name}` | {_type(one)} | {_meaning(one)} | {MASKED[one.personal]} |"


def _type(column: Column) -> str:
    one = f"[{name_of(column.part)}](#{name_of(column.part)})" if column.part else ""
    one = one or _NAMES[column.kind]
    if column.many:
        return f"list of {one}"
    return f"{one} or null" if column.optional else one


def _meaning(column: Column) -> str:
    if not column.closed:
        return column.about
    return f"{column.about}: " + ", ".join(f"`{word}`" for word in column.closed)
