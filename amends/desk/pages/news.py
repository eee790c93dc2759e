"""What a page tells at once, in words."""

from amends.desk import rows
from amends.desk.alerts import Alert, AlertKind
from amends.desk.live import Board
from amends.desk.speech import mark, tr

_HEADINGS = {
    AlertKind.WAITING: mark("{customer} waits for a person"),
    AlertKind.CRITICAL: mark("Critical: {customer} waits for a person"),
    AlertKind.WROTE: mark("{customer} wrote to you"),
    AlertKind.PASSED: mark("{colleague} passes the chat with {customer} on to you"),
    AlertKind.DEADLINE: mark("{customer}: {deadline}"),
    AlertKind.TAKEN_OVER: mark("{colleague} has taken over the chat with {customer}"),
    AlertKind.PASSED_TAKEN: mark("{colleague} has taken the chat with {customer}"),
    AlertKind.PUT_BACK: mark("The chat with {customer} is back in the queue"),
}
_TOASTED = frozenset(AlertKind) - {AlertKind.WAITING}
"""Who newly waits is seen on the list already; the rest says so for a moment."""


def told(alert: Alert, board: Board, open_id: str | None) -> dict[str, object]:
    """Return what `desk.alert` in the browser is given."""
    item = alert.item
    clock = rows.clock_of(item)
    values = {
        "customer": item.customer.name if item.customer else tr("Guest"),
        "colleague": board.names.get(item.handoff.claimed_by or "", tr("A colleague")),
        "deadline": clock.words if clock else "",
    }
    is_open = alert.kind is AlertKind.WROTE and item.handoff.id == open_id
    return {
        "key": alert.key,
        "title": tr(_HEADINGS[alert.kind], **values),
        "body": item.last_words,
        "chat": item.handoff.id,
        "toasts": alert.kind in _TOASTED and not is_open,
    }
