"""How fast the policy decides, and how long a simulation takes. Prints JSON.

    python -m benchmarks.policy [--cases 100000]

Decisions are counted by processor time on one core, the best of three rounds over the same cases,
none of which is asked twice in a round. The simulation is the whole command, from a file of cases
to its page, in a process of its own.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML

from amends.compensation.clauses import Role
from amends.compensation.decide import decide
from amends.compensation.facts import check_facts
from amends.compensation.load import load_policy
from amends.compensation.terms import Facts
from amends.wiring.settings import PROJECT_DIR
from benchmarks.cases import rows
from benchmarks.processes import Json
from benchmarks.report import policy_targets

RETAIL = PROJECT_DIR / "policies" / "retail.yml"
DAY = date(2026, 3, 1)
CASES = 100_000
DECIDED = 22_000
ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=CASES, help="cases of the simulation")
    measured = measure(parser.parse_args().cases)
    print(json.dumps({**measured, "targets": policy_targets(measured)}, indent=2))


def measure(cases: int = CASES) -> Json:
    with tempfile.TemporaryDirectory(prefix="amends-policy-") as folder:
        return {"decide": measure_decide(), "simulate": measure_simulate(cases, Path(folder))}


def measure_decide() -> Json:
    version = load_policy(RETAIL).version_on(DAY)
    asked = [(row["facts"], row["declined"]) for row in rows(DECIDED)]
    checked = [(check_facts(version, facts), rung) for facts, rung in asked]

    def outcome(one: tuple[Facts, int]) -> str:
        return decide(version, one[0], role=Role.BOT, rung=one[1]).outcome.value

    remedies = [one for one in checked if outcome(one) == "remedy"]
    return {
        "cases": DECIDED,
        "outcomes": dict(Counter(map(outcome, checked))),
        "decisions_per_second": _per_second(checked, outcome),
        "remedies_per_second": _per_second(remedies, outcome),
        "fact_checks_per_second": _per_second(asked, lambda one: check_facts(version, one[0])),
    }


def _per_second[T](items: Sequence[T], work: Callable[[T], object]) -> int:
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for item in items:
            work(item)
        seconds.append(time.process_time() - began)
    return round(len(items) / min(seconds))


def measure_simulate(cases: int, folder: Path) -> Json:
    file, new = folder / "cases.jsonl", folder / "new.yml"
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows(cases))
    write_changed_policy(new)
    command = [
        sys.executable, "-m", "amends.cli.main", "policy", "simulate", str(new),
        "--against", str(RETAIL), "--facts", str(file), "--date", DAY.isoformat(),
        "--out", str(folder / "report"),
    ]  # fmt: skip
    began = time.perf_counter()
    running = subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(running.pid, 0)
    seconds = time.perf_counter() - began
    if status:
        raise RuntimeError(f"the simulation failed with status {status}")
    found = json.loads((folder / "report" / "simulation.json").read_text("utf-8"))
    return {
        "cases": found["cases"],
        "changed_cases": sum(
            one["cases"] for side in ("more", "less") for one in found[side].values()
        ),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": round(used.ru_maxrss / 1024, 1),
    }


def write_changed_policy(path: Path) -> None:
    """Write the retail policy with amounts a fifth higher and half the goodwill for a case."""
    yaml = YAML()
    policy = yaml.load(RETAIL.read_text("utf-8"))
    for table in policy["amounts"].values():
        table.update({currency: round(amount * 1.2) for currency, amount in table.items()})
    caps = policy["caps"]["per_case"]
    caps.update({currency: round(amount / 2) for currency, amount in caps.items()})
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(policy, file)


if __name__ == "__main__":
    main()
