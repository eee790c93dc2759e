"""`amends bench`: measure this installation under load, beside stock Rasa if that is wanted."""

import argparse
import subprocess
import sys

from amends.cli.errors import UsageError
from amends.wiring.settings import PROJECT_DIR


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Starts an installation of its own, lets complaints be made at 1, 10 and 50 conversations "
        "at a time, and prints latency, turns per second, memory and start-up time as one JSON "
        "document, which is also kept in benchmarks/results/."
    )
    parser.add_argument("--quick", action="store_true", help="fewer conversations")
    parser.add_argument(
        "--with-stock",
        action="store_true",
        help="compare with a Rasa server as it comes; sets it up and trains it, which takes hours",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmarks of this checkout; they measure the program, so they come with it."""
    if not (PROJECT_DIR / "benchmarks" / "__main__.py").is_file():
        raise UsageError("there is no folder benchmarks beside this program; use a checkout of it.")
    return subprocess.run(command(arguments), cwd=PROJECT_DIR, check=False).returncode


def command(arguments: argparse.Namespace) -> list[str]:
    options = ["--quick"] if arguments.quick else []
    options += [] if arguments.with_stock else ["--without-stock"]
    return [sys.executable, "-m", "benchmarks", *options]
