"""What customers answered, in the reader's language."""

from collections.abc import Iterator, Mapping
from typing import Any

from amends.desk import words
from amends.desk.speech import mark, tr

REASONS = {
    "outcome": mark("the outcome"),
    "speed": mark("the speed"),
    "understood": mark("being understood"),
    "friendliness": mark("the friendliness"),
    "promise_kept": mark("promises kept or not"),
    "had_to_repeat": mark("having to say it again"),
    "reached_a_person": mark("reaching a person"),
    "other": mark("something else"),
}
GAPS = {
    1: mark("much worse than expected"),
    2: mark("worse than expected"),
    3: mark("as expected"),
    4: mark("better than expected"),
    5: mark("much better than expected"),
}
DIMENSIONS = {
    "reliability": mark("Reliability: {gap}"),
    "responsiveness": mark("Responsiveness: {gap}"),
    "assurance": mark("Assurance: {gap}"),
    "empathy": mark("Empathy: {gap}"),
    "tangibles": mark("Appearance: {gap}"),
}


def rated(data: Mapping[str, Any]) -> str:
    """Return the answer in one sentence."""
    if data.get("csat") is None:
        return tr("Answered the survey")
    return tr("Rated {csat} of 5", csat=data["csat"])


def answers(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what else was answered, one sentence each."""
    if data.get("reason"):
        yield tr("Main reason: {reason}", reason=words.word(REASONS, data["reason"]))
    if data.get("ces") is not None:
        yield tr("It was made easy: agrees {ces} of 7", ces=data["ces"])
    if data.get("expectation") is not None:
        yield tr("All in all: {gap}", gap=_gap(data["expectation"]))
    if data.get("nps") is not None:
        yield tr("Would recommend us: {nps} of 10", nps=data["nps"])
    for name, score in data.get("servqual", {}).items():
        yield tr(DIMENSIONS[name], gap=_gap(score))


def _gap(score: int) -> str:
    return tr(GAPS[score])
