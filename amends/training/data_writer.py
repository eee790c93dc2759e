"""Put an example into the file where its like stand; nothing else of the file changes.

ExampleRefused
├── NotOneLine       an example is one message on one line
├── UnknownIntent    no file has examples of it
├── HasTwin          the same, or almost the same, stands there already
└── CarriesPersonal  an example must not carry somebody's data
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml import YAML, nodes

from amends.training.data_model import Example, Level, Place
from amends.training.data_near import NEARLY_SAME
from amends.training.data_personal import personal_data
from amends.training.data_text import same_saying, shingles

FOREIGN: Final = "zh"
"""The folder of another language; everything beside it is English."""


class ExampleRefused(Exception):
    """Base; `str()` is one sentence for whoever adds the example."""


class NotOneLine(ExampleRefused):
    def __init__(self) -> None:
        super().__init__("An example is one message on one line, and not empty.")


class UnknownIntent(ExampleRefused):
    def __init__(self, intent: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(intent, sorted(set(known)), n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        super().__init__(f"No file has examples of {intent!r}.{hint}")


class HasTwin(ExampleRefused):
    def __init__(self, twin: Example) -> None:
        self.twin = twin
        super().__init__(f"{twin.place} ({twin.intent}) says almost the same: {twin.text}")


class CarriesPersonal(ExampleRefused):
    def __init__(self, kind: str) -> None:
        super().__init__(f"The example carries {kind}; put an invented one in its place.")


@dataclass(frozen=True, slots=True)
class Added:
    """What a file becomes, and where the example stands in it."""

    place: Place
    text: str


def add_example(
    files: Mapping[str, str], known: Sequence[Example], intent: str, example: str, language: str
) -> Added:
    """Return the file that holds most examples of an intent, with one more at their end.

    Args:
        files: text of each file of examples, by its name.
        known: all examples that stand in them.
        intent: under which it is filed.
        example: what a customer wrote, with everything personal replaced.
        language: `en` or `zh`; files in a folder `zh` hold the Chinese ones.

    Raises:
        ExampleRefused: see above.
    """
    said = _checked(example)
    twin = twin_of(said, known)
    if twin is not None:
        raise HasTwin(twin)
    own = [one.place.file for one in known if one.intent == intent and _is_in(one, language)]
    if not own:
        raise UnknownIntent(intent, (one.intent for one in known))
    file = max(dict.fromkeys(own), key=own.count)
    return with_example(files[file], file, intent, said)


def twin_of(text: str, known: Iterable[Example]) -> Example | None:
    """Return an example that says the same, or almost: three quarters of all pieces are shared."""
    pieces, words = shingles(text), same_saying(text)
    best, likeness = None, 0.0
    for one in known:
        if same_saying(one.text) == words:
            return one
        others = shingles(one.text)
        shared = len(pieces & others) / len(pieces | others)
        if shared > likeness:
            best, likeness = one, shared
    return best if likeness >= NEARLY_SAME else None


def with_example(text: str, file: str, intent: str, example: str) -> Added:
    """Return a file's text with one example more, behind the last of its intent's largest block.

    Raises:
        UnknownIntent: the file has no block of this intent.
    """
    blocks = _blocks(text)
    own = [node for name, node in blocks if name == intent]
    if not own:
        raise UnknownIntent(intent, (name for name, _ in blocks))
    block = max(own, key=lambda node: node.value.count("\n"))
    lines = text.splitlines(keepends=True)
    last = block.start_mark.line + len(block.value.rstrip("\n").splitlines())
    ending = "\r\n" if lines[last].endswith("\r\n") else "\n"
    lines[last] = lines[last].rstrip("\r\n") + ending
    indent = lines[last][: len(lines[last]) - len(lines[last].lstrip())]
    lines.insert(last + 1, f"{indent}- {example}{ending}")
    return Added(Place(file, last + 2), "".join(lines))


def _checked(example: str) -> str:
    said = example.strip()
    if not said or len(said.splitlines()) != 1:
        raise NotOneLine
    for kind, level in personal_data(said):
        if level is Level.ERROR:
            raise CarriesPersonal(kind)
    return said


def _is_in(example: Example, language: str) -> bool:
    return (FOREIGN in example.place.file.split("/")[:-1]) == (language == FOREIGN)


def _blocks(text: str) -> list[tuple[str, Any]]:
    """Return each intent's block of examples, as YAML's node that knows its lines."""
    root = YAML(typ="safe", pure=True).compose(text)
    entries = dict(_pairs(root)).get("nlu")
    found = []
    for entry in entries.value if isinstance(entries, nodes.SequenceNode) else ():
        parts = dict(_pairs(entry))
        block = parts.get("examples")
        if "intent" in parts and isinstance(block, nodes.ScalarNode) and block.style == "|":
            found.append((str(parts["intent"].value), block))
    return found


def _pairs(node: Any) -> list[tuple[str, Any]]:
    if not isinstance(node, nodes.MappingNode):
        return []
    return [(str(key.value), value) for key, value in node.value]
