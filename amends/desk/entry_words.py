"""The timeline of a case in words."""

from collections.abc import Mapping
from datetime import datetime

from amends.desk import words
from amends.desk.speech import mark, tr
from amends.handoff.model import Passing

NEW_DATE = mark("New date given for {what}: {due} instead of {was_due}. {reason}")
_ENTRIES = {
    "complained": mark("Complained: {category}"),
    "added": mark("Added to the complaint"),
    "second_problem": mark("Second problem noted: {category}"),
    "second_problem_taken": mark("Second problem taken up"),
    "details": mark("Gave {keys}"),
    "progress": mark("Now: {status}"),
    "decided": mark("Policy decided: {outcome}"),
    "offered": mark("Offer made"),
    "declined": mark("Offer declined"),
    "granted": mark("Granted a remedy ({clauses})"),
    "approval_asked": mark("Asked for approval ({clauses}): {note}"),
    "approval_granted": mark("Approved what {asker} asked for ({clauses})"),
    "approval_refused": mark("Refused what {asker} asked for ({clauses}): {reason}"),
    "approval_stale": mark("Could not approve what {asker} asked for ({clauses})"),
    "approval_withdrawn": mark("Took the request back ({clauses})"),
    "promised": mark("Promised: {what}"),
    "promise_broken": mark("Promise broken: {what}"),
    "promise_moved": NEW_DATE,
    "remedy_failed": mark("Could not be carried out: {what}"),
    "remedy_delayed": mark("Still being tried: {what}"),
    "payment_answers_differ": mark("Refund system and books differ: {what}"),
    "no_other_kind": mark("Wished for another kind; the policy has none here"),
    "reopened": mark("Took the acceptance back; the case is open again"),
    "unknown_order": mark("Named an order we do not know"),
    "contact": mark("Wants an answer by {channel}"),
    "closed": mark("Case closed: {outcome}"),
    "found_solved": mark("Said later that the problem is solved"),
    "staff_note": mark("Internal note"),
    "passed_on": mark("Chat passed on to {target}"),
    "passed_taken": mark("Took the chat that {from} had passed on"),
    "passed_recalled": mark("Took back the chat that was passed on"),
    "taken_over": mark("Took the chat over from {from}"),
    "taken_back": mark("Took the chat back from the assistant"),
}
_REOPENED_ENTRIES = {
    "not_solved": mark("Said that it is not solved; the case is open again"),
}
_TAKEN_ENTRIES = {
    "staff_gone": mark("Chat put back into the queue: its person was gone from the desk"),
    "staff_silent": mark("Chat put back into the queue: its person did not answer in time"),
    "passed_not_taken": mark("Chat put back into the queue: nobody took it in time"),
}
_BY_REASON = {"taken_away": _TAKEN_ENTRIES, "reopened": _REOPENED_ENTRIES}
_DECISIONS = {
    "remedy": mark("a remedy"),
    "none": mark("nothing is owed"),
    "person": mark("a person decides"),
}


def entry(kind: str, data: dict[str, object], names: Mapping[str, str] | None = None) -> str:
    """Return one line of the timeline.

    Args:
        kind: what happened.
        data: what is known of it.
        names: of staff, by id.
    """
    said = _BY_REASON.get(kind, {}).get(str(data.get("why", ""))) or _ENTRIES.get(kind)
    return tr(said, **_values(data, names or {})) if said else words.plain(kind)


def _values(data: dict[str, object], known: Mapping[str, str]) -> dict[str, str]:
    category = str(data.get("category", "general_complaint"))
    outcome = str(data.get("outcome", ""))
    return {
        "category": _inside(words.word(words.CATEGORIES, category)),
        "keys": words.listing([_inside(words.word(words.DETAILS, key)) for key in data]),
        "status": _inside(words.word(words.STATUSES, str(data.get("status", "")))),
        "outcome": _inside(words.word(_DECISIONS | words.CLOSED_AS, outcome)),
        "clauses": words.clauses(_listed(data.get("clauses"))),
        "what": _inside(words.word(words.PROMISES, str(data.get("what", "")))),
        "due": _moment(data.get("due_at")),
        "was_due": _moment(data.get("was_due_at")),
        "channel": _inside(words.word(words.CHANNELS, str(data.get("channel", "")))),
        "from": known.get(str(data.get("from")), tr("a colleague")),
        "target": _target(data, known),
        "asker": known.get(str(data.get("asked_by")), tr("a colleague")),
        "note": str(data.get("note", "")),
        "reason": str(data.get("reason", "")),
    }


def new_date(data: Mapping[str, object], dates: Mapping[str, str]) -> str:
    """Return which date was given in place of which, with the dates as the reader reads them."""
    return tr(NEW_DATE, **{**_values(dict(data), {}), **dates})


def _moment(value: object) -> str:
    return words.day(datetime.fromisoformat(str(value))) if value else ""


def _target(data: dict[str, object], names: Mapping[str, str]) -> str:
    """Return whom a chat was passed on to."""
    if data.get("language"):
        return tr("all who speak {language}", language=words.language(str(data["language"])))
    if data.get("skill"):
        skill = words.word(words.CATEGORIES, str(data["skill"]))
        return tr("all who take “{category}”", category=skill)
    return names.get(str(data.get("to")), tr("a colleague"))


def passed_to(passing: Passing, names: Mapping[str, str]) -> str:
    """Return whom a chat is under way to."""
    return _target({"to": passing.to, "language": passing.language, "skill": passing.skill}, names)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _inside(said: str) -> str:
    """Return words as they stand inside a sentence."""
    return said[:1].lower() + said[1:]
