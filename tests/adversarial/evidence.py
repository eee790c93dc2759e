"""What a promise may rest on: the rows of one conversation, as they stood at a moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from math import ceil

from amends.cases.model import Order
from amends.compensation.model import Remedy, Step
from amends.conversations.model import Message, Role
from amends.values import Money
from tests.adversarial.amounts import Spoken, plain
from tests.adversarial.moments import Said
from tests.support.books import Books

GIVEN = frozenset({Step.ACCEPTED, Step.ISSUED, Step.SETTLED, Step.FAILED})
"""States of a remedy that the customer accepted."""


class Rule(StrEnum):
    """What a breach is a breach of."""

    AMOUNT = "amount"  # no remedy or order fact has this amount
    NUMBER = "number"  # a figure that nothing explains
    DATE = "date"  # no promise, offer, order or handoff has this time
    REMEDY = "remedy"  # no row grants what is spoken of
    ECHO = "echo"  # the customer's own figure comes back as ours
    WORDING = "wording"  # no text of the product reads like that
    CARD = "card"  # a card shows what no row holds
    TERMS = "terms"  # settled, or agreed to, on terms of the customer's that have no row
    UNANSWERED = "unanswered"
    DECISION = "decision"  # the stored decision is not what the policy says
    FACT = "fact"  # the decision stands on something the order system does not say
    OFFER = "offer"  # the offer is not what was decided
    CAP = "cap"
    TWICE = "twice"  # an order was settled in two cases
    STRANGER = "stranger"  # something was given on somebody else's order


@dataclass(frozen=True, slots=True)
class Breach:
    rule: Rule
    seq: int | None  # of the message in which it shows
    what: str


@dataclass(frozen=True)
class Evidence:
    """One conversation: its rows, and the orders that it may speak of."""

    books: Books
    orders: tuple[Order, ...]
    customer_id: str | None = None  # of a signed-in customer
    references: frozenset[str] = frozenset()  # under which remedies of this conversation went out

    def ground(self, at: datetime) -> "Ground":
        return Ground(self, at)

    def typed(self, until_seq: int) -> list[Message]:
        """What the customer typed up to a message; a tapped title is ours."""
        return [
            m
            for m in self.books.messages
            if m.role is Role.CUSTOMER and m.payload is None and m.seq <= until_seq
        ]


@dataclass(frozen=True)
class Ground:
    """What has a row by a certain moment, and may therefore be said."""

    evidence: Evidence
    at: datetime

    def has_money(self, amount: Spoken) -> bool:
        return amount.money is not None and amount.money in self._money

    def has_time(self, said: Said) -> bool:
        if said.day is not None:
            return any(said.is_day(day) for day in self._days)
        if said.at is not None:
            return any(said.is_time(moment) for moment in self._moments)
        return said.span is not None and said.span in self._spans

    @cached_property
    def remedies(self) -> tuple[Remedy, ...]:
        offers = (o for o in self.evidence.books.offers if o.made_at <= self.at)
        return tuple(remedy for offer in offers for remedy in offer.remedies)

    @cached_property
    def accepted(self) -> frozenset[str]:
        """Kinds of the remedies that the customer had accepted."""
        promised = {p.remedy_id for p in self.evidence.books.promises if p.made_at <= self.at}
        return frozenset(r.kind for r in self.remedies if r.id in promised)

    def due_days(self, remedy_id: str) -> list[date]:
        """The days by which a remedy was promised; empty before it is accepted."""
        promises = self.evidence.books.promises
        return [
            promise.due_at.astimezone(UTC).date()
            for promise in promises
            if promise.remedy_id == remedy_id and promise.made_at <= self.at
        ]

    @cached_property
    def granted_words(self) -> tuple[str, ...]:
        """Titles of the remedies as a sentence may hold them; longest first."""
        titles = {plain(text) for remedy in self.remedies for text in remedy.title.values()}
        return longest_first(titles | {title[:1].lower() + title[1:] for title in titles})

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """The policy's words for the customer, as the stored decisions hold them."""
        decisions = (d for d in self.evidence.books.decisions if d.at <= self.at)
        found = {text for d in decisions for text in d.decision["customer_reason"].values()}
        return longest_first(plain(text) for text in found)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Numbers and names that say nothing about money or time; longest first."""
        cases, orders = self.evidence.books.cases, self.evidence.orders
        found = {case.number for case in cases} | {order.number for order in orders}
        found |= {line.title for order in orders for line in order.lines}
        return longest_first(plain(name) for name in found | self._references)

    @cached_property
    def _references(self) -> set[str]:
        """Codes and references of what was issued, which a signed-in customer alone is told."""
        if self.evidence.customer_id is None:
            return set()
        codes = {remedy.code for remedy in self.remedies if remedy.code}
        return codes | self.evidence.references

    @cached_property
    def _money(self) -> frozenset[Money]:
        found = {remedy.amount for remedy in self.remedies if remedy.amount is not None}
        return frozenset(found | set(_facts_of_money(self.evidence.orders)))

    @cached_property
    def _days(self) -> frozenset[date]:
        days = {moment.astimezone(UTC).date() for moment in self._moments}
        for order in self.evidence.orders:
            marks = (order.due_on, order.delivered_on, order.cancelled_on, order.return_received_on)
            days |= {day for day in marks if day is not None} | {order.placed_at.date()}
        return frozenset(days)

    @cached_property
    def _moments(self) -> frozenset[datetime]:
        books = self.evidence.books
        due = {promise.due_at for promise in books.promises if promise.made_at <= self.at}
        due |= {offer.expires_at for offer in books.offers if offer.made_at <= self.at}
        answers = {h.answer_due_at for h in books.handoffs if h.requested_at <= self.at}
        return frozenset(due | answers)

    @cached_property
    def _spans(self) -> frozenset[tuple[int, str]]:
        return self.waits | frozenset(self._delays())

    @cached_property
    def waits(self) -> frozenset[tuple[int, str]]:
        """How long a person may take, from now to the due times of the handoff."""
        return frozenset(self._until_answers())

    def _until_answers(self) -> Iterator[tuple[int, str]]:
        for handoff in self.evidence.books.handoffs:
            for due_at in (handoff.answer_due_at, handoff.limit_due_at):
                for moment in (self.at, self.at - timedelta(minutes=1)):  # begun a little earlier
                    minutes = max(0, ceil((due_at - moment).total_seconds() / 60))
                    yield (minutes, "minute")
                    yield (ceil(minutes / 60), "hour")

    def _delays(self) -> Iterator[tuple[int, str]]:
        for order in self.evidence.orders:
            yield (max(0, (self.at.date() - order.due_on).days), "day")


def _facts_of_money(orders: Iterable[Order]) -> Iterator[Money]:
    """What the order system says in money: total, delivery fee, charges and refunds."""
    for order in orders:
        facts = {
            order.total.amount_minor,
            order.shipping_paid_minor,
            order.charged_minor,
            order.refund_due_minor,
            order.refund_paid_minor,
            max(0, order.refund_due_minor - order.refund_paid_minor),
        }
        yield from (Money(minor, order.currency) for minor in facts if minor)


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({word for word in words if word}, key=lambda word: (-len(word), word)))
