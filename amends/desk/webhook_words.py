"""What the desk says about webhooks: events, states, refusals."""

from amends.desk.speech import mark, tr
from amends.webhooks import errors
from amends.webhooks.model import EventType

EVENTS: dict[EventType, str] = {
    EventType.CASE_OPENED: mark("A case was opened"),
    EventType.REMEDY_ISSUED: mark("A remedy was carried out"),
    EventType.HANDOFF_REQUESTED: mark("A person was asked for"),
    EventType.CASE_CLOSED: mark("A case was closed"),
    EventType.SURVEY_RECEIVED: mark("A customer gave a rating"),
    EventType.PROMISE_BROKEN: mark("A promise was broken"),
    EventType.PROMISE_MOVED: mark("A promise was given a new date"),
}

DONE = {
    "enable": mark("Switched on. The endpoint hears of what happens from now on."),
    "disable": mark("Switched off. What is on its way there waits until it is on again."),
    "replay": mark("What failed is being sent again."),
    "remove": mark("Removed, with all that was on its way there."),
}

DEAD = mark("Given up")


def refusal(error: errors.WebhookError) -> str:
    """Return why something was not done."""
    match error:
        case errors.UrlRefused():
            return tr("This address cannot be used: {reason}.", reason=error.reason)
        case errors.EndpointIsOff():
            return tr("This endpoint is switched off; switch it on first.")
        case errors.NothingToReplay():
            return tr("There is nothing to send again: no such delivery failed.")
        case errors.UnknownEventType():
            return tr("There is no such event; please choose from the list.")
        case _:
            return tr("There is no such endpoint.")
