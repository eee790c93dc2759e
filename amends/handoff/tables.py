"""Reads a YAML file that managers edit, and says in one sentence what is wrong with it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from amends.handoff.errors import HandoffError

_REASONS = {
    "model_type": "write keys with values here",
    "missing": "it is missing; write it",
    "extra_forbidden": "nobody knows this key; correct or remove it",
}
"""What pydantic's own words leave a manager puzzled about."""


def read_table[T: BaseModel](path: Path, table: type[T], refusal: type[HandoffError]) -> T:
    """Read a file.

    Raises:
        refusal: the file is missing, is no YAML, or does not fit; the sentence names file, place
            and reason.
    """
    try:
        raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        return table.model_validate(raw)
    except OSError as error:
        raise refusal(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise refusal(f"{path} is not UTF-8 text; save it as such.") from error
    except (YAMLError, ValueError) as error:  # ValueError: a date such as 2026-02-30
        if isinstance(error, ValidationError):
            raise refusal(f"{path}: {_sentence(error, raw)}") from error
        raise refusal(f"{path} is not valid YAML: {_in_one_line(error)}.") from error


def _in_one_line(error: Exception) -> str:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    if mark is not None and problem:
        return f"{problem}, line {mark.line + 1}"
    return " ".join(str(error).split()).rstrip(".")


def _sentence(error: ValidationError, raw: object) -> str:
    first = error.errors()[0]
    place = ", ".join(_named(first["loc"], raw)) or "the file"
    reason = _REASONS.get(first["type"]) or str(first["msg"]).removeprefix("Value error, ")
    reason = reason.rstrip(".")
    return f"{place}: {reason}{'' if reason.endswith('?') else '.'}"


def _named(place: Sequence[int | str], raw: Any) -> list[str]:
    """Name each step to a place: keys by themselves, entries of a list by what they are called."""
    names: list[str] = []
    for step in place:
        raw = _inside(raw, step)
        if isinstance(step, str):
            names.append(step)
        elif len(names) == 1 or isinstance(raw, dict):
            names[-1] = f"{names[-1].removesuffix('s')} {_name_of(raw, step)}"
    return names


def _inside(raw: Any, step: int | str) -> Any:
    try:
        return raw[step]
    except (KeyError, IndexError, TypeError):
        return None


def _name_of(entry: Any, number: int) -> str:
    known = entry if isinstance(entry, dict) else {}
    return str(known.get("id") or known.get("date") or known.get("name") or number)
