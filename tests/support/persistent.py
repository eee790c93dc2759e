"""A customer whose widget sends again until the gateway has the message; what came of it all."""

import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from amends.compensation.model import Step
from amends.conversations.model import Delivery, Message, Role
from amends.storage import Database
from tests.support.books import Books, read_books
from tests.support.customer import Customer
from tests.support.system import until

TRY_AGAIN_SECONDS = 0.05
PATIENCE_SECONDS = 150.0

# Two in one breath; then the wish, the answer to the offer, and no more.
SCRIPT: tuple[tuple[str, ...], ...] = (
    ("My order {order} never arrived and I waited for it all week", "What is my case's status?"),
    ("#A refund",),
    ("#Yes, I accept",),
    ("#No, that's all",),
)


@dataclass
class Persistent:
    """A customer whose widget sends again until the gateway has the message."""

    customer: Customer
    order: str
    looks_every_seconds: float = TRY_AGAIN_SECONDS
    thinks_seconds: float = 0.0  # before each message but the first
    sent: list[int] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)  # seconds, for each answer

    def play(self, start_after: float) -> None:
        time.sleep(start_after)
        for breath in SCRIPT:
            time.sleep(self.thinks_seconds if self.sent else 0.0)
            began = time.monotonic()
            seqs = [self._send(text.format(order=self.order)) for text in breath]
            self.sent += seqs
            self._patiently(lambda seqs=seqs: self._hear(seqs))
            self.waited.append(time.monotonic() - began)

    def _hear(self, seqs: list[int]) -> None:
        for seq in seqs:
            self.customer.replies_to(seq, PATIENCE_SECONDS, self.looks_every_seconds)

    def _send(self, text: str) -> int:
        body = {"text": text}
        if text.startswith("#"):
            body = {"choice_id": self._patiently(lambda: self.customer.choice(text[1:]))}
        body["client_message_id"] = uuid.uuid4().hex

        def post() -> int:
            answer = self.customer.post(body)
            answer.raise_for_status()
            return int(answer.json()["seq"])

        return self._patiently(post)

    def _patiently[T](self, act: Callable[[], T]) -> T:
        return patiently(act, pause_seconds=self.looks_every_seconds)


def patiently[T](
    act: Callable[[], T],
    failures: tuple[type[Exception], ...] = (httpx.TransportError,),
    pause_seconds: float = TRY_AGAIN_SECONDS,
) -> T:
    """Try until it works; what fails in another way than these fails at once."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return act()
        except failures:
            assert time.monotonic() < give_up, "it did not come back"
            time.sleep(pause_seconds)


def account(db: Database, played: Persistent) -> dict[str, object]:
    """Return what came of a conversation, in words that do not depend on which one it was."""
    until(lambda: settled(read(db, played)), PATIENCE_SECONDS)
    kept = read(db, played)
    customers = [m for m in kept.messages if m.role is Role.CUSTOMER]
    assert [m.seq for m in customers] == played.sent
    assert {m.delivery for m in customers} == {Delivery.ANSWERED}
    answers = [m for m in kept.messages if m.role is Role.BOT]
    assert [m.in_reply_to for m in answers] == sorted(m.in_reply_to or 0 for m in answers)
    return {
        "said": [
            (played.sent.index(m.in_reply_to or 0), plain(m, kept, played.order)) for m in answers
        ],
        "told": sorted(
            plain(m, kept, played.order)
            for m in kept.messages
            if m.role is Role.SYSTEM and m.in_reply_to is None
        ),
        "cases": [(c.category.value, c.status.value, c.outcome) for c in kept.cases],
        "decisions": [(d.outcome, d.rung) for d in kept.decisions],
        "remedies": [(r.kind, r.amount, r.state.value) for r in kept.remedies],
        "offers": len(kept.offers),
        "promises": sorted((p.what, p.state.value) for p in kept.promises),
        "handoffs": len(kept.handoffs),
    }


def read(db: Database, played: Persistent) -> Books:
    return read_books(db, played.customer.conversation_id)


def settled(kept: Books) -> bool:
    return bool(kept.remedies) and all(r.state is Step.SETTLED for r in kept.remedies)


def plain(message: Message, kept: Books, order: str) -> str:
    """Return a text without what differs from case to case: numbers, codes, addresses."""
    text = message.text.replace(kept.case.number, "CASE").replace(order, "ORDER")
    for remedy in kept.remedies:
        text = text.replace(remedy.code or "\0", "CODE")
    return re.sub(r"\S+@\S+", "ADDRESS", text)


def expected_shape(account: dict[str, object]) -> dict[str, object]:
    """Return the account as it must look without any kill, where this is known beforehand."""
    return account | {
        "cases": [("not_received", "resolved", "remedy_accepted")],
        "decisions": [("remedy", 0)],
        "offers": 1,
        "handoffs": 0,
    }
