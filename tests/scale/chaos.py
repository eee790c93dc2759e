"""Conversations go on while everything under them is killed or cut off at random, for a while.

Each customer sends until a gateway has the message, and then only waits. At the end every book is
read: was anything lost, answered twice, out of order, offered or paid twice, and is the audit log
whole?
"""

import random
import statistics
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from amends.conversations.model import Delivery, Role
from tests.support.customer import Customer
from tests.support.fleet import Fleet
from tests.support.persistent import Persistent, account, expected_shape, patiently, read

PAUSE_SECONDS = 1.0
LOOKS_EVERY_SECONDS = 2.0
"""Hundreds of customers who look, or try again, more often than that would be a load that no widget
makes: it is told of answers, and waits longer each time that nobody answers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much goes on at once, and for how long.

    Attributes:
        seconds: How long things go wrong; conversations under way are then ended in peace.
        conversations: Under way at any moment.
        seed: Chooses what goes wrong, and when; nothing a second time before everything has once.
        peace: Seconds between one thing that goes wrong and the next, at least and at most.
        away: Seconds that a thing is away, at least and at most.
        thinks: Seconds that a customer takes to write, once the conversation is under way.
    """

    seconds: float
    conversations: int
    seed: int = 1
    peace: tuple[float, float] = (2.0, 8.0)
    away: tuple[float, float] = (0.0, 6.0)
    thinks: float = 0.0


@dataclass
class Outcome:
    """What came of a run; every number under `wrong` ought to be nought."""

    conversations: int = 0
    messages: int = 0
    went_wrong: Counter[str] = field(default_factory=Counter)
    told_of_an_outage: int = 0
    waited_seconds: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Talked:
    """The conversations of one customer after the other, and of those who gave up, why."""

    played: list[Persistent] = field(default_factory=list)
    gave_up: list[str] = field(default_factory=list)


def run(fleet: Fleet, plan: Plan) -> Outcome:
    """Let customers talk and what they depend on go wrong; then read the books."""
    outcome = Outcome()
    undisturbed = play(fleet)
    wanted = account(fleet.db, undisturbed)
    assert wanted == expected_shape(wanted)
    stop = threading.Event()
    with ThreadPoolExecutor(plan.conversations) as pool:
        talking = [pool.submit(talk, fleet, stop, plan.thinks) for _ in range(plan.conversations)]
        outcome.went_wrong = disturb(fleet, plan)
        stop.set()
        fleet.wait_ready()
        talked = [each.result() for each in talking]
    played = [one for each in talked for one in each.played]
    outcome.wrong += [why for each in talked for why in each.gave_up]
    outcome.wrong += fleet.audit_faults()
    for one in played:
        outcome.wrong += faults(fleet, one, wanted)
        outcome.told_of_an_outage += _was_told(fleet, one)
        outcome.messages += len(one.sent)
    outcome.conversations = len(played)
    outcome.waited_seconds = _spread([one for each in played for one in each.waited])
    return outcome


def disturb(fleet: Fleet, plan: Plan) -> Counter[str]:
    """Let one thing after the other go wrong for a while; return how often each."""
    choose = random.Random(plan.seed)
    troubles = fleet.troubles()
    end = time.monotonic() + plan.seconds
    happened = Counter[str]()
    ahead: list[str] = []
    while time.monotonic() < end:
        ahead = ahead or choose.sample(sorted(troubles), len(troubles))
        name = ahead.pop()
        time.sleep(choose.uniform(*plan.peace))
        with troubles[name]():
            time.sleep(choose.uniform(*plan.away))
        happened[name] += 1
        fleet.keep_up()
    return happened


def faults(fleet: Fleet, played: Persistent, wanted: dict[str, object]) -> list[str]:
    """Return in words what is wrong with one conversation's books."""
    name = played.customer.conversation_id
    try:
        found = account(fleet.db, played)
    except AssertionError as error:
        return [f"{name}: {_state(fleet, played)} {error}"]
    return [
        f"{name}: {key} is {found[key]!r}, not {wanted[key]!r}"
        for key in wanted
        if found[key] != wanted[key]
    ]


def talk(fleet: Fleet, stop: threading.Event, thinks: float = 0.0) -> Talked:
    """Hold one conversation after the other; a customer who gave up is a fault, not the end."""
    talked = Talked()
    while not stop.is_set():
        try:
            talked.played.append(play(fleet, thinks))
        except AssertionError as error:
            talked.gave_up.append(f"a customer gave up: {error}")
        stop.wait(PAUSE_SECONDS)
    return talked


def play(fleet: Fleet, thinks: float = 0.0) -> Persistent:
    order = patiently(lambda: fleet.copy_order("10045"), (SQLAlchemyError,), PAUSE_SECONDS)
    client = fleet.client()
    customer = patiently(lambda: Customer.start(client), pause_seconds=LOOKS_EVERY_SECONDS)
    played = Persistent(customer, order, LOOKS_EVERY_SECONDS, thinks)
    played.play(0.0)
    return played


def _spread(seconds: list[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {}
    parts = statistics.quantiles(seconds, n=100)
    return {"p50": parts[49], "p95": parts[94], "most": max(seconds)}


def _was_told(fleet: Fleet, played: Persistent) -> bool:
    messages = read(fleet.db, played).messages
    return any(m.role is Role.SYSTEM and m.in_reply_to is not None for m in messages)


def _state(fleet: Fleet, played: Persistent) -> str:
    messages = read(fleet.db, played).messages
    waiting = sum(m.role is Role.CUSTOMER and m.delivery is not Delivery.ANSWERED for m in messages)
    return f"{waiting} of {len(played.sent)} messages are not answered;"
