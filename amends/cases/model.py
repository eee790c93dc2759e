"""What a case is made of."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType

from amends.cases.categories import ADDED, CategoriesUnreadable
from amends.cases.root_causes import RootCause
from amends.values import Money

CaseId = NewType("CaseId", str)


class Category(StrEnum):
    """What a complaint is about (DESIGN section 6); `categories.yml` adds to those named here."""

    NOT_RECEIVED = "not_received"
    DAMAGED_ITEM = "damaged_item"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    FAULTY_PRODUCT = "faulty_product"
    NOT_AS_DESCRIBED = "not_as_described"
    BILLING_ERROR = "billing_error"
    UNAUTHORISED_CHARGE = "unauthorised_charge"
    REFUND_NOT_RECEIVED = "refund_not_received"
    RETURN_PROBLEM = "return_problem"
    CANCELLATION_PROBLEM = "cancellation_problem"
    SERVICE_FAILURE = "service_failure"
    WEBSITE_APP_PROBLEM = "website_app_problem"
    ACCOUNT_ACCESS = "account_access"
    STAFF_CONDUCT = "staff_conduct"
    UNRESPONSIVE_SUPPORT = "unresponsive_support"
    PRICE_OR_POLICY = "price_or_policy"
    STOCK_AVAILABILITY = "stock_availability"
    FACILITIES = "facilities"
    MISLEADING_ADVERTISING = "misleading_advertising"
    PRIVACY_DATA = "privacy_data"
    vars().update({one.key.upper(): one.key for one in ADDED})
    GENERAL_COMPLAINT = "general_complaint"

    @property
    def like(self) -> "Category":
        """The category of the code whose questions and quick replies hold: mostly itself."""
        return Category(_LIKE.get(self.value, self.value))


_LIKE = {one.key: one.like for one in ADDED}
for _one in ADDED:
    if _one.like in _LIKE or _one.like not in set(Category):
        raise CategoriesUnreadable(
            f"categories.yml: {_one.key} is like {_one.like}, which is no category of the code."
        )


def known_category(word: str) -> Category:
    """Return the category of a word; one that is known no more, or not yet, is a general one."""
    return Category(word) if word in set(Category) else Category.GENERAL_COMPLAINT


class CaseStatus(StrEnum):
    OPEN = "open"  # facts are being gathered
    OFFERED = "offered"  # an offer lies with the customer
    WITH_STAFF = "with_staff"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


OPEN_STATUSES = frozenset({CaseStatus.OPEN, CaseStatus.OFFERED, CaseStatus.WITH_STAFF})


class Wish(StrEnum):
    """What would put it right, in the customer's view; compared later with what was given."""

    REFUND = "refund"
    REPLACEMENT = "replacement"
    APOLOGY = "apology"
    EXPLANATION = "explanation"
    COMPENSATION = "compensation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Case:
    id: CaseId
    number: str
    conversation_id: str
    category: Category
    status: CaseStatus
    opened_at: datetime
    opened_by_seq: int
    owner: str  # "bot" or a staff id: a case always has an owner …
    next_step: str  # … and a next step, a key of NextStep
    secondary: tuple[Category, ...] = ()
    severity: str = "low"
    flags: frozenset[str] = frozenset()
    customer_id: str | None = None
    order_number: str | None = None
    item: str | None = None
    what_happened: str | None = None
    wish: Wish | None = None
    wish_text: str | None = None
    repeat_complaint: bool = False
    outcome: str | None = None
    closed_at: datetime | None = None
    root_cause: RootCause | None = None  # None until somebody has looked into it
    resolution_due_at: datetime | None = None


class NextStep(StrEnum):
    """Who owes what next; shown to the customer in their words and to staff."""

    CUSTOMER_ANSWERS = "customer_answers"
    CUSTOMER_DECIDES = "customer_decides"
    STAFF_ANSWERS = "staff_answers"
    REMEDY_IS_ISSUED = "remedy_is_issued"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One line of a case's timeline; entries are added, never changed."""

    case_id: CaseId
    at: datetime
    actor: str  # customer, bot, system or a staff id
    kind: str
    data: dict[str, Any]


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"  # the customer needs it no more


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment with a due time. What has no promise row may not be said."""

    id: str
    case_id: CaseId
    what: str  # remedy kind, or "staff_answer"
    due_at: datetime
    made_at: datetime
    made_by: str
    state: PromiseState = PromiseState.OPEN
    remedy_id: str | None = None
    ended_at: datetime | None = field(
        default=None, compare=False
    )  # the books know it, makers do not
    replaces: str | None = None  # the promise in whose place a new date was given


class OrderState(StrEnum):
    PROCESSING = "processing"
    SHIPPED = "shipped"
    LATE = "late"
    LOST = "lost"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class OrderLine:
    sku: str
    title: str
    quantity: int
    unit_price_minor: int


@dataclass(frozen=True, slots=True)
class Order:
    """What the company's order system knows; the only source of facts about an order."""

    number: str
    customer_id: str
    state: OrderState
    currency: str
    lines: tuple[OrderLine, ...]
    shipping_paid_minor: int
    placed_at: datetime
    due_on: date
    delivered_on: date | None = None
    cancelled_on: date | None = None
    return_received_on: date | None = None
    refund_due_minor: int = 0
    refund_paid_minor: int = 0
    charged_minor: int = 0  # what was really taken; more than the total is an overcharge
    stock_available: bool = True
    country: str = "GB"
    warehouse: str | None = None  # whence it was sent …
    carrier: str | None = None  # … and by whom

    @property
    def total(self) -> Money:
        goods = sum(line.quantity * line.unit_price_minor for line in self.lines)
        return Money(goods + self.shipping_paid_minor, self.currency)


@dataclass(frozen=True, slots=True)
class Customer:
    id: str
    name: str
    email: str
    tier: str = "regular"
    country: str = "GB"
    language: str = "en"
