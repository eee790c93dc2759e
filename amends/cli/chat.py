"""`amends chat`: talk to the running assistant at the terminal, as a customer would.

Everything goes through the customers' API, so what is seen here is what a customer sees.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from rich.console import Console
from rich.text import Text

from amends.cli.api_client import Chat, Gateway, Refused
from amends.cli.errors import UsageError
from amends.values import Json
from amends.wiring.engine_client import CHANNEL
from amends.wiring.settings import Settings, load_settings, reachable

LEAVE = {"/quit", "/exit"}
STYLES = {"bot": "green", "staff": "magenta", "system": "yellow"}
EXPLAIN_SECONDS = 10.0
Explain = Callable[[str], str]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Talk to the running assistant. Type your words, or the number of a choice; an empty line "
        "shows what is new; /quit or Ctrl-D leaves."
    )
    parser.add_argument("--url", help="address of the gateway (from the settings)")
    parser.add_argument("--customer", metavar="NAME", help="sign in as a customer of the demo shop")
    parser.add_argument(
        "--explain", action="store_true", help="show what the engine understood of each message"
    )


def run(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    console = Console(highlight=False, soft_wrap=True)
    gateway = Gateway(arguments.url or local_gateway(settings))
    try:
        identity = identity_of(gateway, arguments.customer) if arguments.customer else None
        explain = explainer(settings.engine_url) if arguments.explain else None
        converse(Terminal(console, explain), gateway.start(identity))
    finally:
        gateway.close()
    return 0


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


def explainer(engine_url: str) -> Explain:
    """Return a function that tells in one line what the engine makes of a text."""

    def explain(text: str) -> str:
        try:
            answer = httpx.post(
                f"{engine_url}{CHANNEL}/understand",
                json={"text": text},
                timeout=EXPLAIN_SECONDS,
                trust_env=False,
            )
            return explanation(answer.raise_for_status().json())
        except (httpx.HTTPError, ValueError, KeyError):
            return f"the engine at {engine_url} explains nothing: it does not answer"

    return explain


def explanation(parse: Json) -> str:
    """Word one parse: intent, confidence, mood, flags and what else was found."""
    intent, said = parse["intent"], parse["assessment"]
    parts = [f"{intent['name']} {intent['confidence']:.2f}"]
    parts.append(f"{said['sentiment_label']} {said['sentiment']:+.2f}")
    parts.append(f"severity {said['severity']}")
    if said["flags"]:
        parts.append("flags " + ", ".join(sorted(said["flags"])))
    parts += [f"{e['entity']} {e['value']}" for e in parse.get("entities", [])]
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where the conversation is shown, and how its messages are explained."""

    console: Console
    explain: Explain | None = None

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
        chat.choose(choices[number - 1]["id"])
    elif 1 <= number <= 5 and any(is_survey(message) for message in last):
        chat.rate(number)
        terminal.note("thank you for rating")
    elif line:
        if terminal.explain:
            terminal.note(terminal.explain(line))
        chat.say(line)


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
