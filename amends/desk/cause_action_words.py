"""What the desk says about actions on causes: states, measures, results, refusals."""

from amends.desk.speech import mark, tr
from amends.insights import action_errors as errors
from amends.insights.actions import ActionState, EntryKind, Measure
from amends.insights.statistics.before_after import Verdict

STATES = {
    ActionState.PLANNED: mark("Planned"),
    ActionState.UNDER_WAY: mark("Under way"),
    ActionState.DONE: mark("Done"),
    ActionState.DROPPED: mark("Dropped"),
}
STATE_TAGS = {
    ActionState.PLANNED: "",
    ActionState.UNDER_WAY: "tag-info",
    ActionState.DONE: "tag-good",
    ActionState.DROPPED: "",
}
MOVES = {
    ActionState.PLANNED: mark("Back to planned"),
    ActionState.UNDER_WAY: mark("Begin"),
    ActionState.DONE: mark("Done"),
    ActionState.DROPPED: mark("Drop it"),
}
"""What the button says that leads into a state."""

AGAIN = mark("Take it up again")

MEASURES = {
    Measure.CASES_PER_WEEK: mark("Conversations per week"),
    Measure.SATISFACTION: mark("Satisfaction (predicted, 1 to 5)"),
    Measure.COST_PER_CASE: mark("Cost of remedies per conversation"),
    Measure.REPEAT_SHARE: mark("Share of repeat complaints"),
}
VERDICTS = {
    Verdict.BETTER: mark("Better"),
    Verdict.WORSE: mark("Worse"),
    Verdict.CANNOT_BE_TOLD: mark("Cannot be told"),
}
VERDICT_TAGS = {
    Verdict.BETTER: "tag-good",
    Verdict.WORSE: "tag-bad",
    Verdict.CANNOT_BE_TOLD: "tag-warn",
}
KINDS = {
    EntryKind.ADDED: mark("Added"),
    EntryKind.CHANGED: mark("Changed"),
    EntryKind.MOVED: mark("Moved on"),
    EntryKind.NOTED: mark("Note"),
}
FACTS = {
    "title": mark("Title"),
    "what": mark("What is done"),
    "cause": mark("Root cause"),
    "category": mark("Category"),
    "owner": mark("Owner"),
    "due_on": mark("Due on"),
    "measure": mark("Measure"),
    "state": mark("State"),
    "started_on": mark("Under way since"),
    "done_on": mark("Done on"),
}
_DAYS = {
    "due_on": mark("Choose the day by which it is to be done."),
    "ahead": mark("This day lies ahead; choose today or a day before."),
    "done_before_start": mark("It cannot be done before it began; choose a later day."),
}


def refusal(error: errors.ActionError) -> str:
    """Return why it was refused, to the person who asked for it."""
    match error:
        case errors.ActionChanged():
            return tr(
                "Somebody else has changed this action while you were writing. Nothing was stored "
                "and nothing is lost: compare, then save again to keep yours."
            )
        case errors.MoveNotPossible():
            return tr("The action is in another state by now; look again, then choose.")
        case errors.TitleUnusable():
            return tr("Write a title of at most {most} characters.", most=error.longest)
        case errors.WordsTooLong():
            return tr(
                "At most {most} characters are kept; please shorten the text.", most=error.longest
            )
        case errors.TargetMissing():
            return tr("Choose a root cause, a category, or both.")
        case errors.OwnerUnusable():
            return tr("Choose somebody who works at the desk as the owner.")
        case errors.DayUnusable():
            return tr(_DAYS[error.why])
        case errors.NothingNoted():
            return tr("Write a note before you add it.")
        case _:
            return tr("There is no such action.")
