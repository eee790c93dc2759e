"""What the desk says of suggested steps and of requests beyond one's authority."""

from amends.desk import canned_words
from amends.desk.speech import mark, tr
from amends.handoff import errors
from amends.handoff.approval_model import ApprovalState, Stale
from amends.handoff.errors import CannedError, RequestError
from amends.handoff.next_steps import StepKind

STEPS: dict[StepKind, tuple[str, str]] = {
    StepKind.HELP_FIRST: (
        mark("See to the person's safety first"),
        mark("What was written sounds as if somebody may be in danger."),
    ),
    StepKind.ANSWER: (mark("Answer the customer"), mark("The customer wrote last.")),
    StepKind.ANSWER_ELSEWHERE: (
        mark("Answer by {channel}: {address}"),
        mark("The customer does not want to wait in the chat."),
    ),
    StepKind.CALL: (
        mark("Call {address}"),
        mark("It is the second complaint within 30 days; a call says more than a message."),
    ),
    StepKind.SPEAK_OF_REPEAT: (
        mark("Say that you know of the earlier complaint"),
        mark("It is the second complaint within 30 days."),
    ),
    StepKind.OWN_UP: (
        mark("Say that a promise was not kept, and what comes of it"),
        mark("It was due on {day}."),
    ),
    StepKind.ASK_ORDER: (
        mark("Ask for the order number"),
        mark("Without the order nothing can be decided."),
    ),
    StepKind.ASK_ITEM: (mark("Ask which item it is"), mark("There are several in the order.")),
    StepKind.ASK_WHAT_HAPPENED: (
        mark("Ask what happened"),
        mark("The case does not say it yet."),
    ),
    StepKind.ASK_WISH: (
        mark("Ask what would put it right"),
        mark("The customer has not said it yet."),
    ),
    StepKind.ASK_PHOTO: (
        mark("Ask for a photo"),
        mark("The policy leaves this to a person who has seen it."),
    ),
    StepKind.GRANT: (mark("Grant a remedy"), mark("It is within your authority.")),
    StepKind.ASK_SUPERVISOR: (
        mark("Ask a supervisor for a remedy"),
        mark("It is beyond your authority."),
    ),
    StepKind.AWAIT_DECISION: (
        mark("Wait for the decision on your request"),
        mark("You are told here as soon as it falls."),
    ),
    StepKind.ANSWER_WISH: (
        mark("Say why the wish cannot be met"),
        mark("The policy gives nothing of this kind here."),
    ),
    StepKind.RESOLVE: (
        mark("Resolve the case"),
        mark("Nothing is left to do, and you wrote last."),
    ),
}
"""What to do, and why."""

ANSWER_DUE = mark("The answer was promised. {due}.")
FITS_WISH = mark("It is what the customer wishes for.")

BUTTONS: dict[StepKind, str] = {
    StepKind.HELP_FIRST: mark("Put in a text"),
    StepKind.ANSWER: mark("Write"),
    StepKind.ANSWER_ELSEWHERE: mark("Put in a text"),
    StepKind.CALL: mark("Call"),
    StepKind.SPEAK_OF_REPEAT: mark("Put in a text"),
    StepKind.OWN_UP: mark("Put in a text"),
    StepKind.ASK_ORDER: mark("Put in a text"),
    StepKind.ASK_ITEM: mark("Put in a text"),
    StepKind.ASK_WHAT_HAPPENED: mark("Put in a text"),
    StepKind.ASK_WISH: mark("Put in a text"),
    StepKind.ASK_PHOTO: mark("Put in a text"),
    StepKind.GRANT: mark("Grant"),
    StepKind.ASK_SUPERVISOR: mark("Ask"),
    StepKind.ANSWER_WISH: mark("Write"),
    StepKind.RESOLVE: mark("Resolve"),
}

REPLIES: dict[StepKind, str] = {
    StepKind.HELP_FIRST: "help-in-danger",
    StepKind.ANSWER_ELSEWHERE: "written-elsewhere",
    StepKind.SPEAK_OF_REPEAT: "apology",
    StepKind.OWN_UP: "late-answer",
    StepKind.ASK_ORDER: "ask-order-number",
    StepKind.ASK_ITEM: "ask-item",
    StepKind.ASK_WHAT_HAPPENED: "ask-what-happened",
    StepKind.ASK_WISH: "ask-wish",
    StepKind.ASK_PHOTO: "ask-photo",
}
"""The canned reply that a step puts in, by the id it was shipped under."""

STATES: dict[ApprovalState, str] = {
    ApprovalState.PENDING: mark("Waits for a decision"),
    ApprovalState.APPROVED: mark("Approved"),
    ApprovalState.REFUSED: mark("Refused"),
    ApprovalState.WITHDRAWN: mark("Taken back"),
    ApprovalState.STALE: mark("Not granted"),
}

STALE: dict[Stale, str] = {
    Stale.NOT_GRANTED_ANY_MORE: mark(
        "What was asked for is not what the policy gives any more. Ask again for what it gives now."
    ),
    Stale.CASE_CLOSED: mark("The case was closed in the meantime."),
    Stale.CHAT_ENDED: mark("The chat has ended in the meantime."),
}

TOLD: dict[ApprovalState, str] = {
    ApprovalState.APPROVED: mark("{name} approved what you asked for. The customer was told."),
    ApprovalState.REFUSED: mark("{name} refused what you asked for: {reason}"),
    ApprovalState.STALE: mark("What you asked for was not granted: {reason}"),
}
"""What the person who asked is told."""

_REFUSALS: dict[type[RequestError], str] = {
    errors.UnknownRequest: mark("There is no such request."),
    errors.NoOpenCase: mark("This chat has no open case, so there is nothing to ask for."),
    errors.NothingToAsk: mark(
        "This cannot be asked for: you may grant it yourself, or what may be granted has changed. "
        "Look at the list again."
    ),
    errors.NoException: mark(
        "This exception is not possible: choose a kind of the list, and an amount up to the most "
        "that is left in this case."
    ),
    errors.AskedAlready: mark("The same is asked for in this case already."),
    errors.NoReason: mark("Please say in a few words why."),
    errors.OwnRequest: mark("You asked for this yourself, so somebody else decides on it."),
}


def refusal(error: CannedError | RequestError, faster: str | None = None) -> str:
    """Return why something was not done.

    Args:
        faster: Who decided on the request before.
    """
    if isinstance(error, CannedError):
        return canned_words.refusal(error)
    if isinstance(error, errors.AlreadyDecided):
        name = faster or tr("A colleague")
        return tr("{name} was faster and has decided on this request.", name=name)
    return tr(_REFUSALS[type(error)])
