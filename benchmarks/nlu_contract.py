"""What `amends nlu` promises of each row, as the public contract words it."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from amends.cases.model import Category
from amends.handoff.model import Severity
from amends.training.data_reader import read_corpus
from amends.training.labels import FLAG_OF_TRIGGER
from amends.wiring.settings import PROJECT_DIR

FALLBACK = "nlu_fallback"
LANGUAGES = ("en", "zh")
_CATEGORIES = frozenset(one.value for one in Category)
_FLAGS = frozenset(FLAG_OF_TRIGGER.values())


def faults_of(line: str, row_id: str | int) -> Iterator[str]:
    """Yield what is wrong with one line of output, for the row of this id."""
    try:
        row = json.loads(line)
    except ValueError:
        yield "not JSON"
        return
    if not isinstance(row, dict) or set(row) != set(_PROMISES):
        yield "not exactly the public keys"
        return
    if row["id"] != row_id:
        yield f"the id is {row['id']!r}"
    for key, holds in _PROMISES.items():
        if not holds(row[key]):
            yield f"{key} is {row[key]!r}"
    yield from _contradictions(row)


def _contradictions(row: Mapping[str, Any]) -> Iterator[str]:
    if row["category"] is not None and row["category"] in row["secondary"]:
        yield "the category is also a secondary one"
    if row["complaint"] and row["category"] is None:
        yield "a complaint about nothing"
    if row["severity"] == Severity.CRITICAL and not row["handoff"]:
        yield "critical, and nobody takes over"


@cache
def _intents() -> frozenset[str]:
    examples = read_corpus(PROJECT_DIR / "data" / "nlu", PROJECT_DIR).examples
    return frozenset({one.intent for one in examples} | {FALLBACK})


def _between(lowest: float, highest: float) -> Callable[[Any], bool]:
    def holds(value: Any) -> bool:
        is_number = isinstance(value, float | int) and not isinstance(value, bool)
        return is_number and math.isfinite(value) and lowest <= value <= highest

    return holds


def _each_once_of(known: frozenset[str]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, list) and set(value) <= known and len(set(value)) == len(value)
    )


_PROMISES: dict[str, Callable[[Any], bool]] = {
    "id": lambda value: isinstance(value, str | int),
    "complaint": lambda value: isinstance(value, bool),
    "category": lambda value: value is None or value in _CATEGORIES,
    "secondary": _each_once_of(_CATEGORIES),
    "intent": lambda value: value in _intents(),
    "confidence": _between(0, 1),
    "sentiment": _between(-1, 1),
    "sentiment_label": lambda value: value in ("neg", "neu", "pos"),
    "flags": _each_once_of(_FLAGS),
    "severity": lambda value: value in set(Severity),
    "handoff": lambda value: isinstance(value, bool),
    "language": lambda value: value in LANGUAGES,
}
