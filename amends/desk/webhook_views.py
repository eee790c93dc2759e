"""What the pages about webhooks show, as plain values."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from amends.desk import webhook_words
from amends.desk.speech import tr, trn
from amends.desk.staff_views import moment
from amends.webhooks.model import Dispatch, Endpoint, EventType, Standing


@dataclass(frozen=True, slots=True)
class Row:
    """One endpoint, without its secret."""

    id: str
    url: str
    description: str
    events: str
    active: bool
    pending: int
    failed: int
    last_error: str
    added: str


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery."""

    event_id: str
    what: str
    at: str
    state: str  # good, bad, warn
    state_word: str
    tries: str
    note: str
    may_replay: bool


def row(endpoint: Endpoint, standing: Standing, zone: ZoneInfo) -> Row:
    return Row(
        id=endpoint.id,
        url=endpoint.url,
        description=endpoint.description,
        events=_events(endpoint),
        active=endpoint.active,
        pending=standing.pending,
        failed=standing.failed,
        last_error=standing.last_error or "",
        added=moment(endpoint.created_at, zone),
    )


def line(one: Dispatch, zone: ZoneInfo) -> Line:
    state, word = _state(one, zone)
    error = one.last_error or (f"HTTP {one.last_status}" if one.last_status else "")
    return Line(
        event_id=one.event_id,
        what=_what(one.type),
        at=moment(one.at, zone),
        state=state,
        state_word=word,
        tries=trn("{count} try", "{count} tries", one.tries),
        note=error,
        may_replay=one.failed_at is not None,
    )


def event_choices() -> list[tuple[str, str]]:
    return [(one.value, tr(webhook_words.EVENTS[one])) for one in EventType]


def _events(endpoint: Endpoint) -> str:
    if len(endpoint.events) == len(EventType):
        return tr("All events")
    return ", ".join(one.value for one in endpoint.events)


def _what(topic: str) -> str:
    known = {one.value: said for one, said in webhook_words.EVENTS.items()}
    return tr(known[topic]) if topic in known else topic


def _state(one: Dispatch, zone: ZoneInfo) -> tuple[str, str]:
    if one.delivered_at is not None:
        return "good", tr("Delivered")
    if one.failed_at is not None:
        return "bad", tr(webhook_words.DEAD)
    if one.tries:
        return "warn", tr("Tried again {time}", time=moment(one.next_at, zone))
    return "info", tr("On its way")
