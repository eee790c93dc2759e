"""An installation as queues: customers, gateways, engines, PostgreSQL and Redis, without a clock.

What a turn costs each part is given; how long turns take when many are under way is found out by
playing them (simpy). An engine and a gateway are one process with one core each, an engine does
one thing at a time, and a conversation keeps to its engine as `amends.wiring.engines` has it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from typing import Any

import simpy

from amends.wiring.engines import ranked
from benchmarks.schedule import Due, pause_seconds

Steps = Iterable[Any]


@dataclass(frozen=True, slots=True)
class Visit:
    """One thing that a part does for a turn.

    Attributes:
        part: Whose work it is.
        share: Of all that a turn costs this part.
        for_engine: The engine asked for it, and does nothing else until it is done.
        beside_engine: The gateway is the one whose actions this engine calls.
        chance: How many turns need it; `share` is then more than one, for these bear all of it.
    """

    part: str
    share: float = 1.0
    for_engine: bool = False
    beside_engine: bool = False
    chance: float = 1.0


TURN = (
    Visit("customers"),
    Visit("redis"),
    Visit("gateway", 1 / 4),  # takes the message, and puts it into the log
    Visit("postgresql", 1 / 5),
    Visit("engine", 1 / 2),  # reads it
    Visit("gateway", 1 / 4),  # looks whether a person is asked
    Visit("postgresql", 1 / 5),
    Visit("engine", 1 / 4),  # decides the next step
    Visit("gateway", 1 / 4, beside_engine=True),  # takes it
    Visit("budget_lock", 8.0, chance=1 / 8),  # of eight turns one is offered something
    Visit("audit_lock", 2.0, chance=1 / 2),
    Visit("postgresql", 1 / 5),
    Visit("engine", 1 / 4),
    Visit("postgresql", 1 / 5, for_engine=True),  # saves the dialogue
    Visit("gateway", 1 / 4),  # stores the replies, and tells them
    Visit("postgresql", 1 / 5),
)
"""The life of a message, `docs/architecture.md`, with each part's work in pieces of one size."""


LOCKS = ("budget_lock", "audit_lock")
ONLY_ONE = ("redis", *LOCKS, "customers")
"""Of these an installation has one, however large it is."""


@dataclass(frozen=True)
class Costs:
    """What a turn costs.

    Attributes:
        ms: Processor milliseconds of each part, and those for which a lock is held.
        waiting_ms: What a turn takes besides when it is alone, in PostgreSQL: disks and wires.
        spread: How turns differ: factors of both, each as likely, with a mean of one.
    """

    ms: Mapping[str, float]
    waiting_ms: float = 0.0
    spread: tuple[float, ...] = (1.0,)


@dataclass(frozen=True)
class Size:
    """How many there are of each; `cores` where all share those of one machine."""

    gateways: int = 1
    engines: int = 1
    postgresql_cores: int = 1
    cores: int | None = None


@dataclass(eq=False)
class Station:
    """A process, or several cores that take work from one queue; `busy` adds up seconds."""

    name: str
    resource: simpy.Resource
    alive: bool = True
    busy: float = 0.0


@dataclass
class Outcome:
    """Of each turn when it was meant to be sent, and the seconds until its answer."""

    turns: list[tuple[float, float]] = field(default_factory=list)

    def between(self, begin: float, end: float) -> list[float]:
        return [seconds for meant, seconds in self.turns if begin <= meant < end]


