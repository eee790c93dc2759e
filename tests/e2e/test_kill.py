"""Engine and gateway are killed at many moments of a turn; no message is lost or done twice."""

import re
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
import pytest

from amends.compensation.model import Step
from amends.conversations.model import Delivery, Message, Role
from tests.support.books import Books, read_books
from tests.support.customer import Customer
from tests.support.system import System, until

KILLS = 12
AT_ONCE = 4
"""Conversations under way at each kill, so that one kill meets turns at several moments."""
TRY_AGAIN_SECONDS = 0.05
PATIENCE_SECONDS = 150.0
ISSUED = {Step.ISSUED, Step.SETTLED}

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
    sent: list[int] = field(default_factory=list)

    def play(self, start_after: float) -> None:
        time.sleep(start_after)
        for breath in SCRIPT:
            seqs = [self._send(text.format(order=self.order)) for text in breath]
            self.sent += seqs
            self._patiently(lambda seqs=seqs: self._hear(seqs))

    def _hear(self, seqs: list[int]) -> None:
        for seq in seqs:
            self.customer.replies_to(seq, PATIENCE_SECONDS)

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

    @staticmethod
    def _patiently(act):  # type: ignore[no-untyped-def]
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return act()
            except httpx.TransportError:
                assert time.monotonic() < give_up, "the gateway did not come back"
                time.sleep(TRY_AGAIN_SECONDS)


@pytest.mark.timeout(900)
def test_given_engine_and_gateway_killed_at_any_moment_then_each_message_is_answered_exactly_once(
    own_system: System,
) -> None:
    began = time.monotonic()
    (first, *_) = play(own_system, stagger=0.0)
    whole_script = time.monotonic() - began
    wanted = account(own_system, first)
    assert wanted == expected_shape(wanted)

    disturbed = Counter[str]()
    for process in ("gateway", "engine"):
        for turn in range(KILLS):
            delay = whole_script * (turn + 0.5) / KILLS
            played = play(own_system, stagger=whole_script / AT_ONCE, kill=(process, delay))
            own_system.wait_ready()
            for one in played:
                assert account(own_system, one) == wanted, f"{process}, kill {turn}"
                disturbed[process] += was_disturbed(own_system, one)

    # The kills must have met turns under way, or nothing was tested. A turn that the gateway was
    # cut off in leaves no trace for the customer, so there is nothing to count.
    assert disturbed["engine"] >= KILLS / 2


def play(system: System, stagger: float, kill: tuple[str, float] | None = None) -> list[Persistent]:
    """Play the script in several conversations at once, and kill a process meanwhile."""
    customers = [Persistent(system.customer(), system.copy_order("10045")) for _ in range(AT_ONCE)]
    killer = threading.Timer(kill[1], system.kill, [kill[0]]) if kill else None
    with ThreadPoolExecutor(AT_ONCE) as pool:
        if killer:
            killer.start()
        running = [
            pool.submit(one.play, stagger * place / AT_ONCE) for place, one in enumerate(customers)
        ]
        for each in running:
            each.result()
    if killer:
        killer.join()
    return customers


def account(system: System, played: Persistent) -> dict[str, object]:
    """Return what came of a conversation, in words that do not depend on which one it was."""
    until(lambda: settled(read(system, played)), PATIENCE_SECONDS)
    kept = read(system, played)
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


def read(system: System, played: Persistent) -> Books:
    return read_books(system.db, played.customer.conversation_id)


def settled(kept: Books) -> bool:
    return bool(kept.remedies) and all(r.state is Step.SETTLED for r in kept.remedies)


def plain(message: Message, kept: Books, order: str) -> str:
    """Return a text without what differs from case to case: numbers, codes, addresses."""
    text = message.text.replace(kept.case.number, "CASE").replace(order, "ORDER")
    for remedy in kept.remedies:
        text = text.replace(remedy.code or "\0", "CODE")
    return re.sub(r"\S+@\S+", "ADDRESS", text)


def was_disturbed(system: System, played: Persistent) -> bool:
    """Tell whether the customer was told of an outage."""
    messages = read(system, played).messages
    return any(m.role is Role.SYSTEM and m.in_reply_to is not None for m in messages)


def expected_shape(account: dict[str, object]) -> dict[str, object]:
    """Return the account as it must look without any kill, where this is known beforehand."""
    return account | {
        "cases": [("not_received", "resolved", "remedy_accepted")],
        "decisions": [("remedy", 0)],
        "offers": 1,
        "handoffs": 0,
    }
