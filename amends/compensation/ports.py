"""What the compensation room needs from outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from amends.cases import ports as cases
from amends.compensation.model import DecisionRecord, Offer, Remedy, Step


class Ledger(Protocol):
    """Append-only: rows are added; a remedy's state is its latest step."""

    def lock_customer(self, customer_key: str) -> None:
        """Hold this customer's and the day's budget until the transaction ends.

        Decisions that reserve goodwill are taken one after the other, whatever the number of
        chats, processes or machines.
        """
        ...

    def add_decision(self, record: DecisionRecord) -> None: ...
    def decisions_of_case(self, case_id: str) -> Sequence[DecisionRecord]: ...
    def add_offer(self, offer: Offer) -> None: ...
    def offer(self, offer_id: str) -> Offer | None: ...
    def offers_of_case(self, case_id: str) -> Sequence[Offer]: ...
    def remedy(self, remedy_id: str) -> Remedy | None: ...
    def add_step(
        self, remedy_id: str, step: Step, at: datetime, actor: str, detail: dict[str, Any] | None
    ) -> bool:
        """Add a step; False when the remedy has it already (then nothing changes)."""
        ...

    def set_code(self, remedy_id: str, code: str) -> None: ...
    def in_state(self, step: Step, limit: int = 200) -> Sequence[Remedy]: ...
    def offers_expiring_before(self, at: datetime, limit: int = 200) -> Sequence[Offer]: ...
    def goodwill_to_customer(self, customer_key: str, since: datetime) -> dict[str, int]:
        """Reserved or given goodwill by currency, in minor units."""
        ...

    def goodwill_to_case(self, case_id: str) -> dict[str, int]: ...
    def goodwill_since(self, since: datetime) -> dict[str, int]: ...
    def goodwill_count(self, customer_key: str, since: datetime) -> int:
        """How many cases of this customer were given goodwill."""
        ...


class UnitOfWork(cases.UnitOfWork, Protocol):
    @property
    def ledger(self) -> Ledger: ...


class Payments(Protocol):
    """The company's refund and voucher system."""

    def issue(self, remedy: Remedy) -> str | None:
        """Carry the remedy out and return its reference or code.

        The remedy's id is the idempotency key: a second call does nothing and returns the same.

        Raises:
            PaymentRefused: the system refused for good.
        """
        ...


class PaymentRefused(Exception):
    """The company's system refuses this remedy for good; a person takes over."""
