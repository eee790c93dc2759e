"""Finding flags: words that call for a person, unless negated, figurative or in jest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import rasa.shared.utils.io
from spacy.tokens import Doc, Span

from bot.components.languages import DEFAULT
from bot.components.phrases import PhraseFinder

SEVERITIES = ("low", "medium", "high", "critical")
# How many words before a phrase a negation reaches: "I really do not need a lawyer".
NEGATION_REACH = 5
_CLAUSE_ENDS = frozenset({".", "!", "?", ";", ",", "but", "\n"})
_FIGURATIVE, _JOKING = "figurative", "joking"


class FlagsFileError(ValueError):
    """flags.yml says something that cannot be used."""


@dataclass(frozen=True)
class Flag:
    """A flag found in a message, with the highest severity of the groups that found it."""

    name: str
    severity: str


class FlagFinder:
    """Finds flags in documents of one language."""

    def __init__(self, content: Mapping[str, Any], language: str) -> None:
        self._negations = frozenset(content["negations"].get(language, []))
        self._joke_cancels = frozenset(content["joking"]["cancels"])
        self._groups: dict[str, tuple[Flag, bool]] = {}
        phrases = {
            _FIGURATIVE: content["figurative"].get(language, []),
            _JOKING: content["joking"]["markers"].get(language, []),
        }
        for name, groups in content["flags"].items():
            for number, group in enumerate(groups):
                label = f"{name}/{number}"
                self._groups[label] = (
                    Flag(name, _checked_severity(group["severity"], name)),
                    group.get("negatable", True),
                )
                phrases[label] = group.get(language, [])
        self._finder = PhraseFinder(phrases, language)

    @property
    def names(self) -> list[str]:
        return sorted({flag.name for flag, _ in self._groups.values()})

    def mildest(self, name: str) -> Flag:
        """Return a flag with the lowest severity that words can give it."""
        return min((f for f, _ in self._groups.values() if f.name == name), key=_rank)

    def find(self, doc: Doc) -> list[Flag]:
        """Return the flags of a message, each once, by name."""
        spans = self._finder.find(doc)
        figurative = [span for span in spans if span.label_ == _FIGURATIVE]
        in_jest = any(span.label_ == _JOKING for span in spans)
        found: dict[str, Flag] = {}
        for span in spans:
            if span.label_ not in self._groups:
                continue
            flag, negatable = self._groups[span.label_]
            if self._is_meant(span, flag, negatable, figurative, in_jest):
                found[flag.name] = max(found.get(flag.name, flag), flag, key=_rank)
        return [found[name] for name in sorted(found)]

    def _is_meant(
        self, span: Span, flag: Flag, negatable: bool, figurative: list[Span], in_jest: bool
    ) -> bool:
        if in_jest and flag.name in self._joke_cancels:
            return False
        if any(span.start < other.end and other.start < span.end for other in figurative):
            return False
        return not (negatable and self._is_negated(span))

    def _is_negated(self, span: Span) -> bool:
        for back in range(1, NEGATION_REACH + 1):
            if span.start - back < 0:
                return False
            word = span.doc[span.start - back].lower_
            if word in _CLAUSE_ENDS:
                return False
            if word in self._negations:
                return True
        return False


def _rank(flag: Flag) -> int:
    return SEVERITIES.index(flag.severity)


def _checked_severity(severity: str, flag: str) -> str:
    if severity not in SEVERITIES:
        raise FlagsFileError(
            f"flags.yml gives '{flag}' the severity '{severity}'; use one of {SEVERITIES}."
        )
    return severity


@cache
def flag_finder(language: str = DEFAULT) -> FlagFinder:
    """Return the finder of a language over `flags.yml`, one per process."""
    text = files("bot.components").joinpath("flags.yml").read_text("utf-8")
    return FlagFinder(rasa.shared.utils.io.read_yaml(text), language)
