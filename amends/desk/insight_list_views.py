"""The list of conversations behind a number, and the page of one conversation."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from amends.conversations.model import Message, Role, Understanding
from amends.desk import insight_words as figures
from amends.desk import words
from amends.desk.case_words import ROOT_CAUSES, clock_words, moment_words
from amends.desk.driver_words import driver
from amends.desk.insight_views.quality_view import conversation_href, criterion, unmet_words
from amends.desk.speech import mark, tr
from amends.insights.facts import JUSTICE, SERVQUAL, ConversationFacts
from amends.satisfaction.model import Score
from amends.satisfaction.quality import Review

type Place = tuple[datetime, str]

_PLACE = re.compile(r"(\d{1,17})\.([\w-]{1,64})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WHO = {
    Role.CUSTOMER: mark("Customer"),
    Role.BOT: mark("Assistant"),
    Role.STAFF: mark("Staff"),
    Role.SYSTEM: mark("Notice"),
}


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One line of the list."""

    href: str
    started: str
    number: str  # of the case; empty without one
    category: str
    result: str
    stated: str
    predicted: str
    mood: str
    person: str
    cost: str
    criteria: str
    unmet: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message, and what was understood of it."""

    seq: int
    role: str
    who: str
    text: str
    time: str
    at: str
    understood: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a criterion of the review came to."""

    name: str
    state: str  # met, unmet, or empty where it does not apply
    words: str
    seq: int | None


def conversation_row(one: ConversationFacts, zone: tzinfo) -> ConversationRow:
    return ConversationRow(
        href=conversation_href(one),
        started=moment_words(one.started_at, zone),
        number=one.case_number or "",
        category=figures.category(one.category) if one.category else tr("No complaint"),
        result=words.word(figures.RESULTS, one.result),
        stated=str(one.csat) if one.csat is not None else "",
        predicted=figures.number(one.predicted, 1),
        mood=_mood(one),
        person=_person(one),
        cost=figures.money(one.remedy_minor, one.currency) if one.currency else "",
        criteria="" if one.review_share is None else figures.share(one.review_share),
        unmet=unmet_words(one.review),
    )


def place_text(one: ConversationFacts) -> str:
    microseconds = (one.started_at - _EPOCH) // timedelta(microseconds=1)
    return f"{microseconds}.{one.conversation_id}"


def read_place(text: str) -> Place | None:
    found = _PLACE.fullmatch(text)
    return (_EPOCH + timedelta(microseconds=int(found[1])), found[2]) if found else None


def said_lines(
    messages: Sequence[Message], understood: Mapping[int, Understanding], zone: tzinfo
) -> list[Said]:
    return [
        Said(
            seq=one.seq,
            role=one.role.value,
            who=(one.author if one.role is Role.STAFF else "") or tr(_WHO[one.role]),
            text=one.text,
            time=clock_words(one.at, zone),
            at=one.at.isoformat(),
            understood=_understood(understood.get(one.seq)),
        )
        for one in messages
    ]


def review_lines(review: Review) -> list[Found]:
    states = {
        True: ("met", tr("Met")),
        False: ("unmet", tr("Not met")),
        None: ("", tr("Does not apply")),
    }
    return [
        Found(criterion(name), *states[found.met], found.seq)
        for name, found in review.findings.items()
    ]  # fmt: skip


def fact_lines(
    one: ConversationFacts, zone: tzinfo, reason: Callable[[str], str]
) -> list[tuple[str, str]]:
    """Return what is known of a conversation, what is not known left out."""
    yes_no = {True: tr("Yes"), False: tr("No"), None: ""}
    found = [
        (tr("Started"), moment_words(one.started_at, zone)),
        (tr("Category"), figures.category(one.category) if one.category else ""),
        (tr("Root cause"), words.word(ROOT_CAUSES, one.root_cause)),
        (tr("Result"), words.word(figures.RESULTS, one.result)),
        (tr("Language"), words.language(one.language)),
        (tr("Warehouse"), one.warehouse or ""),
        (tr("Carrier"), one.carrier or ""),
        (tr("Product"), one.product or ""),
        (tr("First answer after"), _duration(one.first_answer_seconds)),
        (tr("A person answered after"), _duration(one.person_answer_seconds)),
        (tr("Resolved after"), _duration(one.resolution_seconds)),
        (tr("Reason of the handoff"), reason(one.handoff_reason) if one.handoff_reason else ""),
        (tr("Handoff was right"), yes_no[one.handoff_right]),
        (tr("Remedy"), figures.remedy(one.remedy_kind) if one.remedy_kind else ""),
        (tr("Cost"), figures.money(one.remedy_minor, one.currency) if one.currency else ""),
        (tr("Satisfaction stated"), f"{one.csat} / 5" if one.csat else ""),
        (tr("Reason given"), words.word(figures.CSAT_REASONS, one.csat_reason)),
        (tr("Effort (CES)"), f"{one.ces} / 7" if one.ces else ""),
        (tr("Recommendation (NPS)"), f"{one.nps} / 10" if one.nps is not None else ""),
        (tr("Mood"), _mood(one)),
    ]
    return [(name, value) for name, value in found if value]


def score_lines(one: ConversationFacts) -> list[tuple[str, str]]:
    """Return the predicted dimensions, each from 1 to 5."""
    names = {**figures.JUSTICES, **figures.DIMENSIONS}
    return [
        (words.word(names, name), figures.number(getattr(one, name), 1))
        for name in (*JUSTICE, *SERVQUAL)
    ]


def drivers_of(score: Score | None) -> list[str]:
    return [driver(one) for one in score.drivers] if score else []


def _mood(one: ConversationFacts) -> str:
    if one.mood_end is None:
        return ""
    if one.mood_start is None:
        return words.mood(one.mood_end)
    start, end = words.mood(one.mood_start), words.mood(one.mood_end)
    return start if start == end else tr("{start} → {end}", start=start, end=end)


def _person(one: ConversationFacts) -> str:
    if not one.handed_off:
        return ""
    return words.word(figures.ANSWER_MARKS, one.answer_mark) or tr("Yes")


def _duration(seconds: float | None) -> str:
    return "" if seconds is None else figures.duration(seconds)


def _understood(found: Understanding | None) -> str:
    """Return what the assistant read in a message, in a line."""
    if found is None:
        return ""
    told = [words.plain(found.intent)]
    if found.category:
        told.append(figures.category(found.category))
    told.append(tr("mood {mood}", mood=figures.signed(found.sentiment, 1)))
    told += [words.word(words.FLAGS, flag) for flag in sorted(found.flags)]
    return " · ".join(told)
