"""Why the assistant answers so, at the terminal: one message explained, a line for each thing."""

from collections.abc import Iterator
from typing import Any

from amends.compensation.currency import format_money
from amends.compensation.decision import CapHit, RemedyGrant
from amends.handoff.model import Assessment
from amends.training.playground.model import Decided, Explained, Read, Written


def lines_of(turn: Explained) -> list[str]:
    """Return the explanation, each line beginning with what it is about."""
    found = [
        *_reading(turn),
        *_judging(turn),
        *(line for one in turn.decided for line in _decided(one)),
        *_done(turn),
        *_written(turn.written),
    ]
    if not turn.told.answered:
        found.append("engine: says nothing of this message; words of flags and actions are missing")
    return found


def _reading(turn: Explained) -> Iterator[str]:
    if turn.tapped:
        yield f"read: a tapped choice, which stands for {turn.tapped}"
    elif turn.read is None:
        yield "read: nothing; the engine did not answer"
    else:
        yield from _read(turn.read)


def _read(read: Read) -> Iterator[str]:
    guesses = ", ".join(f"{name} {share:.2f}" for name, share in read.ranking)
    yield f"intent: {read.intent} {read.confidence:.2f} ({guesses})"
    about = read.category or "none"
    also = f", also {', '.join(read.secondary)}" if read.secondary else ""
    yield f"complaint: {'yes' if read.complaint else 'no'}, category {about}{also}"
    waited = f", has waited {read.waiting_hours:g} h" if read.waiting_hours else ""
    yield (
        f"mood: {read.sentiment_label} {read.sentiment:+.2f}, severity {read.severity}{waited}, "
        f"language {read.language}"
    )
    for flag, said in read.flags:
        quoted = ", ".join(f'"{one}"' for one in said) or "learned, by no single word"
        yield f"flag: {flag} ({quoted})"
    for name, value in read.entities:
        yield f"detail: {name} {value}"


def _judging(turn: Explained) -> Iterator[str]:
    if turn.assessment:
        yield f"conversation: {_assessment(turn.assessment)}"
    for fired in turn.fired:
        conditions = "; ".join(f"{key} {value}" for key, value in fired.conditions)
        title = f": {fired.row.title}" if fired.row else ""
        yield f"person: {fired.id}{title}" + (f" ({conditions})" if conditions else "")
    if turn.earlier_reasons:
        yield f"person: asked for before, {', '.join(turn.earlier_reasons)}"


def _assessment(found: Assessment) -> str:
    parts = [
        f"severity {found.severity.value}",
        f"mood {found.sentiment:+.2f}",
        f"problems {found.complexity}",
        f"negative in a row {found.negative_run}",
        f"not understood in a row {found.failed_attempts}",
        *(["safety"] if found.safety else []),
        *(["act at once"] if found.immediate else []),
        *(["repeat complaint"] if found.repeat_complaint else []),
    ]
    return ", ".join(parts)


def _decided(one: Decided) -> Iterator[str]:
    record = one.record
    yield (
        f"decision: {record.outcome} by {record.policy} {record.version} as {record.role}, "
        f"rung {record.rung + 1}"
    )
    for number, bundle in enumerate(one.decision.alternatives, start=1):
        yield f"offer {number}: {'; '.join(_grant(grant) for grant in bundle)}"
    for clause, title in one.clauses:
        yield f"clause: {clause} {title}".rstrip()
    for hit in one.decision.caps:
        yield f"bound: {_cap(hit)}"
    facts = ", ".join(f"{name} = {value}" for name, value in one.facts)
    yield f"facts: {facts or 'none'}"
    yield from (f"because: {line}" for line in one.decision.explanation)


def _grant(grant: RemedyGrant) -> str:
    amount = f" {format_money(grant.amount)}" if grant.amount else ""
    return f"{grant.kind}{amount} [{grant.recovery}, {grant.part}]"


def _cap(hit: CapHit) -> str:
    limit = f" {format_money(hit.limit)}" if hit.limit else ""
    return f"{hit.cap}{limit} ({', '.join(hit.clauses)})"


def _done(turn: Explained) -> Iterator[str]:
    for step in turn.told.steps:
        if step.kind == "action":
            by = f" ({step.policy} {step.confidence or 0:.2f})" if step.policy else ""
            yield f"action: {step.name}{by}"
        else:
            yield f"slot: {step.name} = {_value(step.value)}"


def _value(value: Any) -> str:
    return "empty" if value is None else str(value)


def _written(written: Written) -> Iterator[str]:
    for case in written.opened:
        yield f"written: case {case.number} opened, {case.category}"
    for name, old, new in written.changed:
        yield f"written: case {name} {old or 'empty'} -> {new or 'empty'}"
    for entry in written.entries:
        yield f"written: timeline {entry.kind}"
    for step in written.steps:
        yield f"written: ledger {step.step.value}"
    for promise in written.promises:
        yield f"written: promise {promise.what} due {promise.due_at:%Y-%m-%d %H:%M} UTC, " + (
            promise.state.value
        )
