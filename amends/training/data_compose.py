"""YAML of training files as nodes that know their lines, read in a fraction of the time.

Nearly all of a file are lines of examples, which YAML takes as they stand. They are taken out
before the YAML is read and put back into the nodes, with the right numbers of lines: what comes
out is what YAML alone would say, and what it refuses it still refuses.
"""

import re
from typing import Any, Final

from ruamel.yaml import YAML, nodes
from ruamel.yaml.error import YAMLError

_HEAD: Final = re.compile(r"( *)(- )?examples: \| *$")
_NOT_ALLOWED: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_STAND_IN: Final = "- x"


def compose(text: str) -> Any:
    """Return the root node; None for an empty text.

    Raises:
        YAMLError, ValueError: it is not YAML.
    """
    whole = YAML(typ="safe", pure=True)
    if _NOT_ALLOWED.search(text):
        return whole.compose(text)
    kept, numbers, bodies = _without_bodies(text.splitlines())
    if not bodies:
        return whole.compose(text)
    try:
        root = YAML(typ="safe", pure=True).compose("\n".join([*kept, ""]))
    except (YAMLError, ValueError):
        return whole.compose(text)  # so that the refusal names the right line
    _put_back(root, numbers, bodies, set())
    return root


def _without_bodies(lines: list[str]) -> tuple[list[str], list[int], dict[int, str]]:
    """Return the lines without blocks' bodies, the number of each, and bodies by their head's."""
    kept: list[str] = []
    numbers: list[int] = []
    bodies: dict[int, str] = {}
    at = 0
    while at < len(lines):
        head = _HEAD.fullmatch(lines[at])
        kept.append(lines[at])
        numbers.append(at)
        at += 1
        if head is None:
            continue
        end, indent = _body(lines, at, len(head[1]) + len(head[2] or ""))
        if indent:
            bodies[at - 1] = "\n".join(line[indent:] for line in lines[at:end]).rstrip("\n") + "\n"
            kept.append(" " * indent + _STAND_IN)
            numbers.append(at)
            at = end
    return kept, [*numbers, len(lines)], bodies


def _body(lines: list[str], start: int, key: int) -> tuple[int, int]:
    """Return where a block ends, and how far it is indented; 0 when YAML itself must judge."""
    end, indent = start, 0
    while end < len(lines):
        line = lines[end]
        deep = len(line) - len(line.lstrip(" "))
        if line.strip(" "):
            if deep <= key:
                break
            indent = indent or deep
            if deep < indent or (line[deep] == "\t" and deep == indent):
                return end, 0
        elif not indent and deep:
            return end, 0  # blank lines before the first: their spaces mean something
        end += 1
    return end, indent


def _put_back(node: Any, numbers: list[int], bodies: dict[int, str], seen: set[int]) -> None:
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    for mark in (node.start_mark, node.end_mark):
        if id(mark) not in seen:  # nodes share marks
            seen.add(id(mark))
            mark.line = numbers[min(mark.line, len(numbers) - 1)]
    if isinstance(node, nodes.MappingNode):
        for key, value in node.value:
            _put_back(key, numbers, bodies, seen)
            _put_back(value, numbers, bodies, seen)
            is_block = key.value == "examples" and isinstance(value, nodes.ScalarNode)
            if is_block and value.start_mark.line in bodies:
                value.value = bodies[value.start_mark.line]
    elif isinstance(node, nodes.SequenceNode):
        for one in node.value:
            _put_back(one, numbers, bodies, seen)
