"""The `amends` command: finds the sub-command, loads only its module, and runs it.

Each sub-command is a module with `configure(parser)` and `run(arguments) -> int`. A command
whose module is not part of this installation is not offered.
"""

import argparse
import importlib
import importlib.util
import os
import sys
from dataclasses import dataclass
from typing import Any

from amends.audit.acting import acting_as
from amends.cli.errors import UsageError
from amends.wiring.errors import NotPossible
from amends.wiring.logging import log_to_terminal
from amends.wiring.model import ProjectFilesError
from amends.wiring.settings import SettingsError

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141
"""What a shell reports of a program that the closed pipe ended."""


@dataclass(frozen=True)
class Command:
    """A sub-command: its name, the module that does it, and one line of help."""

    name: str
    module: str
    help: str


COMMANDS = (
    Command("up", "amends.cli.up", "start everything, training first if the model is stale"),
    Command("train", "amends.cli.train", "train the model if it is missing or stale"),
    Command("models", "amends.cli.models", "examine, promote and roll back trained models"),
    Command("data", "amends.cli.data", "check the training examples"),
    Command("doctor", "amends.cli.doctor", "say what is wrong with this installation"),
    Command("settings", "amends.cli.settings", "list every setting with its default"),
    Command("nlu", "amends.cli.nlu", "understand messages: JSON lines in, JSON lines out"),
    Command("score", "amends.cli.score", "score dialogues for satisfaction: JSON lines"),
    Command("demo-data", "amends.cli.demo_data", "fill the database with a demo shop"),
    Command("evaluate", "amends.cli.evaluate", "measure understanding on labelled rows"),
    Command("chat", "amends.cli.chat", "talk to the running assistant at the terminal"),
    Command("report", "amends.cli.report", "report satisfaction, cost and causes"),
    Command("export", "amends.cli.export", "write out what the database holds"),
    Command("webhooks", "amends.cli.webhooks", "tell other systems of events"),
    Command("staff", "amends.cli.staff", "look after the people at the desk"),
    Command("audit", "amends.cli.audit", "check and show the log of all that was done"),
    Command("backup", "amends.cli.backup", "write both databases into one archive"),
    Command("restore", "amends.cli.restore", "put a backup back"),
    Command("privacy", "amends.cli.privacy", "give, erase or keep one person's data"),
    Command("bench", "amends.cli.bench", "measure latency and throughput"),
)
POLICY = Command("policy", "amends.cli.policy", "check, decide, explain and test the policy")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code: 2 and one sentence when it cannot be done."""
    given = sys.argv[1:] if arguments is None else arguments
    if arguments is None:  # a process of its own
        log_to_terminal()
    try:
        chosen = build_parser(given).parse_args(given)
        with acting_as("operator"):
            return int(chosen.run(chosen) or 0)
    except (UsageError, SettingsError, ProjectFilesError, NotPossible) as error:
        print(f"amends: {error}", file=sys.stderr)
        return EXIT_USAGE
    except BrokenPipeError:
        # Whoever read our output has seen enough; keep Python from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_BROKEN_PIPE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def build_parser(given: list[str]) -> argparse.ArgumentParser:
    """Return the parser; only the command that `given` names has its module loaded."""
    parser = argparse.ArgumentParser(
        prog="amends", description="First-line complaint assistant whose promises can be trusted."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    wanted = next((word for word in given if not word.startswith("-")), None)
    for command in (*COMMANDS, POLICY):
        if not _exists(command.module):
            continue
        if command.name != wanted:
            subparsers.add_parser(command.name, help=command.help)
        elif command is POLICY:
            importlib.import_module(command.module).add_policy_commands(subparsers)
        else:
            _add(subparsers, command)
    return parser


def _add(subparsers: Any, command: Command) -> None:
    module = importlib.import_module(command.module)
    parser = subparsers.add_parser(command.name, help=command.help)
    module.configure(parser)
    parser.set_defaults(run=module.run)


def _exists(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


if __name__ == "__main__":
    sys.exit(main())
