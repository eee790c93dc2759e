"""Real customers' words, dialogue by dialogue, through the customers' API.

The dialogues lie beside the checkout, not in it, and no word of them is printed or kept: what is
reported are counts and times.
"""

import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from amends.conversations.model import Delivery, Role
from tests.support.books import Books, read_books
from tests.support.customer import LONGEST_WAIT, Customer
from tests.support.evaluation import evaluation_folder
from tests.support.system import System

DIALOGUES = evaluation_folder() / "dialogues_twcs.jsonl"
AT_ONCE = 4
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Played:
    """What came of one dialogue; names it by its place in the file, never by its words."""

    place: int
    turns: int
    milliseconds: tuple[float, ...]
    kept: Books

    @property
    def unanswered(self) -> int:
        customers = [m for m in self.kept.messages if m.role is Role.CUSTOMER]
        said = {m.in_reply_to for m in self.kept.messages if m.role is Role.BOT}
        return sum(m.delivery is not Delivery.ANSWERED or m.seq not in said for m in customers)

    @property
    def technical_problems(self) -> int:
        return sum("went wrong on our side" in m.text for m in self.kept.messages)

    @property
    def complained(self) -> bool:
        return any(intent.startswith("report_") for intent in self.kept.intents.values())


@pytest.mark.timeout(900)
@pytest.mark.skipif(not DIALOGUES.is_file(), reason="the folder of evaluation data is not here")
def test_given_real_dialogues_then_every_turn_is_answered_and_every_complaint_has_a_case(
    system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [json.loads(line) for line in DIALOGUES.read_text("utf-8").splitlines()]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        played = list(
            pool.map(
                lambda pair: replay(system, pair[0], pair[1]["customer_turns"]), enumerate(rows)
            )
        )

    figures = summary(played)
    (system.folder / "replay.json").write_text(json.dumps(figures, indent=2))
    with capsys.disabled():
        print(f"\nreplay: {json.dumps(figures)}")  # noqa: T201

    assert [one.place for one in played if one.unanswered] == []
    assert [one.place for one in played if one.technical_problems] == []
    assert [one.place for one in played if one.complained and not one.kept.cases] == []
    assert [one.place for one in played if one.kept.offers and not one.kept.cases] == []


def replay(system: System, place: int, texts: list[str]) -> Played:
    customer = Customer.start(system.client())
    times = [timed(customer, text[:LONGEST_TEXT]) for text in texts if text.strip()]
    kept = read_books(system.db, customer.conversation_id)
    return Played(place, len(times), tuple(times), kept)


def timed(customer: Customer, text: str) -> float:
    began = time.monotonic()
    answer = customer.post({"text": text}, wait=LONGEST_WAIT)
    assert answer.status_code == 200, f"status {answer.status_code}"
    return 1000 * (time.monotonic() - began)


def summary(played: list[Played]) -> dict[str, float]:
    times = sorted(each for one in played for each in one.milliseconds)
    return {
        "dialogues": len(played),
        "turns": len(times),
        "dialogues_with_a_complaint": sum(one.complained for one in played),
        "cases": sum(len(one.kept.cases) for one in played),
        "offers": sum(len(one.kept.offers) for one in played),
        "handoffs": sum(bool(one.kept.handoffs) for one in played),
        "not_understood_turns": sum(
            intent == "nlu_fallback" for one in played for intent in one.kept.intents.values()
        ),
        "p50_ms": round(statistics.median(times)),
        "p95_ms": round(times[int(0.95 * len(times))]),
    }
