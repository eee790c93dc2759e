"""The ledger's data: decisions as taken, offers as made, remedies and their steps."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from amends.values import Money


class Step(StrEnum):
    """What happened to a remedy, in order. Steps are added, never changed."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    ISSUED = "issued"
    SETTLED = "settled"
    FAILED = "failed"


FOLLOWS: dict[Step, frozenset[Step]] = {
    Step.OFFERED: frozenset({Step.ACCEPTED, Step.DECLINED, Step.EXPIRED}),
    # An acceptance that is taken back before anything went out is void, like an offer in time.
    Step.ACCEPTED: frozenset({Step.ISSUED, Step.FAILED, Step.EXPIRED}),
    Step.ISSUED: frozenset({Step.SETTLED, Step.FAILED}),
    Step.DECLINED: frozenset(),
    Step.EXPIRED: frozenset(),
    Step.SETTLED: frozenset(),
    Step.FAILED: frozenset(),
}

RESERVING = frozenset({Step.OFFERED, Step.ACCEPTED, Step.ISSUED, Step.SETTLED})
"""States in which a goodwill remedy counts against caps: an open offer reserves its amount."""

GIVEN = frozenset({Step.ACCEPTED, Step.ISSUED, Step.SETTLED})
"""States of a remedy that the customer has or will get."""

NOBODY_KNOWN = "conversation:"
"""How the customer key begins where no customer is known."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing granted. `state` is the latest step."""

    id: str
    offer_id: str
    case_id: str
    alternative: int  # remedies of one alternative are accepted or declined together
    kind: str
    recovery: str  # compensatory, corrective or relational
    part: str  # entitlement or goodwill
    amount: Money | None
    clauses: tuple[str, ...]
    title: dict[str, str]
    due_days: int | None
    state: Step
    customer_key: str  # whom the per-customer caps count: customer id, or the conversation's
    code: str | None = None
    order_number: str | None = None  # the order it is for, whatever is said in the case later

    @property
    def customer_id(self) -> str | None:
        return None if self.customer_key.startswith(NOBODY_KNOWN) else self.customer_key


@dataclass(frozen=True, slots=True)
class Offer:
    id: str
    case_id: str
    decision_id: str
    rung: int
    made_at: datetime
    expires_at: datetime
    made_by: str  # "bot" or a staff id
    remedies: tuple[Remedy, ...]

    @property
    def is_open(self) -> bool:
        return any(remedy.state is Step.OFFERED for remedy in self.remedies)

    @property
    def is_declined(self) -> bool:
        """Whether the customer declined the offer as a whole."""
        return all(remedy.state is Step.DECLINED for remedy in self.remedies)

    def alternative(self, index: int) -> tuple[Remedy, ...]:
        return tuple(remedy for remedy in self.remedies if remedy.alternative == index)

    @property
    def alternatives(self) -> tuple[tuple[Remedy, ...], ...]:
        indices = sorted({remedy.alternative for remedy in self.remedies})
        return tuple(self.alternative(index) for index in indices)


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step in the life of a remedy, as the ledger has it."""

    remedy_id: str
    step: Step
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """What the company's system is asked to do: word for word the same each time it is asked."""

    remedy: Remedy
    case_number: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the company's system says of a remedy: issued (it works on it), settled or failed."""

    step: Step
    reference: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """An accepted remedy that the company's system could not carry out yet."""

    remedy_id: str
    tries: int
    first_failed_at: datetime
    next_at: datetime
    reason: str
    person_asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision as it was taken: the facts, the policy's version, and what came of them.

    `facts` are all that were gathered, so that another policy can be asked about them; earlier
    versions of the program kept only those which `decision` used.
    """

    id: str
    case_id: str
    at: datetime
    policy: str
    version: str
    role: str
    rung: int
    facts: dict[str, Any]
    outcome: str  # remedy, none or person
    decision: dict[str, Any]  # decision_to_json of the decision


@dataclass(frozen=True, slots=True)
class FirstDecision:
    """How the assistant first decided a case, and whether the customer took what was offered."""

    record: DecisionRecord
    case_number: str
    customer_key: str  # whom the per-customer caps count
    declined: int  # offers of the assistant that the customer declined in this case
