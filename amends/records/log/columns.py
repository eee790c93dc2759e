"""What the fields of a record are, read from the dataclasses of `model.py`.

Each field says what it means by `plain`, `words`, `ident` or `hidden`, so that nobody can add one
without saying whether it tells of whom a conversation is.
"""

import types
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum, StrEnum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from amends.cases.model import Category
from amends.values import Json


class Kind(Enum):
    """What a value is, apart from whether it may be missing and whether there are several."""

    TEXT = str
    WHOLE = int
    NUMBER = float
    YES_NO = bool
    MOMENT = datetime
    JSON = Json  # an object as JSON text, so that all formats have one schema
    PART = object  # another dataclass


class Personal(StrEnum):
    """Whether a value says whom a conversation is about, and what masking makes of it."""

    NO = "no"  # stays
    WORDS = "words"  # names, addresses and numbers within it are taken out
    CUSTOMER = "customer"  # a pseudonym, the same for the same customer
    STAFF = "staff"
    ORDER = "order"
    HIDDEN = "hidden"  # left out
    PAGE = "page"  # without what stands behind ? or #


@dataclass(frozen=True, slots=True)
class Told:
    about: str
    personal: Personal


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    optional: bool
    many: bool
    about: str
    personal: Personal
    closed: tuple[str, ...] = ()  # the words of a closed set
    part: type | None = None


def plain(about: str) -> Told:
    """Say of a field that it may be seen by whoever sees the record."""
    return Told(about, Personal.NO)


def words(about: str) -> Told:
    """Say of a field that somebody wrote it, or that it holds what somebody wrote."""
    return Told(about, Personal.WORDS)


def ident(about: str, of: Personal) -> Told:
    """Say of a field that masking turns it into a pseudonym, or shortens it."""
    return Told(about, of)


def hidden(about: str) -> Told:
    """Say of a field that it is left out unless personal data are wanted."""
    return Told(about, Personal.HIDDEN)


@cache
def columns(of: type) -> tuple[Column, ...]:
    """Return the columns of a dataclass of the model, in their order.

    Raises:
        TypeError: a field says nothing of itself, or is of a type that has no column.
    """
    hints = get_type_hints(of, include_extras=True)
    return tuple(_column(of, one.name, hints[one.name]) for one in fields(of))


def _column(of: type, name: str, hint: Any) -> Column:
    told = next((one for one in get_args(hint) if isinstance(one, Told)), None)
    if get_origin(hint) is not Annotated or told is None:
        raise TypeError(f"{of.__name__}.{name} does not say what it means")
    inner, optional = _without_none(get_args(hint)[0])
    many = get_origin(inner) is tuple
    inner = get_args(inner)[0] if many else inner
    kind, closed, part = _kind(of, name, inner)
    return Column(name, kind, optional, many, told.about, told.personal, closed, part)


def _kind(of: type, name: str, inner: Any) -> tuple[Kind, tuple[str, ...], type | None]:
    if isinstance(inner, type) and is_dataclass(inner):
        return Kind.PART, (), inner
    if inner is Category:  # companies add to it, so the schema names no closed set
        return Kind.TEXT, (), None
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return Kind.TEXT, tuple(member.value for member in inner), None
    try:
        return Kind(inner), (), None
    except ValueError:
        raise TypeError(f"{of.__name__}.{name}: {inner} has no column") from None


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) not in (types.UnionType, Union):
        return hint, False
    rest = [one for one in get_args(hint) if one is not type(None)]
    return rest[0], True
