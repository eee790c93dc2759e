"""Dialogues out of Rasa's YAML; a step of a kind that is not edited here keeps its lines."""

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from ruamel.yaml import YAML, nodes
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from amends.training.dialogues.model import Dialogue, Placed, Step, StepKind, Unreadable

_NULL = re.compile(r"null|~|", re.IGNORECASE)


def read_dialogues(text: str, path: str) -> tuple[Placed, ...]:
    """Return the stories of a file, in order.

    Raises:
        Unreadable: it is not YAML, or holds no list of stories.
    """
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(path, f"line {line}: {error.problem}") from None
    except YAMLError as error:
        raise Unreadable(path, str(error)) from None
    stories = _pairs(root).get("stories")
    if not isinstance(stories, nodes.SequenceNode):
        raise Unreadable(path, "it has no list named `stories`")
    lines = text.splitlines()
    return tuple(_story(entry, lines, path) for entry in stories.value)


def _story(entry: Any, lines: Sequence[str], path: str) -> Placed:
    parts = _pairs(entry)
    name, steps = parts.get("story"), parts.get("steps")
    if not isinstance(name, nodes.ScalarNode) or not isinstance(steps, nodes.SequenceNode):
        raise Unreadable(path, f"line {entry.start_mark.line + 1}: a story has a name and steps")
    if steps.flow_style:
        raise Unreadable(path, f"line {steps.start_mark.line + 1}: write the steps line by line")
    start, end = entry.start_mark.line, _end(lines, entry.end_mark.line)
    read = tuple(_steps(steps, lines, end))
    return Placed(Dialogue(str(name.value), read), path, start, end)


def _steps(steps: Any, lines: Sequence[str], end: int) -> Iterator[Step]:
    starts = [step.start_mark.line for step in steps.value]
    above = steps.start_mark.line - len(_remarks(lines, steps.start_mark.line))
    for at, (step, line) in enumerate(zip(steps.value, starts, strict=True)):
        behind = starts[at + 1] if at + 1 < len(starts) else end
        own = lines[line : _end(lines, behind)]
        remarks = _remarks(lines, line) if line > above else ()
        first, *rest = _step(step, own)
        yield Step(first.kind, first.name, first.text, tuple(remarks))
        yield from rest


def _step(node: Any, own: Sequence[str]) -> list[Step]:
    parts = _pairs(node)
    keys = set(parts)
    scalars = {key: value for key, value in parts.items() if isinstance(value, nodes.ScalarNode)}
    if keys in ({"user", "intent"}, {"intent"}) and scalars.keys() == keys:
        said = scalars["user"].value.strip() if "user" in scalars else ""
        return [Step(StepKind.CUSTOMER, str(scalars["intent"].value), " ".join(said.split()))]
    if keys == {"action"} and "action" in scalars:
        return [Step(StepKind.ACTION, str(scalars["action"].value))]
    if keys == {"checkpoint"} and "checkpoint" in scalars:
        return [Step(StepKind.CHECKPOINT, str(scalars["checkpoint"].value))]
    if keys == {"active_loop"} and "active_loop" in scalars:
        return [Step(StepKind.LOOP, _loop(scalars["active_loop"]))]
    if keys == {"slot_was_set"} and _is_pairs(parts["slot_was_set"]):
        pairs = [pair for entry in parts["slot_was_set"].value for pair in entry.value]
        return [Step(StepKind.SLOT, str(key.value), _value(value)) for key, value in pairs]
    return [Step(StepKind.OTHER, "", textwrap.dedent("\n".join(own)))]


def _is_pairs(node: Any) -> bool:
    return (
        isinstance(node, nodes.SequenceNode)
        and bool(node.value)
        and all(isinstance(entry, nodes.MappingNode) for entry in node.value)
        and all(
            isinstance(value, nodes.ScalarNode) for entry in node.value for _, value in entry.value
        )
    )


def _loop(node: Any) -> str:
    return "" if node.style is None and _NULL.fullmatch(node.value) else str(node.value)


def _value(node: Any) -> str:
    """Return a scalar as it is written in YAML: `null` is none, `"null"` a word."""
    if node.style in ("'", '"'):
        return json.dumps(node.value, ensure_ascii=False)
    return str(node.value) or "null"


def _pairs(node: Any) -> dict[str, Any]:
    if not isinstance(node, nodes.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}


def _end(lines: Sequence[str], behind: int) -> int:
    """Return the line behind the last that says something, before another."""
    behind = min(behind, len(lines))
    while behind and (not lines[behind - 1].strip() or lines[behind - 1].lstrip().startswith("#")):
        behind -= 1
    return behind


def _remarks(lines: Sequence[str], line: int) -> list[str]:
    first = line
    while first and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return [one.strip() for one in lines[first:line]]
