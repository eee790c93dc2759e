"""What is shown of suggested steps, requests and canned replies, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from amends.desk import canned_views, help_actions, help_words, views, words
from amends.desk.help_actions import Help, Replies
from amends.desk.speech import spoken, tr
from amends.handoff.approval_model import Approval, ApprovalState, Stale
from amends.handoff.approval_queue import Pending
from amends.handoff.model import StaffMember
from amends.handoff.next_steps import NextStep, StepKind
from amends.handoff.rights import Right, may

MOST_REPLIES = 50

_ACTS = {
    StepKind.ANSWER: "write",
    StepKind.ANSWER_WISH: "write",
    StepKind.GRANT: "grant",
    StepKind.ASK_SUPERVISOR: "ask",
    StepKind.RESOLVE: "resolve",
}
"""What a step's button does; other steps put in a canned reply."""


@dataclass(frozen=True, slots=True)
class Step:
    """One suggestion. `act` and `value` are what its button sends, `call` a number to dial."""

    kind: str
    title: str
    why: str
    button: str
    act: str = ""
    value: str = ""
    call: str = ""
    lines: tuple[str, ...] = ()  # the remedies that it is about


@dataclass(frozen=True, slots=True)
class Request:
    """One request in the card."""

    id: str
    by: str
    at: datetime
    note: str
    remedies: tuple[tuple[str, str, str], ...]
    state: str
    state_word: str
    decided: str  # who decided, empty while it waits
    reason: str
    may_decide: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request in the list of those who decide."""

    id: str
    handoff_id: str
    case_number: str
    category: str
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One line of the picker."""

    id: str
    title: str
    shortcut: str
    text: str
    sample: Markup
    code: str
    language: str  # named where it is not the one of the chat
    category: str


def step(one: NextStep, now: datetime, *, may_act: bool) -> Step:
    """Return a suggestion; without its button in a chat that is not the reader's."""
    what, why = help_words.STEPS[one.kind]
    values = _facts(one)
    reasons = [tr(why, **values)]
    if one.due_at is not None and one.kind in (StepKind.ANSWER, StepKind.ANSWER_ELSEWHERE):
        reasons = [tr(help_words.ANSWER_DUE, due=words.due_at(one.due_at, now))]
    if one.fits_wish:
        reasons.append(tr(help_words.FITS_WISH))
    shown = Step(one.kind.value, tr(what, **values), " ".join(reasons), "", lines=_lines(one))
    button = help_words.BUTTONS.get(one.kind)
    return _with_button(one, replace(shown, button=tr(button))) if may_act and button else shown


def request(one: Approval, names: Mapping[str, str], me: StaffMember) -> Request:
    waits = one.state is ApprovalState.PENDING
    is_mine = one.asked_by == me.id
    return Request(
        id=one.id,
        by=names.get(one.asked_by, tr("Somebody")),
        at=one.asked_at,
        note=one.note,
        remedies=tuple(views.remedy_line(remedy) for remedy in one.remedies),
        state=one.state.value,
        state_word=tr(help_words.STATES[one.state]),
        decided=names.get(one.decided_by or "", "") if not is_mine or not waits else "",
        reason=reason(one),
        may_decide=waits and not is_mine and may(me, Right.APPROVE),
        may_withdraw=waits and is_mine,
    )


def reason(one: Approval) -> str:
    """Return why a request was refused, or granted nothing."""
    if one.state is ApprovalState.STALE and one.reason in set(Stale):
        return tr(help_words.STALE[Stale(one.reason)])
    return one.reason or ""


def request_row(one: Pending, names: Mapping[str, str]) -> RequestRow:
    asked = one.approval
    return RequestRow(
        id=asked.id,
        handoff_id=asked.handoff_id,
        case_number=one.case_number,
        category=words.word(words.CATEGORIES, one.category.value),
        by=names.get(asked.asked_by, tr("Somebody")),
        at=asked.asked_at,
        note=asked.note,
    )


def told(one: Approval, names: Mapping[str, str]) -> str:
    """Return what whoever asked is told of a decision; empty when there is nothing to tell."""
    sentence = help_words.TOLD.get(one.state)
    if sentence is None:
        return ""
    name = names.get(one.decided_by or "", tr("A colleague"))
    return tr(sentence, name=name, reason=reason(one))


def replies(known: Replies, query: str) -> list[Reply]:
    found = help_actions.search(known, query)[:MOST_REPLIES]
    shown = []
    for one in found:
        code, text = help_actions.filled(known, one)
        category = one.wording.category
        shown.append(
            Reply(
                id=one.id,
                title=one.title_in(spoken()),
                shortcut=one.wording.shortcut,
                text=text,
                sample=canned_views.with_gaps(text),
                code=code,
                language="" if code == known.language else words.language(code),
                category=canned_views.category_word(category) if category else "",
            )
        )
    return shown


def steps(found: Help, now: datetime, *, may_act: bool) -> Sequence[Step]:
    return [step(one, now, may_act=may_act) for one in found.steps]


def _facts(one: NextStep) -> dict[str, str]:
    return {
        "channel": words.word(words.CHANNELS, one.channel.value) if one.channel else "",
        "address": one.address or "",
        "day": words.day(one.due_at) if one.due_at else "",
    }


def _lines(one: NextStep) -> tuple[str, ...]:
    grants = one.option.grants if one.option else ()
    return tuple(" ".join(filter(None, views.remedy_line(grant)[:2])) for grant in grants)


def _with_button(one: NextStep, shown: Step) -> Step:
    act = _ACTS.get(one.kind, "insert")
    value = help_words.REPLIES.get(one.kind, "")
    if one.kind is StepKind.CALL:
        return replace(shown, call=one.address or "")
    if one.option is not None:
        value = one.option.key
    if one.outcome is not None:
        value = one.outcome
    return replace(shown, act=act, value=value)
