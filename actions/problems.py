"""What a complaint is about, in the customer's words and in ours."""

from collections.abc import Sequence

from amends.cases.model import Category

PROBLEM_TITLES: dict[Category, str] = {
    Category.NOT_RECEIVED: "An order has not arrived",
    Category.DAMAGED_ITEM: "Something arrived damaged",
    Category.WRONG_ITEM: "I received the wrong item",
    Category.MISSING_ITEM: "Something was missing",
    Category.FAULTY_PRODUCT: "Something does not work",
    Category.NOT_AS_DESCRIBED: "It is not as described",
    Category.BILLING_ERROR: "I was charged wrongly",
    Category.UNAUTHORISED_CHARGE: "A charge I did not agree to",
    Category.REFUND_NOT_RECEIVED: "My refund has not come",
    Category.RETURN_PROBLEM: "Trouble with a return",
    Category.CANCELLATION_PROBLEM: "Trouble with a cancellation",
    Category.SERVICE_FAILURE: "A booked service failed",
    Category.WEBSITE_APP_PROBLEM: "The website or app fails",
    Category.ACCOUNT_ACCESS: "I cannot get into my account",
    Category.STAFF_CONDUCT: "How staff treated me",
    Category.UNRESPONSIVE_SUPPORT: "Nobody answers me",
    Category.PRICE_OR_POLICY: "An unfair price or rule",
    Category.STOCK_AVAILABILITY: "Something is not available",
    Category.FACILITIES: "The state of the place",
    Category.MISLEADING_ADVERTISING: "A misleading offer",
    Category.PRIVACY_DATA: "My personal data",
    Category.GENERAL_COMPLAINT: "Something else",
}
"""Titles of quick replies: the customer speaks."""

PROBLEM_NOUNS: dict[Category, str] = {
    Category.NOT_RECEIVED: "the delivery",
    Category.DAMAGED_ITEM: "the damage",
    Category.WRONG_ITEM: "the wrong item",
    Category.MISSING_ITEM: "what was missing",
    Category.FAULTY_PRODUCT: "the fault",
    Category.NOT_AS_DESCRIBED: "the description",
    Category.BILLING_ERROR: "the wrong charge",
    Category.UNAUTHORISED_CHARGE: "the charge you did not agree to",
    Category.REFUND_NOT_RECEIVED: "the refund",
    Category.RETURN_PROBLEM: "the return",
    Category.CANCELLATION_PROBLEM: "the cancellation",
    Category.SERVICE_FAILURE: "the service you booked",
    Category.WEBSITE_APP_PROBLEM: "the website or app",
    Category.ACCOUNT_ACCESS: "the access to your account",
    Category.STAFF_CONDUCT: "the way you were treated",
    Category.UNRESPONSIVE_SUPPORT: "our silence",
    Category.PRICE_OR_POLICY: "the price or rule",
    Category.STOCK_AVAILABILITY: "what was not available",
    Category.FACILITIES: "the state of the place",
    Category.MISLEADING_ADVERTISING: "the advertisement",
    Category.PRIVACY_DATA: "your personal data",
    Category.GENERAL_COMPLAINT: "your complaint",
}
"""Names of problems inside our own sentences: the assistant speaks."""


_FAMILIES: tuple[frozenset[Category], ...] = (
    frozenset({Category.NOT_RECEIVED}),
    frozenset(
        {
            Category.DAMAGED_ITEM,
            Category.WRONG_ITEM,
            Category.MISSING_ITEM,
            Category.FAULTY_PRODUCT,
            Category.NOT_AS_DESCRIBED,
        }
    ),
    frozenset({Category.BILLING_ERROR, Category.UNAUTHORISED_CHARGE}),
    frozenset(
        {Category.REFUND_NOT_RECEIVED, Category.RETURN_PROBLEM, Category.CANCELLATION_PROBLEM}
    ),
    frozenset({Category.WEBSITE_APP_PROBLEM, Category.ACCOUNT_ACCESS, Category.PRIVACY_DATA}),
    frozenset({Category.STAFF_CONDUCT, Category.UNRESPONSIVE_SUPPORT}),
    frozenset({Category.SERVICE_FAILURE, Category.FACILITIES}),
    frozenset(
        {
            Category.PRICE_OR_POLICY,
            Category.STOCK_AVAILABILITY,
            Category.MISLEADING_ADVERTISING,
        }
    ),
)
"""Problems close to each other: within a family a second guess is doubt, not a second problem."""


def other_problems(primary: Category, secondary: Sequence[Category]) -> str:
    """Name what else a complaint is surely about: "the delivery and our silence".

    Empty when there is nothing, or when the complaint itself is not understood well enough.
    """
    if primary is Category.GENERAL_COMPLAINT:
        return ""
    family = next(members for members in _FAMILIES if primary in members)
    others = [c for c in secondary if c not in family | {Category.GENERAL_COMPLAINT}]
    nouns = [PROBLEM_NOUNS[category] for category in others]
    if len(nouns) < 2:
        return "".join(nouns)
    return f"{', '.join(nouns[:-1])} and {nouns[-1]}"
