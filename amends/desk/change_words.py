"""What the desk says of changes of the training data: states, and why something was refused."""

from amends.desk import intent_words
from amends.desk.speech import mark, tr
from amends.training.changes import (
    AlreadyReverted,
    BrokenText,
    Busy,
    Change,
    ChangeState,
    CommitRefused,
    FileChanged,
    NothingChanges,
    NotWritable,
    Overlaps,
    TrainingFilesError,
    Uncommitted,
    UnderWay,
    UnknownChange,
)
from amends.training.data_writer import (
    LONGEST,
    CannotEdit,
    CarriesPersonal,
    ExampleRefused,
    HasTwin,
    LastExample,
    NoSuchExample,
    NotOneLine,
    TooLong,
    UnknownIntent,
)

STATES: dict[ChangeState, str] = {
    ChangeState.COMMITTED: mark("In git"),
    ChangeState.WRITTEN: mark("In the files only"),
    ChangeState.KEPT: mark("Patch only"),
}

UNCOMMITTED: dict[Uncommitted, str] = {
    Uncommitted.NO_GIT: mark("There is no git on this machine, so it stands in the files alone."),
    Uncommitted.NO_REPOSITORY: mark(
        "The project is in no git repository, so it stands in the files alone."
    ),
    Uncommitted.OTHER_OWNER: mark(
        "The repository belongs to another user, so git would not commit. Let whoever runs the "
        "desk trust it with git's setting safe.directory."
    ),
    Uncommitted.DETACHED: mark(
        "No branch is checked out, so a commit would be lost with the next checkout. It stands in "
        "the files; commit it by hand."
    ),
    Uncommitted.UNTRACKED: mark(
        "A file of it was never committed to this repository, so it stands in the files alone."
    ),
    Uncommitted.OTHERS_WORK: mark(
        "Changes that nobody has committed yet touch the same lines. It stands in the files; "
        "commit both by hand."
    ),
    Uncommitted.FAILED: mark(
        "Git could not commit it; the desk's log says why. It stands in the files."
    ),
}

_REFUSALS: dict[type[Exception], str] = {
    NotOneLine: mark("An example is one message on one line, and not empty."),
    UnknownIntent: mark(
        "This intent has no examples in that language yet. Choose another, or begin it by hand."
    ),
    NoSuchExample: mark("This example does not stand there any more. Look for it again."),
    LastExample: mark(
        "It is the last example of its intent in this file. Add another one there first."
    ),
    CannotEdit: mark(
        "This line cannot be changed by itself, because of how the file is written. Change it in "
        "the file."
    ),
    NotWritable: mark(
        "The files cannot be written here, so nothing was changed. The patch is kept under "
        "Changes: download it and apply it where the files are kept."
    ),
    NothingChanges: mark("Nothing would change: the files say this already."),
    Busy: mark("Somebody else is changing the training files. Try again in a moment."),
    UnknownChange: mark("There is no such change in the files."),
    AlreadyReverted: mark("This change was taken back before."),
}


def state(change: Change) -> str:
    return tr(STATES[change.state])


def about(change: Change) -> str:
    """Return what a change's state means for whoever made it; empty when all is well."""
    if change.state is ChangeState.KEPT:
        return tr(
            "The files could not be written, so nothing was changed. Download the patch and apply "
            "it where the files are kept, with git am or git apply."
        )
    return tr(UNCOMMITTED[change.uncommitted]) if change.uncommitted else ""


def refusal(error: ExampleRefused | TrainingFilesError) -> str:
    """Return why something was not done, in the reader's language."""
    known = _REFUSALS.get(type(error))
    return tr(known) if known else _with_values(error)


def _with_values(error: ExampleRefused | TrainingFilesError) -> str:
    match error:
        case HasTwin():
            return tr(
                "It stands there already, or almost: “{text}” under “{intent}” ({place}).",
                text=error.twin.text,
                intent=intent_words.intent(error.twin.intent),
                place=str(error.twin.place),
            )
        case TooLong():
            return tr("An example has at most {longest} characters.", longest=LONGEST)
        case CarriesPersonal():
            return tr("It carries somebody's data. Put something invented in its place.")
        case FileChanged():
            return tr("Somebody changed {file} meanwhile. Look again.", file=error.path)
        case Overlaps():
            return tr(
                "Later changes in {file} touch the same lines. Take those back first, or change "
                "the lines by hand.",
                file=error.path,
            )
        case UnderWay():
            return tr("A {step} is under way in the repository. Finish it first.", step=error.what)
        case CommitRefused():
            return tr("The repository refused the commit: {reason}", reason=error.reason)
        case BrokenText():
            return tr("{file} could not be read any more afterwards.", file=error.path)
    return tr("Nothing was changed: {reason}", reason=str(error))