class Installation:
    """One simulation: add customers, then let time pass with `run`."""

    def __init__(
        self, size: Size, costs: Costs, rng: Random, visits: tuple[Visit, ...] = TURN
    ) -> None:
        self.env = simpy.Environment()
        self.outcome = Outcome()
        self.size = size
        self._costs, self._rng = costs, rng
        self._visits = tuple(visit for visit in visits if costs.ms.get(visit.part))
        of_postgresql = sum(visit.part == "postgresql" for visit in self._visits)
        self._waiting = costs.waiting_ms / 1000 / max(1, of_postgresql)
        self._cores = simpy.Resource(self.env, size.cores) if size.cores else None
        self.stations = {
            "gateway": self._stations("gateway", size.gateways),
            "engine": self._stations("engine", size.engines),
            "postgresql": [self._station("postgresql", size.postgresql_cores)],
            **{part: [self._station(part, 1)] for part in ONLY_ONE},
        }
        self._engines = {one.name: one for one in self.stations["engine"]}
        self._numbers = {name: number for number, name in enumerate(self._engines)}
        self._order: dict[str, list[str]] = {}
        self._gateways = cycle(self.stations["gateway"])

    def run(self, until: float) -> None:
        """Let time pass; what the stations were busy before does not count any more."""
        for stations in self.stations.values():
            for station in stations:
                station.busy = 0.0
        self._began = self.env.now
        self.env.run(until=until)

    def utilisation(self) -> dict[str, float]:
        """Return what share of the last run each kind was busy, those left alive on average."""
        seconds = self.env.now - self._began
        found = {}
        for part, stations in self.stations.items():
            alive = [one for one in stations if one.alive]
            places = sum(one.resource.capacity for one in alive)
            found[part] = sum(one.busy for one in alive) / (places * seconds) if places else 0.0
        return found

    def lose_engine(self) -> float:
        """End the first engine for good; return the share of conversations that move."""
        lost = self.stations["engine"][0]
        mine = sum(self._engine_of(one) is lost for one in self._order)
        lost.alive = False
        return mine / max(1, len(self._order))

    def add_regulars(self, count: int, pause: float) -> None:
        """Add customers who write for ever, each a pause after the last answer."""
        for number in range(count):
            self.env.process(self._regular(f"conversation-{number}", pause))

    def add_chats(self, chats: Iterable[Due]) -> None:
        """Add customers of an open loop, as the benchmark plays them."""
        for number, due in enumerate(chats):
            self.env.process(self._customer(f"conversation-{number}", due))

    def _regular(self, name: str, pause: float) -> Steps:
        # Nobody has only just been answered when it begins.
        yield self.env.timeout(pause_seconds(pause, self._rng) * self._rng.random())
        while True:
            yield from self._turn(name, self.env.now)
            yield self.env.timeout(pause_seconds(pause, self._rng))

    def _customer(self, name: str, due: Due) -> Steps:
        for meant in due:
            yield self.env.timeout(max(0.0, meant - self.env.now))
            yield from self._turn(name, meant)

    def _turn(self, conversation: str, meant: float) -> Steps:
        factor, gateway = self._rng.choice(self._costs.spread), next(self._gateways)
        self._engine_of(conversation)
        for visit in self._visits:
            if visit.chance < 1 and self._rng.random() >= visit.chance:
                continue
            seconds = self._costs.ms[visit.part] / 1000 * visit.share * factor
            if visit.part == "engine":
                yield from self._at_engine(conversation, seconds)
            elif visit.part == "gateway":
                chosen = self._beside(conversation) if visit.beside_engine else gateway
                yield from self._at(chosen, seconds)
            elif visit.part == "postgresql":
                yield from self._at_postgresql(conversation, visit, seconds, factor)
            elif visit.part in LOCKS:
                yield from self._held(self.stations[visit.part][0], seconds)
            else:
                yield from self._at(self.stations[visit.part][0], seconds)
        self.outcome.turns.append((meant, self.env.now - meant))

    def _at(self, station: Station, seconds: float) -> Steps:
        with station.resource.request() as place:
            yield place
            yield from self._working(station, seconds)

    def _held(self, lock: Station, seconds: float) -> Steps:
        """Hold a lock; what is done meanwhile is counted where it is done."""
        with lock.resource.request() as place:
            yield place
            yield self.env.timeout(seconds)
            lock.busy += seconds

    def _working(self, station: Station, seconds: float) -> Steps:
        if self._cores is None:
            yield self.env.timeout(seconds)
        else:
            with self._cores.request() as core:
                yield core
                yield self.env.timeout(seconds)
        station.busy += seconds

    def _at_engine(self, conversation: str, seconds: float) -> Steps:
        """Whoever stands in the queue of an engine that dies goes to the next engine."""
        while True:
            engine = self._engine_of(conversation)
            with engine.resource.request() as place:
                yield place
                if engine.alive:
                    yield from self._working(engine, seconds)
            if engine.alive:
                return

    def _at_postgresql(
        self, conversation: str, visit: Visit, seconds: float, factor: float
    ) -> Steps:
        station, waiting = self.stations["postgresql"][0], self._waiting * factor
        if not visit.for_engine:
            yield from self._at(station, seconds)
            yield self.env.timeout(waiting)
            return
        engine = self._engine_of(conversation)
        with engine.resource.request() as place:
            yield place
            began = self.env.now
            yield from self._at(station, seconds)
            yield self.env.timeout(waiting)
            engine.busy += self.env.now - began

    def _engine_of(self, conversation: str) -> Station:
        if conversation not in self._order:
            self._order[conversation] = ranked(conversation, self._engines)
        order = (self._engines[name] for name in self._order[conversation])
        return next(engine for engine in order if engine.alive)

    def _beside(self, conversation: str) -> Station:
        number = self._numbers[self._engine_of(conversation).name]
        return self.stations["gateway"][number % self.size.gateways]

    def _stations(self, kind: str, count: int) -> list[Station]:
        return [self._station(f"{kind}-{number + 1}", 1) for number in range(count)]

    def _station(self, name: str, places: int) -> Station:
        return Station(name, simpy.Resource(self.env, places))
