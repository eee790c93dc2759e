"""Engine and gateway are killed at many moments of a turn; no message is lost or done twice."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from amends.conversations.model import Role
from tests.support.persistent import Persistent, account, expected_shape, read
from tests.support.system import System

KILLS = 12
AT_ONCE = 4
"""Conversations under way at each kill, so that one kill meets turns at several moments."""


@pytest.mark.timeout(900)
def test_given_engine_and_gateway_killed_at_any_moment_then_each_message_is_answered_exactly_once(
    own_system: System,
) -> None:
    began = time.monotonic()
    (first, *_) = play(own_system, stagger=0.0)
    whole_script = time.monotonic() - began
    wanted = account(own_system.db, first)
    assert wanted == expected_shape(wanted)

    disturbed = Counter[str]()
    for process in ("gateway", "engine"):
        for turn in range(KILLS):
            delay = whole_script * (turn + 0.5) / KILLS
            played = play(own_system, stagger=whole_script / AT_ONCE, kill=(process, delay))
            own_system.wait_ready()
            for one in played:
                assert account(own_system.db, one) == wanted, f"{process}, kill {turn}"
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


def was_disturbed(system: System, played: Persistent) -> bool:
    """Tell whether the customer was told of an outage."""
    messages = read(system.db, played).messages
    return any(m.role is Role.SYSTEM and m.in_reply_to is not None for m in messages)
