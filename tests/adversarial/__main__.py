"""Play every dialogue several times and print what came of it, as one JSON document.

    python -m tests.adversarial [--runs 8] [--only ID ...]

Each run starts a system of its own. The exit code is 1 when anything was promised without a row,
or when a dialogue did not come out the same in every run.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.adversarial.dialogue import Dialogue
from tests.adversarial.suite import all_dialogues, differences, run_passes, summary


def main() -> int:
    options = read_options()
    dialogues = chosen(options.only)
    with tempfile.TemporaryDirectory(prefix="amends-adversarial-") as folder:
        passes = list(run_passes(Path(folder), dialogues, options.runs))
    breaches = [f"{name}: {breach}" for one in passes for name, breach in one.breaches]
    differing = differences(passes)
    document = summary(passes) | {"found": breaches, "differing": differing}
    print(json.dumps(document, indent=2, ensure_ascii=False))  # noqa: T201
    return 1 if breaches or differing else 0


def chosen(ids: list[str]) -> tuple[Dialogue, ...]:
    dialogues = all_dialogues()
    unknown = set(ids) - {one.id for one in dialogues}
    if unknown:
        raise SystemExit(f"No dialogue is called {', '.join(sorted(unknown))}; see dialogues/.")
    return tuple(one for one in dialogues if not ids or one.id in ids)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.adversarial", description=__doc__)
    parser.add_argument("--runs", type=int, default=8, help="how often everything is played")
    parser.add_argument("--only", nargs="*", default=[], metavar="ID", help="these dialogues only")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
