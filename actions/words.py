"""Money, dates, offers and promises as the assistant says them."""

from amends.compensation.words import (
    bundle_words,
    day,
    moment,
    money,
    offer_card,
    offer_words,
    promise_card,
    promise_words,
    remedy_words,
)

__all__ = [
    "bundle_words",
    "day",
    "moment",
    "money",
    "offer_card",
    "offer_words",
    "promise_card",
    "promise_words",
    "remedy_words",
]
