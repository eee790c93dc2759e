"""What the playground shows of one message and of two models. Pure: tested without a browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from amends.compensation.decision import CapHit, RemedyGrant
from amends.conversations.model import Message, Role
from amends.desk import entry_words, rule_words, views, words
from amends.desk.playground_words import CASE_FIELDS, COMPARED, DECIDED, RECOVERIES
from amends.desk.speech import tr
from amends.handoff.model import Assessment
from amends.handoff.thresholds import Thresholds
from amends.training.playground.compare import Compared
from amends.training.playground.model import Decided, Explained, Fired, RasaStep, Read, Written

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of the chat; a customer's leads to its explanation."""

    seq: int
    line: views.Line
    choices: tuple[tuple[str, str], ...]  # id and title, while they can be tapped
    turn: int  # number of the turn it began; 0 where it began none


@dataclass(frozen=True, slots=True)
class Guess:
    intent: str
    percent: str
    share: float


@dataclass(frozen=True, slots=True)
class Row:
    """A reason for which a person was asked."""

    title: str
    id: str
    conditions: list[str]
    priority: str


@dataclass(frozen=True, slots=True)
class DecidedView:
    outcome: str
    policy: str
    facts: Facts
    bundles: list[list[tuple[str, str, str]]]  # title, amount, and what it rests on
    clauses: Facts
    caps: list[str]
    explanation: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class TurnView:
    """Everything about one message."""

    number: int
    text: str
    tapped: str
    intent: str
    confidence: str
    guesses: list[Guess]
    read: Facts
    entities: Facts
    flags: list[tuple[str, str]]  # what it is, and the words that raised it
    assessment: Facts
    rows: list[Row]
    earlier: list[str]
    decided: list[DecidedView]
    actions: list[tuple[str, str]]
    slots: Facts
    written: Facts
    engine_silent: bool


def bubbles(messages: Sequence[Message], turns: Sequence[Explained], customer: str) -> list[Bubble]:
    """Return the chat; only the choices that were offered last can be tapped."""
    numbers = {turn.seq: number for number, turn in enumerate(turns, start=1)}
    offering = [one.seq for one in messages if one.choices]
    spoken_last = max((one.seq for one in messages if one.role is Role.CUSTOMER), default=0)
    live = offering[-1] if offering and offering[-1] > spoken_last else 0
    return [
        Bubble(
            seq=one.seq,
            line=views.line(one, customer or tr("Guest"), ""),
            choices=tuple((c.id, c.title) for c in one.choices) if one.seq == live else (),
            turn=numbers.get(one.seq, 0),
        )
        for one in messages
    ]


def turn_view(turn: Explained, number: int, thresholds: Thresholds) -> TurnView:
    read = turn.read
    return TurnView(
        number=number,
        text=turn.text,
        tapped=turn.tapped or "",
        intent=read.intent if read else "",
        confidence=percent(read.confidence) if read else "",
        guesses=[Guess(n, percent(share), share) for n, share in read.ranking] if read else [],
        read=_read(read) if read else [],
        entities=list(read.entities) if read else [],
        flags=[_flag(*one) for one in read.flags] if read else [],
        assessment=_assessment(turn.assessment) if turn.assessment else [],
        rows=[_row(one, thresholds) for one in turn.fired],
        earlier=[words.reason(one, thresholds) for one in turn.earlier_reasons],
        decided=[_decided(one) for one in turn.decided],
        actions=[_action(one) for one in turn.told.steps if one.kind == "action"],
        slots=[(s.name, _value(s.value)) for s in turn.told.steps if s.kind == "slot"],
        written=_written(turn.written),
        engine_silent=not turn.told.answered,
    )


def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _yes(value: bool) -> str:
    return tr("yes") if value else tr("no")


def _read(read: Read) -> Facts:
    also = [words.word(words.CATEGORIES, one) for one in read.secondary]
    facts = [
        (tr("Complaint"), _yes(read.complaint)),
        (tr("Category"), words.word(words.CATEGORIES, read.category)),
        (tr("Further problems"), words.listing(also)),
        (tr("Mood"), f"{words.word(words.MOODS, read.sentiment_label)} ({read.sentiment:+.2f})"),
        (tr("Severity"), words.word(words.SEVERITIES, read.severity)),
        (tr("Has waited"), _hours(read.waiting_hours)),
        (tr("Language"), words.language(read.language)),
    ]
    return [(name, value) for name, value in facts if value]


def _hours(hours: float | None) -> str:
    return words.minutes(round(hours * 60)) if hours else ""


def _flag(flag: str, said: tuple[str, ...]) -> tuple[str, str]:
    quoted = words.listing([tr("“{said}”", said=one) for one in said])
    return words.word(words.FLAGS, flag), quoted or tr("learned from examples, by no single word")


