"""What the pages about staff say for the keys of the handoff room."""

from amends.desk.speech import mark, tr
from amends.handoff import errors
from amends.handoff.model import StaffRole
from amends.handoff.staff_model import ChangeKind

ROLE_HELP = {
    StaffRole.AGENT: mark("Answers chats and works on cases."),
    StaffRole.SUPERVISOR: mark(
        "As an agent; also listens in, takes over, approves, and writes canned replies."
    ),
    StaffRole.TRAINER: mark("Sees cases, to learn what the assistant misheard."),
    StaffRole.MANAGER: mark("Sees and exports cases, approves, and changes the rules."),
    StaffRole.ADMIN: mark("Looks after staff, rules and webhooks; may answer chats too."),
}

CHANGES = {
    ChangeKind.ADDED: mark("Added"),
    ChangeKind.EDITED: mark("Changed"),
    ChangeKind.DEACTIVATED: mark("Deactivated"),
    ChangeKind.REACTIVATED: mark("Reactivated"),
    ChangeKind.PASSWORD_RESET: mark("Password reset"),
    ChangeKind.PASSWORD_CHOSEN: mark("Chose a password"),
    ChangeKind.SECOND_FACTOR_ON: mark("Switched the second factor on"),
    ChangeKind.SECOND_FACTOR_OFF: mark("Switched the second factor off"),
    ChangeKind.SECOND_FACTOR_RESET: mark("Second factor reset"),
    ChangeKind.RECOVERY_CODE_USED: mark("Signed in with a recovery code"),
}

FACTS = {
    "login": mark("Sign-in name"),
    "name": mark("Name"),
    "role": mark("Role"),
    "languages": mark("Answers in"),
    "skills": mark("Complaints"),
    "chats_put_back": mark("Chats put back into the queue"),
    "left": mark("Recovery codes left"),
}

REFUSALS: dict[type[errors.StaffError], str] = {
    errors.UnknownStaff: mark("There is no such person at the desk."),
    errors.LoginUnusable: mark(
        "A sign-in name has 1 to 64 letters, digits, dots, hyphens, underscores or @."
    ),
    errors.LoginTaken: mark("Somebody has this sign-in name already; please choose another."),
    errors.NameMissing: mark("Please write the person's name, as customers are to read it."),
    errors.LanguageMissing: mark(
        "Please choose at least one language in which the person answers."
    ),
    errors.LastAdmin: mark(
        "This is the last administrator who may sign in; make another one administrator first."
    ),
    errors.NotYourself: mark("You cannot do this to your own account; ask another administrator."),
    errors.CodeWrong: mark("The code is wrong or too old. Please enter the one that is shown now."),
    errors.SecondFactorIsOn: mark("Your second factor is on already."),
}


def refusal(error: errors.StaffError) -> str:
    """Return why it was refused, to the person who asked for it."""
    return tr(REFUSALS[type(error)])
