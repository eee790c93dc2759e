"""Money, dates, offers and promises as the assistant says them."""

from amends.compensation.words import (
    choice_words,
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
    "choice_words",
    "day",
    "moment",
    "money",
    "offer_card",
    "offer_words",
    "promise_card",
    "promise_words",
    "remedy_words",
]
