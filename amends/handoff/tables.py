"""Reads YAML that managers edit, and says in one sentence what is wrong with it and where."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent

from amends.handoff.errors import HandoffError
from amends.values import LANGUAGES

_REASONS = {
    "model_type": "write keys with values here",
    "missing": "it is missing; write it",
    "extra_forbidden": "nobody knows this key; correct or remove it",
}
"""What pydantic's own words leave a manager puzzled about."""


def _in_each_language(texts: dict[str, str]) -> dict[str, str]:
    missing = [one for one in LANGUAGES if not texts.get(one)]
    if missing:
        raise ValueError(f"{missing[0]} is missing; write it")
    unknown = [one for one in texts if one not in LANGUAGES]
    if unknown:
        raise ValueError(f"nobody is spoken to in {unknown[0]}; correct or remove it")
    return texts


Texts = Annotated[dict[str, str], AfterValidator(_in_each_language)]
"""One text by language code, in every language and no other."""


def read_table[T: BaseModel](path: Path, table: type[T], refusal: type[HandoffError]) -> T:
    """Read a file.

    Raises:
        refusal: the file is missing, is no YAML, or does not fit; the sentence names file, line,
            place and reason.
    """
    return parse_table(read_text(path, refusal), str(path), table, refusal)


def read_text(path: Path, refusal: type[HandoffError]) -> str:
    """Return what a file says.

    Raises:
        refusal: the file is missing, or is not UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise refusal(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise refusal(f"{path} is not UTF-8 text; save it as such.") from error


def parse_table[T: BaseModel](
    text: str, name: str, table: type[T], refusal: type[HandoffError]
) -> T:
    """Read a text, by the checks that hold for a file as well.

    Args:
        text: the YAML.
        name: what the sentence of a refusal calls the text.
        table: what it is to fit.
        refusal: what is raised when it does not.

    Raises:
        refusal: the text is no YAML, or does not fit.
    """
    try:
        _refuse_references(text)
        raw = YAML(typ="safe").load(text)
        return table.model_validate(raw)
    except (YAMLError, ValueError, RecursionError) as error:  # ValueError: a date as 2026-02-30
        if isinstance(error, ValidationError):
            where = f"{name}{_line_of(error, text)}"
            raise refusal(f"{where}: {_sentence(error, raw)}") from error
        raise refusal(f"{name} is not valid YAML: {_in_one_line(error)}.") from error


def _refuse_references(text: str) -> None:
    """A few lines of references can stand for more than any memory holds."""
    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, AliasEvent):
            line = event.start_mark.line + 1
            raise ValueError(f"write out what *{event.anchor} stands for, line {line}")


def _line_of(error: ValidationError, text: str) -> str:
    """Return in which line the first mistake stands; of what is missing, where it belongs."""
    node = YAML(pure=True).load(text)
    line: int | None = None
    for step in error.errors()[0]["loc"]:
        try:
            line = node.lc.data[step][0]
            node = node[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return "" if line is None else f", line {line + 1}"


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
