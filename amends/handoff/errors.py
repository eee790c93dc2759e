"""Refusals of this room.

HandoffError
├── ThresholdsError     policies/handoff.yml cannot be used
├── HoursError          policies/hours.yml cannot be used
├── FirstHelpError      policies/first_help.yml cannot be used
├── UnknownHandoff      no handoff of this id
├── AlreadyClaimed      somebody else has the chat
├── NotYours            only the person who has the chat may do this
├── PassedOn            the chat is under way to somebody else
├── NotPassedToYou      the chat is not passed to this person, or not any more
├── NobodyThere         nobody at the desk can take what is passed on
├── NoteMissing         a chat is passed on with a note, or not at all
├── NotReturned         the assistant does not have this chat from a person, or not any more
├── NotAllowed          the person's role has not the right
├── DateRefused         a promise is not given this new date, or by this person
├── CannedError
│   ├── CannedFileError     the file of replies to begin with cannot be used
│   ├── UnknownReply        no canned reply of this id
│   ├── WordingIncomplete   a title or a text is missing, or too long
│   ├── ShortcutUnusable    a shortcut of other than small letters, digits and hyphens
│   ├── ShortcutTaken       another reply has this shortcut
│   ├── UnknownPlaceholder  a text names a placeholder that does not exist
│   ├── ReplyChanged        somebody else has changed the reply meanwhile
│   └── GapsLeft            what is to be sent still holds a placeholder
├── RulesError
│   ├── RulesChanged        somebody else has stored another version meanwhile
│   ├── RulesUnchanged      what is to be stored is what holds already
│   ├── TextTooLong         the text of a version is longer than is kept
│   └── NoteTooLong         the note of a version is longer than is kept
├── StaffError
│   ├── UnknownStaff        no person of this id or name
│   ├── LoginUnusable       a sign-in name with other than letters, digits, and . _ - @
│   ├── LoginTaken          somebody else has this sign-in name
│   ├── NameMissing         a person without a name
│   ├── LanguageMissing     a person who answers in no language
│   ├── LastAdmin           nobody would be left who may administer
│   ├── NotYourself         own role, own access: only another administrator may change them
│   ├── CodeWrong           the code of a second factor that is to be switched on
│   └── SecondFactorIsOn    it is on already
└── RequestError
    ├── UnknownRequest      no request of this id
    ├── NoOpenCase          the chat has no case in which something could be granted
    ├── NoException         the policy lets nobody grant this although no clause gives it
    ├── NothingToAsk        this is not beyond the person's authority, or not to be had at all
    ├── AskedAlready        the same is asked for already in this case
    ├── NoReason            nothing was written where a reason is needed
    ├── AlreadyDecided      somebody was faster, or the request was taken back
    └── OwnRequest          nobody decides on what they asked for themselves
"""

from collections.abc import Sequence
from enum import StrEnum


class HandoffError(Exception):
    """Base of what the handoff room refuses."""


class ThresholdsError(HandoffError):
    """The table of thresholds cannot be used; the message names the row and the key."""


class HoursError(HandoffError):
    """The business hours cannot be used; the message names the place and what to write."""


class FirstHelpError(HandoffError):
    """The numbers of first help cannot be used; the message names the country and the key."""


class UnknownHandoff(HandoffError):
    def __init__(self, handoff_id: str) -> None:
        super().__init__(f"There is no handoff {handoff_id}; it may have ended.")
        self.handoff_id = handoff_id


class AlreadyClaimed(HandoffError):
    def __init__(self, handoff_id: str, staff_id: str | None) -> None:
        super().__init__("A colleague was faster: this chat is taken.")
        self.handoff_id, self.staff_id = handoff_id, staff_id


class NotYours(HandoffError):
    def __init__(self, handoff_id: str) -> None:
        super().__init__("This chat is not yours; claim it first.")
        self.handoff_id = handoff_id


class PassedOn(HandoffError):
    def __init__(self, handoff_id: str) -> None:
        super().__init__("You have passed this chat on; take it back first.")
        self.handoff_id = handoff_id


class NotPassedToYou(HandoffError):
    def __init__(self, handoff_id: str) -> None:
        super().__init__("This chat is not passed to you any more.")
        self.handoff_id = handoff_id


class NobodyThere(HandoffError):
    def __init__(self) -> None:
        super().__init__("Nobody at the desk can take this now; choose somebody else.")


class NoteMissing(HandoffError):
    def __init__(self) -> None:
        super().__init__("Write a note for whoever takes the chat.")


class NotReturned(HandoffError):
    def __init__(self, handoff_id: str) -> None:
        super().__init__("The assistant does not have this chat any more.")
        self.handoff_id = handoff_id


class NotAllowed(HandoffError):
    def __init__(self, role: str, right: str) -> None:
        super().__init__("Your role does not allow this; ask an administrator if you need it.")
        self.role, self.right = role, right


class CannedError(HandoffError):
    """Base of what canned replies refuse."""


class CannedFileError(CannedError):
    """The replies to begin with cannot be used; the message names the reply and the key."""


class UnknownReply(CannedError):
    def __init__(self, reply_id: str) -> None:
        super().__init__("There is no such canned reply.")
        self.reply_id = reply_id


class WordingIncomplete(CannedError):
    """A language needs both a title and a text, neither longer than `longest`."""

    def __init__(self, language: str, longest: int | None = None) -> None:
        needs = f"at most {longest} characters are kept" if longest else "write title and text"
        super().__init__(f"The reply is not complete in {language}: {needs}.")
        self.language, self.longest = language, longest


class ShortcutUnusable(CannedError):
    def __init__(self, shortcut: str) -> None:
        super().__init__(
            f"{shortcut!r} is no shortcut; use 2 to 32 small letters, digits and hyphens."
        )
        self.shortcut = shortcut


