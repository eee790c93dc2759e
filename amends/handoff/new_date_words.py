"""What a customer is told when a promise gets a new date; every word of it comes from rows."""

from amends.cases.model import Promise
from amends.compensation.model import Remedy
from amends.compensation.words import day, promise_card, remedy_words
from amends.conversations.model import Draft, Role
from amends.handoff.clock import moment_words
from amends.handoff.hours import Hours

_TEXTS = {
    "en": {
        "late": (
            "We promised you by {earlier}: {what}. We have not kept that, and we are sorry. "
            "The new time is {due}."
        ),
        "ahead": (
            "We promised you by {earlier}: {what}. We will not keep that, and we are sorry. "
            "The new time is {due}."
        ),
    },
    "zh": {
        "late": (
            "我们曾承诺在{earlier}前办妥：{what}。这一点没有做到，非常抱歉。新的时间是{due}前。"
        ),
        "ahead": (
            "我们曾承诺在{earlier}前办妥：{what}。这一点将无法做到，非常抱歉。新的时间是{due}前。"
        ),
    },
}


def new_date(remedy: Remedy, earlier: Promise, made: Promise, hours: Hours, language: str) -> Draft:
    """Say that the earlier time is not kept, and which one holds now.

    A notice, not words of a person: it is no answer to a customer who waits for one.
    """
    key = "late" if made.made_at >= earlier.due_at else "ahead"
    texts = _TEXTS.get(language, _TEXTS["en"])
    text = texts[key].format(
        what=remedy_words(remedy, language),
        earlier=_earlier(earlier, hours, language),
        due=moment_words(hours.local(made.due_at), language),
    )
    return Draft(Role.SYSTEM, text, card=promise_card((remedy,), (made,), language))


def _earlier(promise: Promise, hours: Hours, language: str) -> str:
    """Return a date as it was told: a day, or the moment of a date that was given anew."""
    if promise.replaces is None:
        return day(hours.local(promise.due_at), language)
    return moment_words(hours.local(promise.due_at), language)
