"""How the log says that we have treated a customer: asked again and again, or left unanswered."""

from collections.abc import Sequence
from datetime import datetime

from amends.conversations.model import Message, Role

LOOKED_AT = 40
"""How many of the latest messages are looked at."""

SHORTEST = 6
"""So many messages a conversation has at least in which a question was asked three times."""

ANSWERS = frozenset(
    {
        "give_detail", "correct_detail", "do_not_know", "agree", "refuse", "ask_for_more",
        "ask_for_person", "withdraw", "thank", "goodbye",
    }
)  # fmt: skip
"""What a customer says who answers a question or leaves it; then it was not asked in vain."""

_QUESTION = ("?", "？")


def times_asked(messages: Sequence[Message]) -> int:
    """Count how often the bot has asked its latest question, with no other one in between."""
    latest, times = None, 0
    for message in reversed(messages):
        if message.role is Role.STAFF:
            break
        if message.role is not Role.BOT or not message.text.rstrip().endswith(_QUESTION):
            continue
        latest = latest or message.text
        if message.text != latest:
            break
        times += 1
    return times


def unanswered_since(messages: Sequence[Message]) -> datetime | None:
    """Return when the customer wrote what neither bot nor staff has answered; None if they have."""
    since = None
    for message in reversed(messages):
        if message.role in (Role.BOT, Role.STAFF):
            break
        if message.role is Role.CUSTOMER:
            since = message.at
    return since
