"""Replay cases under two versions of a policy and count where they part."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from amends.compensation.policy import PolicyVersion
from amends.compensation.simulation.model import Asked
from amends.compensation.simulation.tally import Simulation
from amends.compensation.simulation.world import World, read_facts

ASSUMPTIONS: Final = (
    "Each case is decided once, by the assistant's authority, on the facts of its first decision.",
    "A customer declines as many offers as they declined in reality, and accepts the first "
    "alternative of the next one.",
    "Both policies start with nothing given; what each gives counts against its own caps later: "
    "per case, per customer over the window, per day (UTC). From the database, the cases of one "
    "window before the first day are replayed first; they fill the caps and are not counted.",
    "What a person decides costs nothing here and fills no cap: look at the outcomes beside the "
    "costs.",
    "Facts are as recorded; gifts counted and orders settled earlier are those of reality.",
    "Cases whose facts either policy refuses are counted apart and left out of all sums.",
)
"""What a simulation takes for granted; shown with every result."""


class OutOfOrder(ValueError):
    """A case is earlier than the one before it."""


def simulate(
    cases: Iterable[Asked],
    old: PolicyVersion,
    new: PolicyVersion,
    counted_from: datetime | None = None,
) -> Simulation:
    """Return what both versions make of the cases.

    Args:
        cases: In order of time; read once, kept nowhere.
        counted_from: Earlier cases only fill the caps, so that the first counted case meets
            them as full as any other.

    Raises:
        OutOfOrder: the cases are not in order of time.
    """
    old_world, new_world = World(old), World(new)
    found = Simulation(old, new)
    read_alike = old.facts == new.facts  # nearly always; reading is a third of the work
    latest: datetime | None = None
    for asked in cases:
        if latest is not None and asked.at < latest:
            raise OutOfOrder(f"case {asked.id} is of {asked.at}, earlier than the one before it")
        latest = asked.at
        facts = read_facts(old, asked)
        before = old_world.play(asked, facts)
        after = new_world.play(asked, facts if read_alike else read_facts(new, asked))
        if counted_from is None or asked.at >= counted_from:
            found.count(asked, before, after)
        else:
            found.cases_before += 1
    return found
