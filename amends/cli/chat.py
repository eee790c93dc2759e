"""`amends chat`: talk to the assistant at the terminal, as a customer would.

Everything goes through the customers' API, so what is seen here is what a customer sees. With
`--model` a sandbox with that model is started for the talk, and stopped afterwards.
"""

import argparse
import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from amends.cli.chat_explain import lines_of
from amends.cli.errors import UsageError
from amends.values import Json
from amends.wiring.api_client import Chat, Gateway, Refused
from amends.wiring.explaining import Explainer
from amends.wiring.settings import Settings, load_settings, reachable
from amends.wiring.supervisor import unwind_on_sigterm

LEAVE = {"/quit", "/exit"}
STYLES = {"bot": "green", "staff": "magenta", "system": "yellow"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Talk to the running assistant, or to a model in a sandbox. Type your words, or the number "
        "of a choice; an empty line shows what is new; /quit or Ctrl-D leaves."
    )
    parser.add_argument("--url", help="address of the gateway (from the settings)")
    parser.add_argument("--customer", metavar="NAME", help="sign in as a customer of the demo shop")
    parser.add_argument(
        "--explain",
        action="store_true",
        help="show of each message how it was read, what was decided and done, and why",
    )
    parser.add_argument(
        "--model",
        type=Path,
        metavar="MODEL.tar.gz",
        help="talk to this model in a sandbox, in which nothing real is touched",
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.model is not None and arguments.url is not None:
        raise UsageError("a sandbox has an address of its own; leave out --url or --model.")
    settings = load_settings()
    console = Console(highlight=False, soft_wrap=True)
    with contextlib.ExitStack() as open_until_end:
        if arguments.model is not None:
            unwind_on_sigterm()  # so that the sandbox is stopped
            settings = open_until_end.enter_context(_sandbox(settings, arguments.model, console))
        gateway = Gateway(arguments.url or local_gateway(settings))
        open_until_end.callback(gateway.close)
        identity = identity_of(gateway, arguments.customer) if arguments.customer else None
        chat = gateway.start(identity)
        terminal = Terminal(console)
        if arguments.explain:
            reasons = open_until_end.enter_context(_reasons(settings, chat, terminal))
            terminal = replace(terminal, reasons=reasons)
        converse(terminal, chat)
    return 0


@contextlib.contextmanager
def _sandbox(settings: Settings, model: Path, console: Console) -> Iterator[Settings]:
    """Run a sandbox as long as the block lasts; gives its settings."""
    from amends.wiring.sandbox import running_sandbox

    with console.status("Starting a sandbox; the model takes some ten seconds to load."):
        opened = running_sandbox(settings, model)
        sandbox = opened.__enter__()
    try:
        console.print(f"A sandbox with {sandbox.model.name}: nothing real is touched.")
        yield sandbox.settings
    finally:
        opened.__exit__(None, None, None)


@contextlib.contextmanager
def _reasons(settings: Settings, chat: Chat, terminal: "Terminal") -> Iterator["Reasons"]:
    """Look into the database of the conversation as long as the block lasts."""
    # These rooms take a moment to load; the help does without them.
    from amends.compensation.load import load_policy
    from amends.values import utc_now
    from amends.wiring.database import open_database
    from amends.wiring.engines import ranked
    from amends.wiring.rules import StoredRules, load_files

    db = open_database(settings)
    try:
        rules = StoredRules(db, load_files(settings))
        rules.refresh()
        policy = load_policy(settings.policy_path)
        engine = ranked(chat.id, settings.engine_urls)[0]  # any would do: they share the dialogue
        yield Reasons(Explainer(db, engine, policy, rules.now, utc_now), chat.id)
    finally:
        db.close()


def local_gateway(settings: Settings) -> str:
    return f"http://{reachable(settings.gateway_host)}:{settings.gateway_port}"


def identity_of(gateway: Gateway, name: str) -> str:
    """Return the identity of the demo customer meant by part of a name.

    Raises:
        UsageError: None or several are meant, or this gateway shows no demo shop.
    """
    try:
        known = gateway.demo_identities()
    except Refused:
        raise UsageError(f"{gateway.url} shows no demo shop; leave out --customer.") from None
    meant = [full for full in known if name.lower() in full.lower()]
    if len(meant) != 1:
        which = "several customers" if meant else "no customer"
        raise UsageError(f"{name!r} means {which}; choose one of {', '.join(meant or known)}.")
    return known[meant[0]]


class Reasons:
    """Explains each message of one conversation, by the database before and after it."""

    def __init__(self, explainer: Explainer, conversation_id: str) -> None:
        self._explainer, self._id = explainer, conversation_id
        self._before = explainer.see(conversation_id)

    def look(self) -> None:
        """Remember how the conversation stands, just before a message."""
        self._before = self._explainer.see(self._id)

    def tell(self) -> list[str]:
        """Return why the message since then was answered so, a line for each thing."""
        after = self._explainer.see(self._id)
        if after is None:
            return ["nothing to explain: the database of these settings does not hold this chat"]
        explained = self._explainer.explain(self._before, after)
        return lines_of(explained) if explained else []


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where the conversation is shown, and who explains its messages."""

    console: Console
    reasons: Reasons | None = None

    def read(self) -> str | None:
        """Return the next line; None at the end of input."""
        self.console.print("[bold]you:[/bold] ", end="")
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            self.console.print(line.rstrip("\n"), markup=False)  # a script reads as a dialogue too
        return line.strip() if line else None

    def show(self, message: Json) -> None:
        name = message["author"] or message["role"]
        lead = Text(f"{name}: ", style=STYLES.get(message["role"], ""))
        self.console.print(lead + Text(message["text"]))
        for number, choice in enumerate(message["choices"], start=1):
            self.console.print(f"  {number}  {choice['title']}", markup=False)
        if is_survey(message):
            self.console.print("  (1 to 5 rates this chat: 1 very dissatisfied, 5 very satisfied)")

    def note(self, text: str) -> None:
        self.console.print(Text(f"  [{text}]", style="dim"))


def converse(terminal: Terminal, chat: Chat) -> None:
    """Go on until the customer leaves.

    Raises:
        NothingRuns: The gateway is gone.
    """
    last = _show_news(terminal, chat, [])
    while (line := terminal.read()) is not None and line not in LEAVE:
        try:
            _send(terminal, chat, line, last)
        except Refused as refusal:
            terminal.note(str(refusal))
            continue
        last = _show_news(terminal, chat, last)


def _send(terminal: Terminal, chat: Chat, line: str, last: list[Json]) -> None:
    choices = [choice for message in last for choice in message["choices"]]
    number = int(line) if line.isascii() and line.isdigit() and len(line) < 3 else 0
    if 1 <= number <= len(choices):
        with _explained(terminal):
            chat.choose(choices[number - 1]["id"])
    elif 1 <= number <= 5 and any(is_survey(message) for message in last):
        chat.rate(number)
        terminal.note("thank you for rating")
    elif line:
        with _explained(terminal):
            chat.say(line)


@contextlib.contextmanager
def _explained(terminal: Terminal) -> Iterator[None]:
    """Explain the message that is sent in the block, before its answer is shown."""
    if terminal.reasons is not None:
        terminal.reasons.look()
    yield
    if terminal.reasons is not None:
        for line in terminal.reasons.tell():
            terminal.note(line)


def _show_news(terminal: Terminal, chat: Chat, last: list[Json]) -> list[Json]:
    """Show what is new and return the messages whose choices are open: the latest with any."""
    mode = chat.mode
    news = chat.news()
    for message in news:
        terminal.show(message)
    if chat.mode != mode:
        terminal.note(MODES[chat.mode])
    offering = [message for message in news if message["choices"] or is_survey(message)]
    return offering[-1:] if news else last


def is_survey(message: Json) -> bool:
    return (message["card"] or {}).get("kind") == "survey"


MODES = {
    "bot": "the assistant answers",
    "waiting": "a person was asked for; an empty line shows what is new",
    "staff": "a person answers; an empty line shows what is new",
    "closed": "the chat is closed; writing again begins a new visit",
}
