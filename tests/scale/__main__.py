"""Conversations while things go wrong, as long and as many as asked for. Prints one JSON document.

python -m tests.scale [--minutes 10] [--conversations 200] [--thinks 5] [--seed 1] [--partitions]

Machines, PostgreSQL and Redis are killed; with --partitions ways between them are cut as well.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.scale.chaos import Plan, run
from tests.support.fleet import running_fleet


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.scale", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--thinks", type=float, default=5, help="seconds to write a message")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--partitions", action="store_true", help="needs root and iproute2")
    chosen = parser.parse_args()
    plan = Plan(chosen.minutes * 60, chosen.conversations, chosen.seed, thinks=chosen.thinks)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_fleet(Path(folder), own_hosts=chosen.partitions) as fleet,
    ):
        outcome = run(fleet, plan)
    sys.stdout.write(json.dumps({"plan": asdict(plan), **vars(outcome)}, indent=2) + "\n")
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
