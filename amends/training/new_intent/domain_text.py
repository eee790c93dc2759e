"""Lines put into `domain.yml` where their like stand; everything else of the file stays.

DomainUnreadable
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML, nodes
from ruamel.yaml.error import YAMLError


class DomainUnreadable(ValueError):
    """The domain is not as this program knows it; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the domain declares, in its order."""

    intents: Sequence[str]
    actions: Sequence[str]  # every action that can be taken: actions, responses, forms
    slots: Mapping[str, Sequence[str]]  # a categorical slot with its values
    entities: Sequence[str]
    forms: Sequence[str]
    responses: Sequence[str]
    initial: Mapping[str, str]  # the value that a slot begins with, of those that have one
    steering: frozenset[str]  # slots that the next step depends on


def names_of(text: str) -> Names:
    """Return what the text of `domain.yml` declares.

    Raises:
        DomainUnreadable
    """
    try:
        said = YAML(typ="safe", pure=True).load(text) or {}
    except YAMLError as error:
        raise DomainUnreadable(f"domain.yml is not YAML: {error}") from None
    forms, responses = list(said.get("forms") or {}), list(said.get("responses") or {})
    slots = {name: slot or {} for name, slot in (said.get("slots") or {}).items()}
    utters = [name for name in responses if name.startswith("utter_")]
    return Names(
        intents=_listed(said.get("intents")),
        actions=[*_listed(said.get("actions")), *utters, *forms],
        slots={
            name: [str(value) for value in slot.get("values") or ()] for name, slot in slots.items()
        },
        entities=_listed(said.get("entities")),
        forms=forms,
        responses=responses,
        initial={
            name: str(slot["initial_value"])
            for name, slot in slots.items()
            if slot.get("initial_value") is not None
        },
        steering=frozenset(
            name for name, slot in slots.items() if slot.get("influence_conversation", True)
        ),
    )


def with_intent(text: str, intent: str, before: str) -> str:
    """Return the domain with one intent more, before another of the list."""
    entries = _part(text, "intents")
    at = next((one for one in entries.value if _name(one) == before), None)
    if at is None:
        raise DomainUnreadable(f"domain.yml lists no intent {before}; add {intent} by hand.")
    return _inserted(text, at.start_mark.line, f"  - {intent}\n")


def with_response(text: str, response: str, lines: str, before: str | None) -> str:
    """Return the domain with one response more: before another one, or behind all of them."""
    responses = _part(text, "responses")
    for key, _ in responses.value:
        if key.value == before:
            return _inserted(text, key.start_mark.line, lines)
    return _inserted(text, _end(text, responses), lines)


def _listed(entries: Any) -> list[str]:
    """Return the names of a list whose entries are names, or names with settings."""
    return [next(iter(one)) if isinstance(one, dict) else str(one) for one in entries or ()]


def _part(text: str, name: str) -> Any:
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        raise DomainUnreadable(f"domain.yml is not YAML: {error}") from None
    pairs = root.value if isinstance(root, nodes.MappingNode) else []
    found = next((value for key, value in pairs if key.value == name), None)
    if found is None or not found.value:
        raise DomainUnreadable(f"domain.yml has no {name}.")
    return found


def _name(entry: Any) -> str:
    node = entry.value[0][0] if isinstance(entry, nodes.MappingNode) else entry
    return str(node.value)


def _end(text: str, node: Any) -> int:
    """Return the line behind the last that says something; blank lines and remarks stay below."""
    lines = text.splitlines()
    line = min(int(node.end_mark.line), len(lines))
    while line and (not lines[line - 1].strip() or lines[line - 1].lstrip().startswith("#")):
        line -= 1
    return line


def _inserted(text: str, line: int, new: str) -> str:
    lines = text.splitlines(keepends=True)
    ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    lines.insert(line, new.replace("\n", ending))
    return "".join(lines)
