"""What a word in the address of the list does to the question; None where it says nothing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from amends.desk.speech import mark
from amends.insights.facts import FACT_NAMES, Result
from amends.insights.statistics.scales import PASSIVE, PROMOTER
from amends.insights.table import FactsQuery, MoodMove, Wanted
from amends.satisfaction.quality import Criterion

type Narrow = Callable[[FactsQuery, str], FactsQuery | None]

NONE = "none"
_BAND = re.compile(r"\d(\.\d{1,4})?(-\d(\.\d{1,4})?)?", re.ASCII)
COMPLAINTS: tuple[str | int, ...] = tuple(one.value for one in Result if one is not Result.NO_CASE)
ENDED: tuple[str | int, ...] = tuple(one for one in COMPLAINTS if one != Result.OPEN.value)
ANSWERED = {
    "csat": mark("Satisfaction was stated"),
    "nps": mark("Recommendation was answered"),
    "ces": mark("Effort was answered"),
    "expectation": mark("Expectation was answered"),
    "felt_reliability": mark("The five dimensions were answered"),
    "mood_end": mark("Mood is known"),
    "first_answer_seconds": mark("Had a first answer"),
    "person_answer_seconds": mark("Answered by a person"),
    "resolution_seconds": mark("Resolved"),
    "handoff_right": mark("Handoff was judged"),
    "review_share": mark("Reviewed"),
    "root_cause": mark("Root cause is set"),
}
NPS_CLASSES = {
    "promoter": mark("Promoter, 9 or 10"),
    "passive": mark("Passive, 7 or 8"),
    "detractor": mark("Detractor, 0 to 6"),
}
PROMISES = {
    "kept": mark("A promise was kept"),
    "broken": mark("A promise was broken"),
    "any": mark("A promise was kept or broken"),
}
MOODS = {"improved": mark("Improved"), "worsened": mark("Worsened")}
SURVEYS = {
    "asked": mark("Was asked"),
    "silent": mark("Was asked and did not answer"),
}


def asking(query: FactsQuery, name: str, wanted: Wanted) -> FactsQuery:
    return replace(query, equal={**query.equal, name: wanted})


def one_of(name: str, table: Mapping[str, str]) -> Narrow:
    def narrow(query: FactsQuery, value: str) -> FactsQuery | None:
        if value == NONE:
            return asking(query, name, None)
        chosen = value.split(",")
        return asking(query, name, tuple(chosen)) if set(chosen) <= set(table) else None

    return narrow


def free(name: str) -> Narrow:
    return lambda query, value: asking(query, name, None if value == NONE else value)


def truth(name: str) -> Narrow:
    truths = {"yes": True, "no": False, NONE: None}

    def narrow(query: FactsQuery, value: str) -> FactsQuery | None:
        return asking(query, name, truths[value]) if value in truths else None

    return narrow


def marks(query: FactsQuery, value: str) -> FactsQuery | None:
    chosen = value.split(",")
    if not set(chosen) <= set("12345"):
        return None
    return asking(query, "csat", tuple(int(one) for one in chosen))


def band(name: str, highest: float) -> Narrow:
    """Read "2-3": from 2 on, below 3, but with the scale's end; "1" is just that."""

    def narrow(query: FactsQuery, value: str) -> FactsQuery | None:
        if _BAND.fullmatch(value) is None:
            return None
        low, _, high = value.partition("-")
        bounded = replace(query, low={**query.low, name: float(low)})
        if not high:
            return replace(bounded, high={**query.high, name: float(low)})
        if float(high) >= highest:
            return bounded
        return replace(bounded, below={**query.below, name: float(high)})

    return narrow


def nps(query: FactsQuery, value: str) -> FactsQuery | None:
    bounds = {"promoter": (PROMOTER, 10), "passive": (PASSIVE, PROMOTER - 1),
              "detractor": (0, PASSIVE - 1)}  # fmt: skip
    if value not in bounds:
        return None
    low, high = bounds[value]
    return replace(query, low={**query.low, "nps": low}, high={**query.high, "nps": high})


def complaint(query: FactsQuery, value: str) -> FactsQuery | None:
    results = {"yes": COMPLAINTS, "ended": ENDED}.get(value)
    return asking(query, "result", results) if results else None


def criterion(place: str) -> Narrow:
    names = [one.value for one in Criterion]

    def narrow(query: FactsQuery, value: str) -> FactsQuery | None:
        if value not in names:
            return None
        where = names.index(value)
        if place == "unmet":
            return replace(query, unmet=where)
        return replace(query, judged=where)

    return narrow


def known(query: FactsQuery, value: str) -> FactsQuery | None:
    if value not in ANSWERED or value not in FACT_NAMES:
        return None
    also = {"mood_start"} if value == "mood_end" else set()
    return replace(query, known=query.known | {value} | also)


def promises(query: FactsQuery, value: str) -> FactsQuery | None:
    if value == "any":
        return replace(query, promised=True)
    if value not in PROMISES:
        return None
    return replace(query, low={**query.low, f"promises_{value}": 1})


def mood(query: FactsQuery, value: str) -> FactsQuery | None:
    return replace(query, mood=MoodMove(value)) if value in MOODS else None


def survey(query: FactsQuery, value: str) -> FactsQuery | None:
    if value not in SURVEYS:
        return None
    asked = asking(query, "survey_asked", True)
    return asking(asked, "csat", None) if value == "silent" else asked


def first(query: FactsQuery, value: str) -> FactsQuery | None:
    return asking(query, "part", 0) if value == "yes" else None


def paid(query: FactsQuery, value: str) -> FactsQuery | None:
    return replace(query, low={**query.low, "remedy_minor": 1}) if value == "yes" else None
