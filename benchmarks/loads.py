"""Loads on a fleet, each played by a process of customers, and what they cost each part."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from random import Random

from amends.storage import Database
from amends.values import utc_now
from amends.wiring.settings import PROJECT_DIR
from benchmarks.customers import DRAIN_SECONDS
from benchmarks.locks import watched
from benchmarks.processes import Json
from benchmarks.schedule import Plan, open_summary, schedule
from benchmarks.usage import (
    cores,
    cpu_seconds_by_part,
    database_facts,
    machine_seconds,
    plain_url,
)
from tests.support.fleet import Fleet
from tests.support.system import until

SEED = 7
SETTLE_SECONDS = 300


class Loads:
    """Plays one load after the other on a fleet, each with orders that no other has used."""

    def __init__(self, fleet: Fleet, orders: Iterator[str]) -> None:
        self.fleet = fleet
        self._orders = orders
        gateways = [one for one in fleet.machines.values() if one.part == "gateway"]
        self._urls = [one.url for one in gateways]
        self.at_first = database_facts(fleet)

    def closed(self, chats: int, conversations: int) -> Json:
        """Hold conversations, so many at a time; each customer waits for the answer."""
        orders = list(islice(self._orders, conversations))
        found = self._measured({"orders": orders, "chats": chats}, 600)
        return found | {"load_average": round(os.getloadavg()[0], 1)}

    def open(self, plan: Plan) -> Json:
        """Offer what the plan draws, whatever is answered."""
        due = schedule(plan, Random(SEED))
        asked = {"orders": list(islice(self._orders, len(due))), "due": due, "end": plan.end}
        found = self._measured(asked, plan.end + DRAIN_SECONDS + 120)
        answered = found.pop("answered")
        summary = open_summary(plan, due, answered) | found
        return summary | {"load_average": round(os.getloadavg()[0], 1)}

    def idle(self, seconds: float) -> Json:
        """Return what share of one core each part takes while nobody writes."""
        before = cpu_seconds_by_part(self.fleet)
        time.sleep(seconds)
        after = cpu_seconds_by_part(self.fleet)
        return {part: round(100 * (after[part] - before[part]) / seconds, 1) for part in after}

    def _measured(self, asked: Json, patience: float) -> Json:
        machine, before, began = machine_seconds(), cpu_seconds_by_part(self.fleet), time.time()
        with watched(plain_url(self.fleet)) as locks:
            found, generator = self._played(asked, patience)
        seconds, after = time.time() - began, cpu_seconds_by_part(self.fleet)
        used = {part: after[part] - before[part] for part in after}
        of_all = {name: now - machine[name] for name, now in machine_seconds().items()}
        others = of_all["busy"] - sum(used.values()) - generator
        used["customers"] = found.pop("own_cpu_seconds")
        turns = max(1, found["turns"])
        per_turn = {part: round(1000 * one / turns, 2) for part, one in used.items()}
        shares = {"others": others, "taken_away": of_all["taken_away"], "customers": generator}
        found |= {
            f"{name}_percent": round(100 * one / (seconds * cores()), 1)
            for name, one in shares.items()
        }
        self._settle()
        return found | {"cpu_ms_per_turn": per_turn, "locks": locks.told(seconds, turns)}

    def _played(self, asked: Json, patience: float) -> tuple[Json, float]:
        """Return what the customers' process printed, and the processor seconds it took in all."""
        before = os.times()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.customers"],
            cwd=PROJECT_DIR,
            input=json.dumps({"urls": self._urls, **asked}) + "\n",
            stdout=subprocess.PIPE,
            text=True,
            timeout=patience,
            check=True,
        )
        after = os.times()
        used = after.children_user + after.children_system
        return json.loads(done.stdout), used - before.children_user - before.children_system

    def _settle(self) -> None:
        """Wait until no message is left without an answer: the next load begins at rest."""
        until(lambda: not _pending(self.fleet.db), SETTLE_SECONDS, self.fleet.keep_up)


def _pending(db: Database) -> bool:
    with db.read() as uow:
        return bool(uow.conversations.pending_ids(utc_now()))
