"""Refusals of the ledger (the policy language has its own tree in `_errors.py`).

LedgerError
├── UnknownOffer     no offer of this id in this case
├── OfferNotOpen     declined, or expired: a new decision is needed
├── NothingOffered   there is no open offer to accept or decline
└── NotGrantable     the policy does not let this role grant this now
"""


class LedgerError(Exception):
    """Base of what the ledger refuses."""


class UnknownOffer(LedgerError):
    def __init__(self, offer_id: str) -> None:
        super().__init__(f"There is no offer {offer_id}.")
        self.offer_id = offer_id


class OfferNotOpen(LedgerError):
    def __init__(self, offer_id: str) -> None:
        super().__init__(f"Offer {offer_id} has expired or was declined; ask for a new decision.")
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
