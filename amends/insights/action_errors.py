"""What is refused about actions on causes.

ActionError
├── UnknownAction    there is no action of this id
├── ActionChanged    somebody else has changed it meanwhile
├── MoveNotPossible  the state does not follow the present one
├── TitleUnusable    the title is missing or too long
├── WordsTooLong     a text or a note is longer than is kept
├── TargetMissing    neither a cause nor a category is named
├── OwnerUnusable    the owner is nobody who may sign in
├── DayUnusable      a day is missing, or cannot be
└── NothingNoted     a note without words
"""


class ActionError(Exception):
    """Base of what is refused about actions on causes."""


class UnknownAction(ActionError):
    def __init__(self, action_id: str) -> None:
        super().__init__("There is no such action.")
        self.action_id = action_id


class ActionChanged(ActionError):
    def __init__(self, action_id: str) -> None:
        super().__init__("Somebody else has changed this action while you were writing.")
        self.action_id = action_id


class MoveNotPossible(ActionError):
    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(f"An action that is {state} cannot become {wanted}.")
        self.state, self.wanted = state, wanted


class TitleUnusable(ActionError):
    def __init__(self, longest: int) -> None:
        super().__init__(f"Write a title of at most {longest} characters.")
        self.longest = longest


class WordsTooLong(ActionError):
    def __init__(self, longest: int) -> None:
        super().__init__(f"At most {longest} characters are kept; shorten the text.")
        self.longest = longest


class TargetMissing(ActionError):
    def __init__(self) -> None:
        super().__init__("Choose a root cause, a category, or both.")


class OwnerUnusable(ActionError):
    def __init__(self, owner: str) -> None:
        super().__init__("Choose somebody who works at the desk as the owner.")
        self.owner = owner


class DayUnusable(ActionError):
    """`why` is `due_on` (missing or no day), `ahead` (in the future), or `done_before_start`."""

    def __init__(self, why: str) -> None:
        sentence = {
            "due_on": "Choose the day by which it is to be done.",
            "ahead": "This day lies ahead; choose today or a day before.",
            "done_before_start": "It cannot be done before it began; choose a later day.",
        }[why]
        super().__init__(sentence)
        self.why = why


class NothingNoted(ActionError):
    def __init__(self) -> None:
        super().__init__("Write a note before you add it.")
