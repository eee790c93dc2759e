"""A record as a row of plain values, the same for every format, and as a line of JSON."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from amends.records.log.columns import Column, Kind, Personal, columns
from amends.records.log.model import LoggedConversation
from amends.values import Json

Masks = Mapping[Personal, Callable[[Any], Any]]
Convert = Callable[[Any, Masks], Any]


def row_of(record: LoggedConversation, masks: Masks) -> Json:
    """Return a record as objects, lists, texts, numbers, truths and moments.

    Args:
        record: the conversation.
        masks: what is done to each kind of personal value; empty where all is to stay.
    """
    row: Json = _converter(LoggedConversation)(record, masks)
    return row


def to_json_line(row: Json) -> str:
    """Return a row as one line; moments are ISO 8601 in UTC."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_iso) + "\n"


@cache
def _converter(of: type) -> Convert:
    fields = [(one.name, attrgetter(one.name), _value(one)) for one in columns(of)]

    def convert(record: Any, masks: Masks) -> Json:
        return {
            name: None if (value := get(record)) is None else turn(value, masks)
            for name, get, turn in fields
        }

    return convert


def _value(column: Column) -> Convert:
    one = _one(column)
    if not column.many:
        return one
    return lambda values, masks: [one(value, masks) for value in values]


def _one(column: Column) -> Convert:
    if column.part is not None:
        return _converter(column.part)
    plain = _PLAIN.get(column.kind, _as_it_is)
    if column.closed:
        return lambda value, masks: value.value
    if column.personal is Personal.NO:
        return lambda value, masks: plain(value)
    personal = column.personal

    def masked(value: Any, masks: Masks) -> Any:
        mask = masks.get(personal)
        return plain(value if mask is None else mask(value))

    return masked


def _as_it_is(value: Any) -> Any:
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_PLAIN: dict[Kind, Callable[[Any], Any]] = {Kind.JSON: _json, Kind.NUMBER: float}


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} is no value of a row")