class ShortcutTaken(CannedError):
    def __init__(self, shortcut: str) -> None:
        super().__init__(f"Another reply has the shortcut /{shortcut}; choose another one.")
        self.shortcut = shortcut


class UnknownPlaceholder(CannedError):
    def __init__(self, name: str, known: Sequence[str]) -> None:
        listed = ", ".join(f"{{{one}}}" for one in known)
        super().__init__(f"{{{name}}} is no placeholder; there are {listed}.")
        self.name, self.known = name, tuple(known)


class ReplyChanged(CannedError):
    def __init__(self, reply_id: str) -> None:
        super().__init__("Somebody else has changed this reply while you were writing.")
        self.reply_id = reply_id


class GapsLeft(CannedError):
    def __init__(self, gaps: Sequence[str]) -> None:
        super().__init__(f"Fill in {', '.join(gaps)} before you send this.")
        self.gaps = tuple(gaps)


class RulesError(HandoffError):
    """Base of what is refused about rules that are changed at the desk."""


class RulesChanged(RulesError):
    def __init__(self, kind: str) -> None:
        super().__init__("Somebody else has stored another version while you were writing.")
        self.kind = kind


class RulesUnchanged(RulesError):
    def __init__(self, kind: str) -> None:
        super().__init__("This text holds already; nothing was stored.")
        self.kind = kind


class TextTooLong(RulesError):
    def __init__(self, longest: int) -> None:
        super().__init__(f"The text is too long: at most {longest} characters are kept.")
        self.longest = longest


class NoteTooLong(RulesError):
    def __init__(self, longest: int) -> None:
        super().__init__(f"The note is too long: at most {longest} characters are kept.")
        self.longest = longest


class WhyNoDate(StrEnum):
    """Why a promise is not given a new date."""

    UNKNOWN = "unknown"
    KEPT = "kept"
    MOVED = "moved"  # another one holds already
    ANSWER = "answer"  # an answer is given, not put off; its time goes with the queue
    DONE = "done"  # late, but carried out
    FAILED = "failed"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"  # the case, by the customer
    SUPERVISOR = "supervisor"  # it was moved before
    COLLEAGUE = "colleague"  # somebody else has the chat
    PAST = "past"
    NOT_LATER = "not_later"
    TOO_FAR = "too_far"


class DateRefused(HandoffError):
    def __init__(self, why: WhyNoDate) -> None:
        super().__init__(f"No new date is given here: {why.value}.")
        self.why = why


class RequestError(HandoffError):
    """Base of what is refused about requests beyond one's authority."""


class UnknownRequest(RequestError):
    def __init__(self, request_id: str) -> None:
        super().__init__("There is no such request.")
        self.request_id = request_id


class NoOpenCase(RequestError):
    def __init__(self, handoff_id: str) -> None:
        super().__init__("This chat has no open case, so there is nothing to ask for.")
        self.handoff_id = handoff_id


class NothingToAsk(RequestError):
    def __init__(self, case_number: str) -> None:
        super().__init__(
            f"This cannot be asked for in case {case_number}: you may grant it yourself, or what "
            "may be granted has changed. Look at the list again."
        )
        self.case_number = case_number


class NoException(RequestError):
    def __init__(self, case_number: str) -> None:
        super().__init__(f"No exception of this kind and amount is possible in {case_number}.")
        self.case_number = case_number


class AskedAlready(RequestError):
    def __init__(self, case_number: str) -> None:
        super().__init__(f"The same is asked for in case {case_number} already.")
        self.case_number = case_number


class NoReason(RequestError):
    def __init__(self) -> None:
        super().__init__("Say in a few words why.")


class AlreadyDecided(RequestError):
    """`state` says what became of the request, `staff_id` who was faster."""

    def __init__(self, request_id: str, state: str, staff_id: str | None) -> None:
        super().__init__("This request was decided on in the meantime.")
        self.request_id, self.state, self.staff_id = request_id, state, staff_id


class OwnRequest(RequestError):
    def __init__(self, request_id: str) -> None:
        super().__init__("You asked for this yourself, so somebody else decides on it.")
        self.request_id = request_id


class StaffError(HandoffError):
    """Base of what is refused about the people at the desk."""


class UnknownStaff(StaffError):
    def __init__(self, staff_id: str) -> None:
        super().__init__("There is no such person at the desk.")
        self.staff_id = staff_id


class LoginUnusable(StaffError):
    def __init__(self, login: str) -> None:
        super().__init__(
            "A sign-in name has 1 to 64 letters, digits, dots, hyphens, underscores or @."
        )
        self.login = login


class LoginTaken(StaffError):
    def __init__(self, login: str) -> None:
        super().__init__("Somebody has this sign-in name already; please choose another.")
        self.login = login


class NameMissing(StaffError):
    def __init__(self) -> None:
        super().__init__("Please write the person's name, as customers are to read it.")


class LanguageMissing(StaffError):
    def __init__(self) -> None:
        super().__init__("Please choose at least one language in which the person answers.")


class LastAdmin(StaffError):
    def __init__(self, staff_id: str) -> None:
        super().__init__(
            "This is the last administrator who may sign in; make another one administrator first."
        )
        self.staff_id = staff_id


class NotYourself(StaffError):
    def __init__(self, staff_id: str) -> None:
        super().__init__("You cannot do this to your own account; ask another administrator.")
        self.staff_id = staff_id


class CodeWrong(StaffError):
    def __init__(self) -> None:
        super().__init__("The code is wrong or too old. Please enter the one that is shown now.")


class SecondFactorIsOn(StaffError):
    def __init__(self, staff_id: str) -> None:
        super().__init__("Your second factor is on already.")
        self.staff_id = staff_id
