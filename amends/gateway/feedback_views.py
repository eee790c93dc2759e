"""What the feedback page asks, worded; and what a form that came back says. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from amends.cases.model import OPEN_STATUSES, Case
from amends.satisfaction.surveys.model import SCALES, Dimension, Question, SurveyAsk

SERVQUAL_FIELD = "servqual."
"""Begins the names of the fields of the five dimensions."""


class Stand(StrEnum):
    """How it stands with an asking, and so what the page shows."""

    OPEN = "open"  # the case is being worked on
    ASK = "ask"
    SURVEY = "survey"
    DONE = "done"


def stand_of(ask: SurveyAsk, case: Case) -> Stand:
    """Return what is to be shown to whoever opens a link."""
    if case.status in OPEN_STATUSES:
        return Stand.OPEN
    if Question.SOLVED in ask.left:
        return Stand.ASK
    return Stand.SURVEY if ask.left else Stand.DONE


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    shown: str  # on the button
    name: str  # to whoever hears it


@dataclass(frozen=True, slots=True)
class Scale:
    """One answer out of several."""

    field: str
    legend: str
    choices: tuple[Choice, ...]
    ends: tuple[str, str] | None = None  # of a row of numbers; a list of words has none

    @property
    def in_words(self) -> bool:
        return self.ends is None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: a scale, or several under one heading; a comment may follow."""

    question: Question
    scales: tuple[Scale, ...]
    heading: str = ""
    comment: str = ""


def asked(left: tuple[Question, ...], texts: Mapping[str, Any]) -> list[Asked]:
    """Return the questions of the survey that are left, worded."""
    return [_ASKED[one](texts) for one in left if one in _ASKED]


def _csat(texts: Mapping[str, Any]) -> Asked:
    reasons = tuple(Choice(key, name, name) for key, name in texts["reasons"].items())
    scales = (
        _of_five(Question.CSAT.value, texts["csat"], texts["csat_scale"]),
        Scale("reason", texts["reason"], reasons),
    )
    return Asked(Question.CSAT, scales, comment=texts["comment"])


def _ces(texts: Mapping[str, Any]) -> Asked:
    return Asked(Question.CES, (_numbers(Question.CES, texts["ces"], texts["ces_ends"]),))


def _nps(texts: Mapping[str, Any]) -> Asked:
    return Asked(Question.NPS, (_numbers(Question.NPS, texts["nps"], texts["nps_ends"]),))


def _expectation(texts: Mapping[str, Any]) -> Asked:
    words = texts["expectation_scale"]
    choices = tuple(Choice(str(at), name, name) for at, name in enumerate(words, 1))
    scale = Scale(Question.EXPECTATION.value, texts["expectation"], choices)
    return Asked(Question.EXPECTATION, (scale,))


def _servqual(texts: Mapping[str, Any]) -> Asked:
    named = texts["servqual_dimensions"]
    scales = tuple(
        _of_five(f"{SERVQUAL_FIELD}{one.value}", named[one.value], texts["expectation_scale"])
        for one in Dimension
    )
    return Asked(Question.SERVQUAL, scales, heading=texts["servqual"])


def _of_five(field: str, legend: str, words: Sequence[str]) -> Scale:
    choices = tuple(Choice(str(at), str(at), f"{at}, {name}") for at, name in enumerate(words, 1))
    return Scale(field, legend, choices, (words[0], words[-1]))


def _numbers(question: Question, legend: str, ends: tuple[str, str]) -> Scale:
    lowest, highest = SCALES[question]
    names = {lowest: f"{lowest}, {ends[0]}", highest: f"{highest}, {ends[1]}"}
    choices = tuple(
        Choice(str(one), str(one), names.get(one, str(one))) for one in range(lowest, highest + 1)
    )
    return Scale(question.value, legend, choices, (ends[0], ends[1]))


_ASKED = {
    Question.CSAT: _csat,
    Question.CES: _ces,
    Question.EXPECTATION: _expectation,
    Question.NPS: _nps,
    Question.SERVQUAL: _servqual,
}


def answered(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a form as the API takes them; what was left out is not there."""
    fields = {key: _of_form(form[key]) for key in _FIELDS if form.get(key, "").strip()}
    fields |= {key: form[key] for key in _TEXTS if form.get(key, "").strip()}
    servqual = {
        key.removeprefix(SERVQUAL_FIELD): _of_form(value)
        for key, value in form.items()
        if key.startswith(SERVQUAL_FIELD) and value
    }
    return fields | {"servqual": servqual} if servqual else fields


def _of_form(value: str) -> int | str:
    """Return the number that a button of the form sends; whatever else came is refused later."""
    return int(value) if _NUMBER.fullmatch(value) else value


_NUMBER = re.compile("[0-9]{1,2}")
_FIELDS = ("csat", "ces", "expectation", "nps")
_TEXTS = ("reason", "comment")
