"""Refusals of this room.

CaseError
├── UnknownCase         no case of this id or number
├── CaseClosed          the case is resolved or withdrawn; a new complaint opens a new one
├── CauseStays          the root cause of a closed case is corrected, not taken away
├── OwnerNotActive      nobody signs in under that name any more
└── DeadlineHasPassed   a deadline lies in the future
"""


class CaseError(Exception):
    """Base of what the cases room refuses."""


class UnknownCase(CaseError):
    def __init__(self, case: str) -> None:
        super().__init__(f"There is no case {case}. Check the number; it looks like AM-7K3F9D.")
        self.case = case


class CaseClosed(CaseError):
    def __init__(self, number: str) -> None:
        super().__init__(f"Case {number} is closed. A new complaint opens a new case.")
        self.number = number


class CauseStays(CaseError):
    def __init__(self, number: str) -> None:
        super().__init__(f"Case {number} is closed: choose another root cause, or keep this one.")
        self.number = number


class OwnerNotActive(CaseError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} does not work at the desk any more; choose somebody else.")
        self.name = name


class DeadlineHasPassed(CaseError):
    def __init__(self) -> None:
        super().__init__("This deadline has passed already; choose a later one.")
