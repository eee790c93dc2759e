"""Steps out of what happened: the engine's events, or the turns of the playground."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from amends.training.anonymise import anonymised
from amends.training.dialogues.model import Step, StepKind
from amends.training.new_intent.domain_text import Names

_INNER: Final = frozenset(
    {"action_listen", "action_session_start", "action_extract_slots", "action_unlikely_intent"}
)
"""What the engine does by itself; no dialogue names it."""
_BY_RULES: Final = "command"
"""The extractor of what stands behind a tapped choice (bot/channel.py)."""

Event = Mapping[str, Any]


def steps_of_events(
    events: Sequence[Event], names: Names, people: Sequence[str] = ()
) -> tuple[Step, ...]:
    """Return the steps of one visit, from the events of the engine's tracker.

    Messages are anonymised and carry their entities in Rasa's notation; slots are those that
    steer the dialogue.

    Args:
        people: names of whom the conversation is about, to be replaced.
    """
    return tuple(_Recording(names, people).steps(events))


def steps_of_turns(
    turns: Sequence[Any], names: Names, people: Sequence[str] = ()
) -> tuple[Step, ...]:
    """Return the steps of a talk, given in order as any of

        {"who": "customer", "text": words, "intent": intent, "entities": behind a tapped choice}
        {"who": "bot", "action": name}
        {"who": "bot", "slot": name, "value": value}

    What a bot says without the action that said it is left out: only actions are steps. Whether a
    form goes on is not told; it does unless something else is done in the same turn.
    """
    told = [one for one in turns if isinstance(one, dict)]
    return tuple(_Recording(names, people).steps([*_events(told, names)]))


def annotated(text: str, entities: Sequence[Event], people: Sequence[str] = ()) -> str:
    """Return a message anonymised, with each entity marked where it stands: `[10045](order)`."""
    changed = anonymised(text, people)
    said, marked, before = changed.text, [], 0
    moved = _moves(text, said, [(start, end) for start, end, _ in changed.replaced])
    for start, end, name in sorted(_spans(entities, len(text))):
        new_start, new_end = moved(start), moved(end)
        if new_start < before or new_end <= new_start:
            continue  # within another, or replaced by nothing
        marked.append(f"{said[before:new_start]}[{said[new_start:new_end]}]({name})")
        before = new_end
    return " ".join(("".join(marked) + said[before:]).split())


class _Recording:
    """Keeps what is so far, so that only what changes becomes a step."""

    def __init__(self, names: Names, people: Sequence[str]) -> None:
        self._names = names
        self._people = people
        self._loop = ""
        self._slots: dict[str, str] = dict(names.initial)
        self._ran = ""

    def steps(self, events: Sequence[Event]) -> Iterator[Step]:
        held: list[Step] = []  # what an action set, told behind the form that it closed
        for event in events:
            kind = event.get("event")
            if kind in ("user", "action"):
                yield from self._told(held)
                held = []
            if kind == "user":
                yield self._message(event)
            elif kind == "action" and event.get("name") not in _INNER:
                self._ran = str(event.get("name"))
                yield Step(StepKind.ACTION, self._ran)
            elif kind == "slot":
                held += self._slot(event)
            elif kind == "active_loop":
                self._loop = str(event.get("name") or "")
        yield from self._told(held)

    def _told(self, held: Sequence[Step]) -> Iterator[Step]:
        """After each turn of a form it is told whether it goes on, as the engine's rules want."""
        if self._ran in self._names.forms:
            yield Step(StepKind.LOOP, self._loop)
            if not self._loop:
                yield Step(StepKind.SLOT, "requested_slot", "null")
        elif self._ran == "action_deactivate_loop":
            yield Step(StepKind.LOOP, "")
        self._ran = ""
        yield from held

    def _slot(self, event: Event) -> Iterator[Step]:
        name, value = str(event.get("name")), event.get("value")
        said = "null" if value is None else str(value)
        if name not in self._names.steering or self._slots.get(name, "null") == said:
            return
        self._slots[name] = said
        yield Step(StepKind.SLOT, name, said)

    def _message(self, event: Event) -> Step:
        parse = event.get("parse_data") or {}
        intent = str((parse.get("intent") or {}).get("name") or "")
        entities = parse.get("entities") or []
        if _is_tapped(parse, entities):
            return Step(StepKind.CUSTOMER, intent, _command(intent, entities, self._people))
        text = str(event.get("text") or "")
        return Step(StepKind.CUSTOMER, intent, annotated(text, entities, self._people))


def _is_tapped(parse: Event, entities: Sequence[Event]) -> bool:
    """Whether a choice was tapped: its parse was made by the gateway, certain and alone."""
    if any(one.get("extractor") == _BY_RULES for one in entities):
        return True
    ranking, intent = parse.get("intent_ranking") or [], parse.get("intent") or {}
    return len(ranking) == 1 and intent.get("confidence") == 1.0 and "assessment" not in parse


def _command(intent: str, entities: Sequence[Event], people: Sequence[str]) -> str:
    values = {
        str(one["entity"]): anonymised(str(one["value"]), people).text
        for one in entities
        if "entity" in one and one.get("value") is not None
    }
    return f"/{intent}{json.dumps(values, ensure_ascii=False) if values else ''}"


def _spans(entities: Sequence[Event], length: int) -> Iterator[tuple[int, int, str]]:
    for one in entities:
        start, end, name = one.get("start"), one.get("end"), one.get("entity")
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length and name:
            yield start, end, str(name)


def _moves(before: str, after: str, replaced: Sequence[tuple[int, int]]) -> Any:
    """Return where a place of the text before stands in the text after.

    The stretches between what was replaced are the same in both, so they are found in order.
    """
    stretches, at, place = [], 0, 0
    for start, end in (*replaced, (len(before), len(before))):
        kept = before[at:start]
        is_last = start == len(before)
        found = len(after) - len(kept) if is_last else after.find(kept, place)
        stretches.append((at, start, found))
        place, at = found + len(kept), end

    def moved(position: int) -> int:
        new = 0
        for begin, finish, found in stretches:
            if begin <= position <= finish:
                return found + position - begin
            if position > finish:
                new = found + finish - begin
        return new

    return moved


def _events(turns: Sequence[dict[str, Any]], names: Names) -> Iterator[dict[str, Any]]:
    """Return the events that the engine would have kept of such a talk."""
    actions = [_name(one) for one in turns]
    for at, turn in enumerate(turns):
        if turn.get("who") == "customer":
            yield _said(turn)
        elif turn.get("slot"):
            yield {"event": "slot", "name": turn["slot"], "value": turn.get("value")}
        elif actions[at]:
            yield {"event": "action", "name": actions[at]}
            if actions[at] in names.forms:
                later = next((one for one in actions[at + 1 :] if one not in _INNER), "")
                yield {"event": "active_loop", "name": None if later else actions[at]}
            elif actions[at] == "action_deactivate_loop":
                yield {"event": "active_loop", "name": None}


def _said(turn: dict[str, Any]) -> dict[str, Any]:
    values = turn.get("entities")
    tapped = [
        {"entity": name, "value": value, "extractor": _BY_RULES}
        for name, value in (values.items() if isinstance(values, dict) else ())
    ]
    parse = {"intent": {"name": turn.get("intent")}, "entities": tapped}
    return {"event": "user", "text": str(turn.get("text") or ""), "parse_data": parse}


def _name(turn: dict[str, Any]) -> str:
    """Return what is done; empty for a message, which ends the turn of a form."""
    return "" if turn.get("who") == "customer" else str(turn.get("action") or "")
