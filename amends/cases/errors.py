"""Refusals of this room.

CaseError
├── UnknownCase     no case of this id or number
└── CaseClosed      the case is resolved or withdrawn; a new complaint opens a new one
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
