"""What people in the help desk read when a chat is handed over: a summary, then what was said."""

from collections.abc import Iterator, Sequence

from amends.cases.model import Case, Customer, Promise, PromiseState
from amends.compensation.model import Offer
from amends.compensation.words import moment, money, offer_words
from amends.conversations.model import Message, Role
from amends.handoff.model import Handoff
from amends.handoff.queue import Summary
from amends.handoff.thresholds import Thresholds

MOST_CHARACTERS = 20_000
MOST_MESSAGES = 40

_SPEAKERS = {Role.CUSTOMER: "Customer", Role.BOT: "Assistant", Role.SYSTEM: "System"}


def handover_note(summary: Summary, thresholds: Thresholds, until_seq: int) -> str:
    """Return the note: the answers to what one would ask first, in the language of staff.

    Args:
        summary: What is known.
        thresholds: Whose rows say in words why a person is wanted.
        until_seq: The last message that the note repeats; later ones are forwarded.
    """
    lines = [*_facts(summary, thresholds), "", *_said(summary.messages, until_seq)]
    return "\n".join(lines)[:MOST_CHARACTERS].rstrip()


def said_words(message: Message) -> str:
    """One message as a note shows it."""
    speaker = message.author or _SPEAKERS.get(message.role, "Staff")
    return f"{speaker}: {message.text}"


def _facts(summary: Summary, thresholds: Thresholds) -> Iterator[str]:
    handoff, case = summary.handoff, summary.case
    yield "Amends hands this chat over. Answer here: the customer reads it in the chat."
    yield f"Why: {', '.join(_reason(thresholds, one) for one in handoff.reasons)}"
    yield from _contact(handoff)
    if case is not None:
        yield from _case(case)
    if summary.customer is not None:
        yield _customer(summary.customer, signed_in=bool(summary.conversation.customer_id))
    if summary.order is not None:
        order = summary.order
        yield f"Order: {order.number}, {order.state.value}, {money(order.total)}"
    yield from (_offer(offer) for offer in summary.offers)
    yield from (_promise(one) for one in summary.promises if one.state is PromiseState.OPEN)
    if summary.earlier_cases:
        yield f"Earlier cases: {', '.join(one.number for one in summary.earlier_cases)}"
    if summary.moods:
        latest = [f"{found.sentiment:+.1f}" for _, found in summary.moods[-5:]]
        yield f"Mood, latest last: {', '.join(latest)}"


def _reason(thresholds: Thresholds, reason: str) -> str:
    row = thresholds.row(reason)
    return row.title if row else _plain(reason)


def _contact(handoff: Handoff) -> Iterator[str]:
    if handoff.contact is not None:
        where = handoff.contact.address or "not given yet"
        yield f"Wants to be answered by {handoff.contact.channel.value}: {where}"


def _case(case: Case) -> Iterator[str]:
    yield f"Case: {case.number}, {_plain(case.category.value)}, severity {case.severity}"
    if case.what_happened:
        yield f"What happened: {case.what_happened}"
    if case.wish is not None:
        yield f"What they want: {case.wish_text or _plain(case.wish.value)}"


def _customer(customer: Customer, *, signed_in: bool) -> str:
    how = "signed in" if signed_in else "owner of the order; the one who writes is a guest"
    return f"Customer: {customer.name} ({how})"


def _offer(offer: Offer) -> str:
    states = ", ".join(sorted({remedy.state.value for remedy in offer.remedies}))
    return f"Offered: {offer_words(offer)} ({states})"


def _promise(promise: Promise) -> str:
    return f"Promised: {_plain(promise.what)} by {moment(promise.due_at)} UTC"


def _said(messages: Sequence[Message], until_seq: int) -> Iterator[str]:
    told = [message for message in messages if message.seq <= until_seq][-MOST_MESSAGES:]
    if told:
        yield "What was said so far:"
    yield from (said_words(message) for message in told)


def _plain(word: str) -> str:
    return word.replace("_", " ")
