"""One pass over all dialogues: played, read back from the books, checked, and written down."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from amends.cases.model import Order
from amends.compensation.load import load_policy
from amends.compensation.policy import Policy
from amends.conversations.model import Role
from tests.adversarial.amounts import plain
from tests.adversarial.compose import composed_dialogues
from tests.adversarial.dialogue import Dialogue, written_dialogues
from tests.adversarial.evidence import GIVEN, Breach, Evidence
from tests.adversarial.ledger import check_books, check_customer, check_day
from tests.adversarial.play import Played, play_all
from tests.adversarial.promises import check_messages
from tests.adversarial.transcript import Record, first_difference, record_of
from tests.support.books import Books, read_books
from tests.support.system import PROJECT, System, running_system


@dataclass(frozen=True)
class Pass:
    """What one pass over the dialogues led to."""

    played: list[Played]
    evidence: dict[str, dict[int, Evidence]]  # by dialogue and conversation
    records: dict[str, Record]  # by dialogue: what must be the same in every pass
    breaches: list[tuple[str, Breach]]  # with the dialogue's id

    @property
    def conversations(self) -> list[Evidence]:
        return [one for chats in self.evidence.values() for one in chats.values()]


def all_dialogues() -> tuple[Dialogue, ...]:
    return (*written_dialogues(), *composed_dialogues())


@cache
def policy() -> Policy:
    return load_policy(PROJECT / "policies" / "retail.yml")


def run_passes(folder: Path, dialogues: tuple[Dialogue, ...], runs: int) -> Iterator[Pass]:
    """Play all dialogues several times, each time on a system started anew."""
    for run in range(1, runs + 1):
        with running_system(folder / f"run-{run}") as system:
            yield run_pass(system, dialogues)


def run_pass(system: System, dialogues: tuple[Dialogue, ...]) -> Pass:
    played = play_all(system, dialogues)
    evidence = _evidence(system, played)
    records = {one.dialogue.id: record_of(one, evidence[one.dialogue.id]) for one in played}
    return Pass(played, evidence, records, list(_breaches(played, evidence)))


def _evidence(system: System, played: list[Played]) -> dict[str, dict[int, Evidence]]:
    """Read the books of all conversations; by dialogue and number of the chat."""
    books = {
        one.dialogue.id: {n: read_books(system.db, c.conversation_id) for n, c in one.chats.items()}
        for one in played
    }
    references = _references(system)  # after the books, whose messages may name them
    return {
        one.dialogue.id: {
            number: _of_chat(one, chat, references)
            for number, chat in books[one.dialogue.id].items()
        }
        for one in played
    }


def _of_chat(played: Played, books: Books, references: dict[str, set[str]]) -> Evidence:
    known = {word for remedy in books.remedies for word in references.get(remedy.id, ())}
    orders = tuple(_orders_of_interest(played, books))
    return Evidence(books, orders, played.customer_id, frozenset(known))


def _orders_of_interest(played: Played, books: Books) -> Iterator[Order]:
    """Yield the orders that may be spoken of: one's own when signed in, else those one named."""
    named = " ".join(plain(m.text) for m in books.messages if m.role is Role.CUSTOMER)
    for order in played.orders.values():
        own = played.customer_id == order.customer_id
        if own or (played.customer_id is None and order.number in named):
            yield order


def _references(system: System) -> dict[str, set[str]]:
    """Return under which references remedies went out, by remedy."""
    file = system.folder / "var/amends.db"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT remedy_id, detail FROM remedy_steps").fetchall()
    found: dict[str, set[str]] = {}
    for remedy_id, detail in rows:
        reference = (json.loads(detail) or {}).get("reference") if detail else None
        if reference:
            found.setdefault(remedy_id, set()).add(reference)
    return found


def _breaches(
    played: list[Played], evidence: dict[str, dict[int, Evidence]]
) -> Iterator[tuple[str, Breach]]:
    version = policy().version_on(max(one.began_at for one in played).date())
    for name, chats in evidence.items():
        for one in chats.values():
            yield from ((name, breach) for breach in check_messages(one))
            yield from ((name, breach) for breach in check_books(one, policy()))
        yield from ((name, breach) for breach in check_customer(chats.values(), version))
    everybody = [one for chats in evidence.values() for one in chats.values()]
    yield from (("all together", breach) for breach in check_day(everybody, version))


def summary(passes: list[Pass]) -> dict[str, Any]:
    """Return the counts of one or more passes over the same dialogues."""
    books = [one.books for each in passes for one in each.conversations]
    breaches = [breach for each in passes for _, breach in each.breaches]
    spoken = [m for one in books for m in one.messages if m.role in (Role.BOT, Role.SYSTEM)]
    return {
        "runs": len(passes),
        "dialogues": len(passes[0].played),
        "tactics": len({one.dialogue.tactic for one in passes[0].played}),
        "conversations": len(books),
        "turns": sum(one.turns for each in passes for one in each.played),
        "messages_checked": len(spoken),
        "cases": sum(len(one.cases) for one in books),
        "decisions_replayed": sum(len(one.decisions) for one in books),
        "offers": sum(len(one.offers) for one in books),
        "remedies_accepted": sum(r.state in GIVEN for one in books for r in one.remedies),
        "refusals": sum(d.outcome == "none" for one in books for d in one.decisions),
        "handoffs": sum(bool(one.handoffs) for one in books),
        "breaches": len(breaches),
        "breaches_by_rule": dict(Counter(breach.rule.value for breach in breaches)),
        "dialogues_that_differ": len(differences(passes)),
    }


def differences(passes: list[Pass]) -> dict[str, str]:
    """Return the dialogues that did not come out the same in every pass, and where they part."""
    first, *others = passes
    found = {}
    for name, record in first.records.items():
        other = next((o.records[name] for o in others if o.records[name] != record), None)
        if other is not None:
            found[name] = first_difference(record, other)
    return found
