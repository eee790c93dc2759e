"""What the list behind a number can be narrowed by, and how each filter is said.

What cannot be used gets a sentence and is left out; the rest of the address holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from urllib.parse import urlencode

from amends.desk import insight_narrowing as narrow
from amends.desk import insight_words as figures
from amends.desk import words
from amends.desk.case_words import ROOT_CAUSES, moment_words
from amends.desk.insight_narrowing import Narrow
from amends.desk.insight_query import Asked, instant, read_asked, read_instant
from amends.desk.speech import mark, tr
from amends.insights.facts import AnswerMark, Result
from amends.insights.measures.period import Period
from amends.insights.table import FactsQuery

type Reason = Callable[[str], str]
type Say = Callable[[str, Reason], str]


@dataclass(frozen=True, slots=True)
class Filter:
    label: str
    narrow: Narrow
    say: Say


@dataclass(frozen=True, slots=True)
class Listed:
    """What an address of the list asks for."""

    asked: Asked
    query: FactsQuery
    fields: Mapping[str, str]
    said: tuple[tuple[str, str], ...]  # each filter in words
    problems: tuple[str, ...]

    def address(self, after: str = "") -> str:
        """Return the address that asks the same, or goes on behind a place."""
        return "/insights/conversations?" + self.text(after)

    def text(self, after: str = "") -> str:
        shown = {name: value for name, value in self.fields.items() if value}
        return urlencode(shown | ({"after": after} if after else {}))


def read_listed(
    parameters: Mapping[str, str], now: datetime, zone: tzinfo, reason: Reason
) -> Listed:
    """Return what an address asks for; `reason` words the reason of a handoff."""
    asked = read_asked(parameters, now, zone)
    since, until = (read_instant(parameters.get(name, "")) for name in ("since", "until"))
    problems = list(asked.problems)
    if since and until and since < until:
        asked = replace(asked, period=Period(since, until))
    elif parameters.get("since") or parameters.get("until"):
        problems.append(tr("The period cannot be read, so the last 28 days are shown."))
    fields = {"since": instant(asked.period.since), "until": instant(asked.period.until)}
    said = [(tr("Started"), _period_words(asked.period, zone))]
    for name, label in (("category", tr("Category")), ("language", tr("Language"))):
        fields[name] = asked.fields[name]
        if fields[name]:
            said.append((label, _SAID[name](fields[name])))
    query = asked.query(asked.period)
    for name, one in FILTERS.items():
        value = parameters.get(name, "").strip()[:200]
        if not value:
            continue
        narrowed = one.narrow(query, value)
        if narrowed is None:
            problems.append(
                tr("“{value}” is nothing to filter by, so it was left out.", value=value[:40])
            )
            continue
        query, fields[name] = narrowed, value
        said.append((tr(one.label), one.say(value, reason)))
    return Listed(asked, query, fields, tuple(said), tuple(problems))


_SAID: Mapping[str, Callable[[str], str]] = {
    "category": figures.category,
    "language": words.language,
}


def _period_words(period: Period, zone: tzinfo) -> str:
    return figures.between(moment_words(period.since, zone), moment_words(period.until, zone))


def _by(table: Mapping[str, str]) -> Say:
    """Say one or several keys of a table."""

    def say(value: str, reason: Reason) -> str:
        if value == narrow.NONE:
            return tr("Not known")
        return words.listing([words.word(dict(table), one) for one in value.split(",")])

    return say


def _plainly(value: str, reason: Reason) -> str:
    return tr("Not known") if value == narrow.NONE else value


def _band_words(value: str, reason: Reason) -> str:
    low, _, high = value.partition("-")
    return figures.between(low, high) if high else low


def _share_words(value: str, reason: Reason) -> str:
    low, _, high = value.partition("-")
    if not high:
        return figures.share(float(low))
    return tr(
        "from {low}, below {high}", low=figures.share(float(low)), high=figures.share(float(high))
    )


_COMPLAINT = {"yes": mark("Yes"), "ended": mark("Yes, and it has ended")}
_RESULTS = {one.value: figures.RESULTS[one.value] for one in Result}
_ANSWERS = {one.value: figures.ANSWER_MARKS[one.value] for one in AnswerMark}

FILTERS: Mapping[str, Filter] = {
    "first": Filter(mark("Began a conversation"), narrow.first, _by(figures.YES_NO)),
    "complaint": Filter(mark("Complaint"), narrow.complaint, _by(_COMPLAINT)),
    "result": Filter(mark("Result"), narrow.one_of("result", _RESULTS), _by(_RESULTS)),
    "cause": Filter(mark("Root cause"), narrow.one_of("root_cause", ROOT_CAUSES), _by(ROOT_CAUSES)),
    "severity": Filter(
        mark("Severity"), narrow.one_of("severity", words.SEVERITIES), _by(words.SEVERITIES)
    ),
    "repeat": Filter(mark("Complained before, within 30 days"), narrow.truth("repeat"),
                     _by(figures.YES_NO)),
    "warehouse": Filter(mark("Warehouse"), narrow.free("warehouse"), _plainly),
    "carrier": Filter(mark("Carrier"), narrow.free("carrier"), _plainly),
    "product": Filter(mark("Product"), narrow.free("product"), _plainly),
    "person": Filter(mark("Went to a person"), narrow.truth("handed_off"), _by(figures.YES_NO)),
    "reason": Filter(mark("Reason of the handoff"), narrow.free("handoff_reason"),
                     lambda value, reason: reason(value)),
    "right": Filter(mark("Handoff was right"), narrow.truth("handoff_right"), _by(figures.YES_NO)),
    "answered": Filter(mark("A person answered"), narrow.one_of("answer_mark", _ANSWERS),
                       _by(_ANSWERS)),
    "promises": Filter(mark("Promises"), narrow.promises, _by(narrow.PROMISES)),
    "remedy": Filter(mark("Remedy"), narrow.free("remedy_kind"),
                     lambda value, _: tr("None") if value == "none" else figures.remedy(value)),
    "currency": Filter(mark("Currency"), narrow.free("currency"), _plainly),
    "paid": Filter(mark("Cost something"), narrow.paid, _by(figures.YES_NO)),
    "survey": Filter(mark("Survey"), narrow.survey, _by(narrow.SURVEYS)),
    "csat": Filter(mark("Satisfaction stated"), narrow.marks,
                   lambda value, _: words.listing(value.split(","))),
    "why": Filter(mark("Reason given"), narrow.one_of("csat_reason", figures.CSAT_REASONS),
                  _by(figures.CSAT_REASONS)),
    "nps": Filter(mark("Recommendation"), narrow.nps, _by(narrow.NPS_CLASSES)),
    "known": Filter(mark("What is known"), narrow.known, _by(narrow.ANSWERED)),
    "predicted": Filter(mark("Satisfaction predicted"), narrow.band("predicted", 5), _band_words),
    "mood": Filter(mark("Mood"), narrow.mood, _by(narrow.MOODS)),
    "review": Filter(mark("Criteria met"), narrow.band("review_share", 9), _share_words),
    "unmet": Filter(mark("Not met"), narrow.criterion("unmet"), _by(figures.CRITERIA)),
    "judged": Filter(mark("Criterion applies"), narrow.criterion("judged"), _by(figures.CRITERIA)),
}  # fmt: skip