def _assessment(found: Assessment) -> Facts:
    flags = [words.word(words.FLAGS, one) for one in sorted(found.flags)]
    facts = [
        (tr("Severity"), words.word(words.SEVERITIES, found.severity.value)),
        (tr("Safety"), _yes(found.safety)),
        (tr("Act at once"), _yes(found.immediate)),
        (tr("Problems"), str(found.complexity)),
        (tr("Value concerned, in minor units"), str(found.impact_minor or "")),
        (tr("Mood so far"), f"{found.sentiment:+.2f}"),
        (tr("Negative messages in a row"), str(found.negative_run)),
        (tr("Not understood in a row"), str(found.failed_attempts or "")),
        (tr("Has waited"), _hours(found.waiting_hours)),
        (tr("Complained before"), _yes(True) if found.repeat_complaint else ""),
        (tr("Declined the last offer"), _yes(True) if found.last_offer_refused else ""),
        (tr("Flags"), words.listing(flags)),
    ]
    return [(name, value) for name, value in facts if value]


def _row(fired: Fired, thresholds: Thresholds) -> Row:
    row = fired.row
    return Row(
        title=words.reason(fired.id, thresholds),
        id=fired.id,
        conditions=rule_words.conditions(row.when) if row else [],
        priority=tr(words.PRIORITIES[row.priority]) if row else "",
    )


def _decided(decided: Decided) -> DecidedView:
    record, decision = decided.record, decided.decision
    return DecidedView(
        outcome=words.word(DECIDED, record.outcome),
        policy=tr(
            "{policy}, version {version}, as {role}, rung {rung}",
            policy=record.policy,
            version=record.version,
            role=record.role,
            rung=record.rung + 1,
        ),
        facts=list(decided.facts),
        bundles=[[_grant(one) for one in bundle] for bundle in decision.alternatives],
        clauses=list(decided.clauses),
        caps=[_cap(one) for one in decision.caps],
        explanation=decision.explanation,
        reason=decision.customer_reason.get("en", ""),
    )


def _grant(grant: RemedyGrant) -> tuple[str, str, str]:
    title, amount, clauses = views.remedy_line(grant)
    kind = words.word(RECOVERIES, grant.recovery.value)
    part = words.word(words.PARTS, grant.part.value)
    return title, amount, f"{kind}, {part} · {clauses}"


def _cap(hit: CapHit) -> str:
    return f"{words.cap(hit.cap, hit.limit)} ({', '.join(hit.clauses)})"


def _action(step: RasaStep) -> tuple[str, str]:
    if step.policy is None:
        return step.name, ""
    return step.name, f"{step.policy} {percent(step.confidence or 0.0)}"


def _value(value: Any) -> str:
    if value is None:
        return tr("empty")
    return _yes(value) if isinstance(value, bool) else str(value)


def _written(written: Written) -> Facts:
    rows = [(tr("Case opened"), f"{one.number}: {_category(one.category)}")
            for one in written.opened]  # fmt: skip
    rows += [
        (words.word(CASE_FIELDS, name), f"{old or tr('empty')} → {new or tr('empty')}")
        for name, old, new in written.changed
    ]
    rows += [(tr("Timeline"), entry_words.entry(one.kind, one.data)) for one in written.entries]
    titles = {one.id: views.remedy_line(one)[0] for o in written.offers for one in o.remedies}
    rows += [
        (tr("Ledger"), f"{titles.get(one.remedy_id, tr('a remedy'))}: "
                       f"{words.word(words.STEPS, one.step.value)}")
        for one in written.steps
    ]  # fmt: skip
    rows += [
        (tr("Promise"), tr("{what}, due {day}: {state}", what=_promised(one.what),
                           day=words.day(one.due_at),
                           state=words.word(words.PROMISE_STATES, one.state.value)))
        for one in written.promises
    ]  # fmt: skip
    return rows


def _category(category: str) -> str:
    return words.word(words.CATEGORIES, str(category))


def _promised(what: str) -> str:
    return words.word(words.PROMISES, what)


@dataclass(frozen=True, slots=True)
class ComparedView:
    """One message and both readings, a line for each thing read."""

    text: str
    same: bool
    rows: list[tuple[str, str, str, bool]]


def compared_view(one: Compared) -> ComparedView:
    differing = one.differing
    rows = [
        (tr(COMPARED[name]), _reading(one.left, name), _reading(one.right, name),
         name in differing)
        for name in COMPARED
    ]  # fmt: skip
    return ComparedView(one.text, not differing, rows)


def _reading(found: dict[str, Any], name: str) -> str:
    value = found[name]
    if name == "intent":
        return f"{value} {percent(found['confidence'])}"
    if name == "sentiment_label":
        return f"{words.word(words.MOODS, value)} ({found['sentiment']:+.2f})"
    if name in ("complaint", "handoff"):
        return _yes(value)
    tables = {
        "category": words.CATEGORIES, "secondary": words.CATEGORIES, "flags": words.FLAGS,
        "severity": words.SEVERITIES, "language": words.LANGUAGES,
    }  # fmt: skip
    listed = value if isinstance(value, list) else [value] if value else []
    return words.listing([words.word(tables[name], key) for key in listed]) or tr("none")
