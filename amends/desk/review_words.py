"""What the trainer's review queue says: reasons, readings, decisions, refusals."""

from amends.desk import change_words
from amends.desk.speech import mark, tr
from amends.training.changes import TrainingFilesError
from amends.training.data_writer import ExampleRefused
from amends.training.review.errors import (
    NothingChosen,
    NothingToUndo,
    ReviewError,
    UnknownIntent,
)
from amends.training.review.model import Kind, Reason

REASONS = {
    Reason.CORRECTED: mark("Corrected"),
    Reason.WRONG_HANDOFF: mark("Person not needed"),
    Reason.MISSED_HANDOFF: mark("Person missed"),
    Reason.GAVE_UP: mark("Gave up"),
    Reason.REPHRASED: mark("Said again"),
    Reason.NEW_WORDING: mark("New wording"),
    Reason.ASKED_BACK: mark("Asked back"),
    Reason.LOW_CONFIDENCE: mark("Unsure"),
    Reason.CLOSE_GUESSES: mark("Two close guesses"),
    Reason.LOW_RATING: mark("Rated badly"),
    Reason.UNSEEN_WORDS: mark("Unseen words"),
}
WHY = {
    Reason.CORRECTED: mark("Right after it the customer put right how they were understood."),
    Reason.WRONG_HANDOFF: mark("It brought a person, who marked that none was needed."),
    Reason.MISSED_HANDOFF: mark(
        "A person was needed, but came only when the customer asked for one."
    ),
    Reason.GAVE_UP: mark("It was not understood, and then the customer asked for a person."),
    Reason.REPHRASED: mark("The assistant asked back, and the customer said it again."),
    Reason.NEW_WORDING: mark("Several customers use words that the examples hardly hold."),
    Reason.ASKED_BACK: mark("The assistant asked back instead of acting."),
    Reason.LOW_CONFIDENCE: mark("The best guess was not sure enough to be trusted."),
    Reason.CLOSE_GUESSES: mark("The second guess was nearly as likely as the first."),
    Reason.LOW_RATING: mark(
        "The conversation was rated 1 or 2, and this was read least surely of it."
    ),
    Reason.UNSEEN_WORDS: mark("Many of its words stand in hardly any example."),
}
TONES = {
    Reason.CORRECTED: "bad",
    Reason.WRONG_HANDOFF: "bad",
    Reason.MISSED_HANDOFF: "bad",
    Reason.GAVE_UP: "bad",
    Reason.REPHRASED: "warn",
    Reason.ASKED_BACK: "warn",
    Reason.NEW_WORDING: "info",
    Reason.LOW_RATING: "warn",
}
KINDS = {
    Kind.ACCEPT: mark("Reading accepted"),
    Kind.RELABEL: mark("Relabelled"),
    Kind.SECONDARY: mark("Further categories set"),
    Kind.FLAGS: mark("Flags corrected"),
    Kind.SKIP: mark("Skipped"),
    Kind.OUT_OF_SCOPE: mark("Out of scope"),
}
KEYS = (
    ("j ↓", mark("Next message")),
    ("k ↑", mark("Message before")),
    ("a", mark("Accept the reading")),
    ("r", mark("Relabel: type to search, Enter chooses")),
    ("s", mark("Further categories")),
    ("f", mark("Flags")),
    ("x", mark("Skip")),
    ("o", mark("Out of scope")),
    ("u", mark("Undo your last decision")),
    ("e", mark("Add as example")),
    ("?", mark("These keys")),
)
_REFUSALS: dict[type[ReviewError], str] = {
    NothingChosen: mark("No message is ticked. Tick at least one."),
    NothingToUndo: mark("There is no decision of yours to undo any more."),
    UnknownIntent: mark("No example has this intent. Choose one from the list."),
}


def reason(one: Reason) -> str:
    return tr(REASONS[one])


def refusal(error: ReviewError | ExampleRefused | TrainingFilesError) -> str:
    """Return why something was not done, in the reader's language."""
    if not isinstance(error, ReviewError):
        return change_words.refusal(error)
    known = _REFUSALS.get(type(error))
    return tr(known) if known else tr("That could not be done: {reason}", reason=str(error))
