"""Check the facts of a case against what the policy declares."""

import math
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from amends.compensation.errors import FactError
from amends.compensation.policy import PolicyVersion
from amends.compensation.terms import FactDeclaration, Facts, FactType, FactValue


def check_facts(version: PolicyVersion, raw: Mapping[str, Any]) -> Facts:
    """Return every declared fact; one that is missing takes its default or None, unknown.

    Raises:
        FactError: a fact is not declared, or its value does not fit the declaration.
    """
    for name in raw:
        if name not in version.facts:
            raise FactError(str(name), f"the policy declares no such fact{_hint(name, version)}")
    return {
        name: _checked(declaration, raw.get(name)) for name, declaration in version.facts.items()
    }


def _hint(name: object, version: PolicyVersion) -> str:
    near = _nearest(str(name), tuple(version.facts))
    return f"; did you mean {near[0]}?" if near else ""


@lru_cache(maxsize=64)
def _nearest(name: str, known: tuple[str, ...]) -> list[str]:
    """Kept, because the same fact is often wrong in every case of a file."""
    return get_close_matches(name, known, n=1)


def _checked(declaration: FactDeclaration, value: Any) -> FactValue:
    return declaration.default if value is None else checked_value(declaration, value)


def checked_value(declaration: FactDeclaration, value: Any) -> FactValue:
    """Return the value as the declared type.

    Raises:
        FactError: it is of another type, outside the range, or not one of the values.
    """
    match declaration.type:
        case FactType.BOOLEAN:
            if not isinstance(value, bool):
                raise _wrong(declaration, value, "true or false")
            return value
        case FactType.INTEGER:
            return _in_range(declaration, _integer(declaration, value))
        case FactType.NUMBER:
            return _in_range(declaration, _number(declaration, value))
        case FactType.STRING:
            return _one_of(declaration, value)
        case FactType.LIST:
            if not isinstance(value, (list, tuple)):
                raise _wrong(declaration, value, "a list of strings")
            return tuple(dict.fromkeys(_one_of(declaration, item) for item in value))


def _wrong(declaration: FactDeclaration, value: Any, expected: str) -> FactError:
    return FactError(declaration.name, f"{value!r} is not {expected}")


def _integer(declaration: FactDeclaration, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong(declaration, value, "a whole number")
    if isinstance(value, float) and not value.is_integer():  # also nan and infinity
        raise _wrong(declaration, value, "a whole number")
    return int(value)


def _number(declaration: FactDeclaration, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise _wrong(declaration, value, "a number")
    return value


def _in_range[N: (int, float)](declaration: FactDeclaration, value: N) -> N:
    low, high = declaration.minimum, declaration.maximum
    if low is not None and value < low:
        raise FactError(declaration.name, f"{value} is below the least possible, {low}")
    if high is not None and value > high:
        raise FactError(declaration.name, f"{value} is above the greatest possible, {high}")
    return value


def _one_of(declaration: FactDeclaration, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(declaration, value, "a string")
    if declaration.values and value not in declaration.values:
        near = get_close_matches(value, declaration.values, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        allowed = ", ".join(declaration.values)
        raise FactError(declaration.name, f"{value!r} is not one of {allowed}{hint}")
    return value
