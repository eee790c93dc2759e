"""What the compensation room needs from outside."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from amends.cases import ports as cases
from amends.compensation.model import (
    DecisionRecord,
    FirstDecision,
    Instruction,
    Offer,
    Remedy,
    Report,
    Retry,
    Step,
    StepTaken,
)


class Ledger(Protocol):
    """Append-only: rows are added; a remedy's state is its latest step."""

    def lock(self, names: Iterable[str]) -> None:
        """Hold what goes by these names, of customers, cases and orders, to the end."""
        ...

    def lock_budget(self) -> None:
        """Hold the day's budget, which is one for all customers, until the transaction ends.

        Decisions that reserve goodwill are taken one after the other, whatever the number of
        chats, processes or machines. Take it after `lock`, right before the budget is
        looked at: everybody else who decides waits.
        """
        ...

    def add_decision(self, record: DecisionRecord) -> None: ...
    def decisions_of_case(self, case_id: str) -> Sequence[DecisionRecord]: ...
    def first_decisions_since(self, since: datetime) -> Iterator[FirstDecision]:
        """Stream how the assistant first decided each case, in order of time."""
        ...

    def add_offer(self, offer: Offer) -> None: ...
    def offer(self, offer_id: str) -> Offer | None: ...
    def offers_of_case(self, case_id: str) -> Sequence[Offer]: ...
    def remedy(self, remedy_id: str) -> Remedy | None: ...
    def add_step(
        self, remedy_id: str, step: Step, at: datetime, actor: str, detail: dict[str, Any] | None
    ) -> bool:
        """Add a step; False when the remedy has it already (then nothing changes)."""
        ...

    def set_code(self, remedy_id: str, code: str) -> str | None:
        """Give a voucher its code and return the one it has; None when another voucher has this.

        A code stays: of two processes that give one at once, both return the first.
        """
        ...

    def to_carry_out(
        self, now: datetime, rest: timedelta = timedelta(0), limit: int = 200
    ) -> Sequence[Remedy]:
        """Accepted remedies, oldest first; without those that wait for another try.

        `rest` is how long they are left alone, so that the customer can take the acceptance back.
        """
        ...

    def retry_of(self, remedy_id: str) -> Retry | None: ...
    def save_retry(self, retry: Retry) -> None: ...
    def end_retries(self, remedy_id: str) -> None: ...
    def failing_since(self, before: datetime, limit: int = 200) -> Sequence[Retry]:
        """What first failed before then and no person was asked about yet."""
        ...

    def reference_of(self, remedy_id: str) -> str | None:
        """The reference that came with the step `issued`."""
        ...

    def steps_of_case(self, case_id: str) -> Sequence[StepTaken]:
        """Every step of every remedy of a case, in order of time."""
        ...

    def given_in_cases(self, case_ids: Sequence[str]) -> dict[str, dict[str, int]]:
        """What was accepted or granted in each case, by currency, in minor units."""
        ...

    def cases_given_for_order(self, order_number: str) -> Sequence[str]:
        """The cases in which something was accepted or granted for this order."""
        ...

    def in_state(self, step: Step, limit: int = 200) -> Sequence[Remedy]: ...
    def offers_expiring_before(self, at: datetime, limit: int = 200) -> Sequence[Offer]: ...
    def goodwill_to_customer(self, customer_key: str, since: datetime) -> dict[str, int]:
        """Reserved or given goodwill by currency, in minor units."""
        ...

    def goodwill_to_case(self, case_id: str) -> dict[str, int]: ...
    def goodwill_since(self, since: datetime) -> dict[str, int]: ...
    def exceptions_to(self, customer_key: str, since: datetime) -> dict[str, int]:
        """Of the goodwill to a customer what no clause gave, by currency, in minor units."""
        ...

    def exceptions_in(self, case_id: str) -> dict[str, int]: ...
    def goodwill_count(self, customer_key: str, since: datetime) -> int:
        """How many cases of this customer were given goodwill."""
        ...


class UnitOfWork(cases.UnitOfWork, Protocol):
    @property
    def ledger(self) -> Ledger: ...


class Payments(Protocol):
    """The company's refund and voucher system."""

    def issue(self, instruction: Instruction) -> Report:
        """Have a remedy carried out; the report is `settled`, or `issued` when it takes time.

        The remedy's id is the idempotency key: a second call does nothing and reports the same.

        Raises:
            PaymentRefused: the system refused for good.
            PaymentsUnavailable: it could not be asked, or could not answer; try again later.
        """
        ...


class PaymentRefused(Exception):
    """The company's system refuses this remedy for good; a person takes over."""


class PaymentsUnavailable(Exception):
    """Nobody knows what came of it; asking again later, under the same key, finds out.

    `retry_after` is how long the system itself asks to be left alone; `misconfigured` says that
    trying soon is no use, because somebody has to change a setting first.
    """

    def __init__(
        self, reason: str, retry_after: timedelta | None = None, misconfigured: bool = False
    ) -> None:
        super().__init__(reason)
        self.retry_after, self.misconfigured = retry_after, misconfigured
