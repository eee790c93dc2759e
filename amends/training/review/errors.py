"""Refusals of the review queue.

ReviewError
├── UnknownGroup      no open row of this number
├── UnknownDecision   no decision of this number
├── NothingChosen     every message of the row is unticked
├── UnknownIntent     no example has this intent, so nothing can be filed under it
├── AlreadyDecided    somebody was faster
└── NothingToUndo     there is no decision of this person's, or it was undone already
"""

from amends.training.review.model import Decision


class ReviewError(Exception):
    """Base; `str()` is one sentence."""


class UnknownGroup(ReviewError):
    def __init__(self, group_id: int) -> None:
        self.group_id = group_id
        super().__init__(f"There is no open row {group_id} in the review queue.")


class UnknownDecision(ReviewError):
    def __init__(self, decision_id: int) -> None:
        self.decision_id = decision_id
        super().__init__(f"There is no decision {decision_id}.")


class NothingChosen(ReviewError):
    def __init__(self) -> None:
        super().__init__("No message is ticked; tick at least one.")


class UnknownIntent(ReviewError):
    def __init__(self, intent: str) -> None:
        self.intent = intent
        super().__init__(f"No example has the intent {intent!r}; choose one that has.")


class AlreadyDecided(ReviewError):
    def __init__(self, decision: Decision | None) -> None:
        self.decision = decision
        super().__init__("Somebody else has decided on these messages meanwhile.")


class NothingToUndo(ReviewError):
    def __init__(self) -> None:
        super().__init__("There is no decision of yours to undo.")
