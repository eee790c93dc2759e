"""What this room refuses, and why.

CompensationError
├── PolicyError      a policy file (or its worked cases) cannot be used as written
├── NoVersionError   no version of the policy is in force on the date asked for
├── FactError        the facts given do not fit the facts the policy declares
└── LedgerError
    ├── UnknownOffer     no offer of this id in this case
    ├── UnknownRemedy    no remedy of this id
    ├── OfferNotOpen     declined, expired, or overtaken: a new decision is needed
    ├── NothingOffered   there is no open offer to accept or decline
    ├── NotGrantable     the policy does not let this role grant this now
    └── TooLateToTakeBack  what was accepted may have gone out already
"""

from datetime import date


class CompensationError(Exception):
    """Base of every refusal in this room; `str()` is one sentence for a person."""


class PolicyError(CompensationError):
    """A policy file that cannot be used: says where, what, and what to write instead."""

    def __init__(self, message: str, *, policy: str, place: str = "", line: int | None = None):
        self.policy = policy
        self.place = place
        self.line = line
        where = policy if line is None else f"{policy}, line {line}"
        super().__init__(f"{where}: {place}: {message}" if place else f"{where}: {message}")


class NoVersionError(CompensationError):
    """No dated version of the policy covers the day."""

    def __init__(self, policy: str, day: date):
        self.policy = policy
        self.day = day
        super().__init__(
            f"policy {policy} has no version in force on {day.isoformat()}; "
            "add one whose valid_from and valid_to include that day"
        )


class FactError(CompensationError):
    """A fact that is not declared, or a value that does not fit its declaration."""

    def __init__(self, fact: str, message: str):
        self.fact = fact
        super().__init__(f"fact {fact}: {message}")


class LedgerError(CompensationError):
    """Base of what the ledger refuses."""


class UnknownOffer(LedgerError):
    def __init__(self, offer_id: str) -> None:
        super().__init__(f"There is no offer {offer_id}.")
        self.offer_id = offer_id


class UnknownRemedy(LedgerError):
    def __init__(self, remedy_id: str) -> None:
        super().__init__(f"There is no remedy {remedy_id}.")
        self.remedy_id = remedy_id


class OfferNotOpen(LedgerError):
    def __init__(self, offer_id: str) -> None:
        super().__init__(f"Offer {offer_id} no longer stands; ask for a new decision.")
        self.offer_id = offer_id


class NothingOffered(LedgerError):
    def __init__(self, case_id: str) -> None:
        super().__init__(f"Case {case_id} has no open offer.")
        self.case_id = case_id


class NotGrantable(LedgerError):
    def __init__(self, case_number: str) -> None:
        super().__init__(
            f"This cannot be granted in case {case_number}: it is beyond your authority, was "
            "granted already, or what may be granted has changed. Look at the list again."
        )
        self.case_number = case_number


class TooLateToTakeBack(LedgerError):
    def __init__(self, case_number: str) -> None:
        super().__init__(
            f"What was accepted in case {case_number} cannot be undone here any more: it may have "
            "gone out already. A person has to look at it."
        )
        self.case_number = case_number
