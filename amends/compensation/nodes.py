"""Read YAML as nodes that know their line, so that every refusal can name the place.

Numbers stay text until a reader asks for them: `12.50` is money to the cent, not a float.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Final, NoReturn

from ruamel.yaml import YAML, nodes
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from amends.compensation.errors import PolicyError

_TAG: Final = "tag:yaml.org,2002:"
_DEEPEST: Final = 40


@dataclass(frozen=True)
class Node:
    """One place in a policy file: `place` is what a person calls it, such as a clause's id."""

    raw: Any
    file: str
    place: str = ""
    depth: int = 0

    @property
    def line(self) -> int:
        return int(self.raw.start_mark.line) + 1

    def refuse(self, message: str) -> NoReturn:
        raise PolicyError(message, policy=self.file, place=self.place, line=self.line)

    def at(self, place: str) -> "Node":
        return Node(self.raw, self.file, place, self.depth)

    def _child(self, raw: Any, place: str) -> "Node":
        if self.depth > _DEEPEST:
            self.refuse("this is nested too deeply; give inner conditions a name in definitions")
        return Node(raw, self.file, place, self.depth + 1)

    # -- shapes ------------------------------------------------------------------------------

    @property
    def is_map(self) -> bool:
        return isinstance(self.raw, nodes.MappingNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self.raw, nodes.SequenceNode)

    @property
    def kind(self) -> str:
        """The scalar's YAML type: str, int, float, bool, null, timestamp; or map, seq."""
        return str(self.raw.tag).removeprefix(_TAG)

    @cached_property
    def map(self) -> "dict[str, Node]":
        if not self.is_map:
            self.refuse("expected keys with values")
        found: dict[str, Node] = {}
        for key, value in self.raw.value:
            if not isinstance(key, nodes.ScalarNode):
                self.refuse("a key must be a word")
            name = str(key.value)
            place = f"{self.place}.{name}" if self.place else name
            child = self._child(value, place)
            if name in found:
                Node(key, self.file, self.place).refuse(f"key {name} is given twice")
            found[name] = child
        return found

    def keys(self, known: Iterable[str], required: Iterable[str] = ()) -> "dict[str, Node]":
        """Return the mapping; refuse keys that are not known and miss none that is required."""
        known = list(known)
        for name, child in self.map.items():
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
                child.at(self.place).refuse(f"unknown key {name}; {hint}")
        for name in required:
            if name not in self.map:
                self.refuse(f"{name} is missing")
        return self.map

    @property
    def items(self) -> "list[Node]":
        if not self.is_list:
            self.refuse("expected a list")
        return [
            self._child(raw, f"{self.place}[{number}]")
            for number, raw in enumerate(self.raw.value, start=1)
        ]

    # -- scalars -----------------------------------------------------------------------------

    def _scalar(self, kinds: tuple[str, ...], expected: str) -> str:
        if not isinstance(self.raw, nodes.ScalarNode):
            self.refuse(f"expected {expected}")
        if self.kind not in kinds:
            self.refuse(f"{self.raw.value!r} is not {expected}")
        return str(self.raw.value)

    def text(self) -> str:
        value = self._scalar(("str",), "text").strip()
        if not value:
            self.refuse("the text is empty")
        return " ".join(value.split())

    def word(self) -> str:
        """Return a name or an id, which may look like a number or a date."""
        kinds = ("str", "int", "float", "timestamp")
        return self._scalar(kinds, "a name").strip() or self.refuse("the name is empty")

    def integer(self, minimum: int = 0) -> int:
        text = self._scalar(("int",), "a whole number")
        value = int(text.replace("_", ""), 0) if not text.lstrip("+-").isdigit() else int(text)
        if value < minimum:
            self.refuse(f"{value} is less than {minimum}")
        return value

    def decimal(self) -> Decimal:
        text = self._scalar(("int", "float"), "a number")
        try:
            value = Decimal(text.replace("_", ""))
        except InvalidOperation:
            self.refuse(f"{text!r} is not a plain number")
        if not value.is_finite():
            self.refuse(f"{text} is not a finite number")
        return value

    def boolean(self) -> bool:
        return self._scalar(("bool",), "true or false").lower() == "true"

    def day(self) -> date:
        text = self._scalar(("timestamp", "str"), "a date such as 2026-01-31")
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.refuse(f"{text!r} is not a date such as 2026-01-31")

    def choice[T](self, options: "dict[str, T]") -> T:
        word = self.word()
        if word not in options:
            near = get_close_matches(word, list(options), n=1)
            hint = f"did you mean {near[0]}?" if near else f"use one of {', '.join(options)}"
            self.refuse(f"{word!r} is not known here; {hint}")
        return options[word]

    def plain(self) -> Any:
        """Return the plain value of any scalar, list or mapping."""
        if self.is_map:
            return {name: child.plain() for name, child in self.map.items()}
        if self.is_list:
            return [child.plain() for child in self.items]
        match self.kind:
            case "null":
                return None
            case "bool":
                return self.boolean()
            case "int":
                return self.integer(minimum=-(10**18))
            case "float":
                return float(self.decimal())
            case "timestamp":
                return str(self.raw.value)
        return self.raw.value


def parse_nodes(text: str, file: str) -> Node:
    """Return the file's top node.

    Raises:
        PolicyError: it is not YAML, or it is empty.
    """
    try:
        raw = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise PolicyError(f"not YAML: {error.problem}", policy=file, line=line) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise PolicyError(f"not YAML: {error}", policy=file) from error
    if raw is None:
        raise PolicyError("the file is empty", policy=file)
    return Node(raw, file)
