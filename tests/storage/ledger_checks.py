"""What must be true of the books when many chats are done: by sums of its own, from plain rows.

Nothing here asks the ledger: the steps are played back in their order.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, RowMapping, text

from tests.support.many_chats import (
    OWNER,
    PER_CASE,
    PER_CUSTOMER,
    PER_DAY,
    SPEED,
    DiskPayments,
    chat_ids,
)

FEWEST_KILLS = 7
LEGAL = {
    "offered": {"accepted", "declined", "expired"},
    "accepted": {"issued", "failed", "expired"},  # expired: taken back before it went out
    "issued": {"settled", "failed"},
}
FREEING = {"declined", "expired", "failed"}
SLACK = timedelta(seconds=2 * SPEED)
"""A failure, and an acceptance taken back, are written without the lock on the budget, so they may
be committed after an offer read the time and before it added up: they free a little earlier than
they say. The snapshots know no such slack, they see what is committed."""


@dataclass
class Run:
    """What is left when all work is done."""

    folder: Path
    engine: Engine
    kills: int = 0
    snapshots: int = 0
    fullest: Counter[str] = field(default_factory=Counter)

    def rows(self, query: str) -> list[RowMapping]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(query)).mappings())


RESERVED = """
    SELECT offer_id, alternative, case_id, customer_key, amount_minor FROM remedies
    WHERE part = 'goodwill' AND amount_minor IS NOT NULL
      AND state IN ('offered', 'accepted', 'issued', 'settled')
"""


def look_into_the_books(run: Run) -> None:
    """Add up one snapshot of what is committed: the caps hold at this moment."""
    bundles: Counter[tuple[str, int]] = Counter()
    whose: dict[str, tuple[str, str]] = {}
    for row in run.rows(RESERVED):
        bundles[row["offer_id"], row["alternative"]] += row["amount_minor"]
        whose[row["offer_id"]] = (row["case_id"], row["customer_key"])
    dearest: Counter[str] = Counter()
    for (offer, _), sum_minor in bundles.items():
        dearest[offer] = max(dearest[offer], sum_minor)
    sums = _Sums()
    for offer, sum_minor in dearest.items():
        sums.add(*whose[offer], sum_minor)
    sums.check(run)
    run.snapshots += 1


@dataclass
class _Sums:
    """What is reserved or given, by case, by customer and on the one day that this lasts."""

    cases: Counter[str] = field(default_factory=Counter)
    customers: Counter[str] = field(default_factory=Counter)
    day: int = 0

    def add(self, case: str, customer: str, minor: int) -> None:
        self.cases[case] += minor
        self.customers[customer] += minor
        self.day += minor

    def check(self, run: Run) -> None:
        found = {
            "case": max(self.cases.values(), default=0),
            "customer": max(self.customers.values(), default=0),
            "day": self.day,
        }
        for name, most in (("case", PER_CASE), ("customer", PER_CUSTOMER), ("day", PER_DAY)):
            assert found[name] <= most, f"cap per {name}: {found}"
            run.fullest[name] = max(run.fullest[name], found[name])


STEPS = """
    SELECT s.remedy_id, s.step, s.at, s.actor, r.offer_id, r.case_id, r.customer_key,
           r.alternative, r.part, r.amount_minor, r.state
    FROM remedy_steps s JOIN remedies r ON r.id = s.remedy_id
"""
ORDER = ["offered", "accepted", "declined", "expired", "issued", "settled", "failed"]


def _steps(run: Run) -> list[RowMapping]:
    return sorted(run.rows(STEPS), key=lambda row: (_moment(row["at"]), ORDER.index(row["step"])))


def _moment(at: Any) -> datetime:
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return found.replace(tzinfo=None)


def _nothing_was_logged_as_an_error(run: Run) -> None:
    errors = run.folder / "errors.jsonl"
    assert not errors.exists(), errors.read_text()[:4000]
    assert not list(run.folder.glob("worker-*.err"))


def _every_step_may_follow_the_one_before(run: Run) -> None:
    states: dict[str, str] = {}
    for row in _steps(run):
        before = states.get(row["remedy_id"])
        allowed = {"offered"} if before is None else LEGAL.get(before, set())
        assert row["step"] in allowed, (dict(row), before)
        states[row["remedy_id"]] = row["step"]
    assert states == {row["id"]: row["state"] for row in run.rows("SELECT id, state FROM remedies")}


def _no_cap_was_ever_exceeded(run: Run) -> None:
    """Play the steps back: an offer reserves its dearest alternative until it is freed."""
    live: dict[str, dict[str, RowMapping]] = defaultdict(dict)  # offer: remedies that count
    moments, offered = defaultdict(list), dict[str, datetime]()
    for row in _steps(run):
        if row["part"] == "goodwill" and row["amount_minor"] is not None:
            at = _moment(row["at"])
            since = offered.setdefault(row["remedy_id"], at)
            moments[max(at - SLACK, since) if _frees_unheld(row) else at].append(row)
    for moment in sorted(moments):
        for row in moments[moment]:
            if row["step"] == "offered":
                live[row["offer_id"]][row["remedy_id"]] = row
            elif row["step"] in FREEING:
                live[row["offer_id"]].pop(row["remedy_id"], None)
        sums = _Sums()
        for remedies in live.values():
            for row, minor in _dearest(remedies.values()):
                sums.add(row["case_id"], row["customer_key"], minor)
        sums.check(run)


def _frees_unheld(row: RowMapping) -> bool:
    return row["step"] == "failed" or (row["step"] == "expired" and row["actor"] == "customer")


def _dearest(remedies: Iterable[RowMapping]) -> list[tuple[RowMapping, int]]:
    sums: Counter[int] = Counter()
    rows: dict[int, RowMapping] = {}
    for row in remedies:
        sums[row["alternative"]] += row["amount_minor"]
        rows[row["alternative"]] = row
    return [(rows[most[0][0]], most[0][1])] if (most := sums.most_common(1)) else []


def _a_case_had_one_open_offer_at_a_time(run: Run) -> None:
    open_offers: dict[str, Counter[str]] = defaultdict(Counter)  # case: offer: remedies open
    still_open: set[str] = set()
    moments = defaultdict(list)
    for row in _steps(run):
        moments[_moment(row["at"])].append(row)
    for moment in sorted(moments):
        for row in moments[moment]:
            change = 1 if row["step"] == "offered" else -(row["remedy_id"] in still_open)
            open_offers[row["case_id"]][row["offer_id"]] += change
            (still_open.add if change == 1 else still_open.discard)(row["remedy_id"])
        for case, offers in open_offers.items():
            assert sum(count > 0 for count in offers.values()) <= 1, (case, offers)
    assert not any(count for offers in open_offers.values() for count in offers.values())


def _an_order_was_settled_in_one_case(run: Run) -> None:
    given = run.rows(
        "SELECT DISTINCT order_number, case_id FROM remedies "
        "WHERE state NOT IN ('declined', 'expired')"
    )
    twice = [order for order, n in Counter(row["order_number"] for row in given).items() if n > 1]
    assert twice == []
    assert all(row["order_number"] is not None for row in given)


def _no_code_stands_twice(run: Run) -> None:
    vouchers = run.rows("SELECT id, code FROM remedies WHERE kind = 'voucher' AND code IS NOT NULL")
    assert len({row["code"] for row in vouchers}) == len(vouchers)
    sent = {row["id"]: row["code"] for row in vouchers}
    for key, calls in _calls(run).items():
        assert {call["voucher_code"] for call in calls} == {sent.get(key)}


def _calls(run: Run) -> dict[str, list[dict[str, Any]]]:
    """Every request that the refund system received, by key."""
    return {
        file.name: [json.loads(line) for line in file.read_text().splitlines()]
        for file in (run.folder / "calls").iterdir()
    }


def _what_was_accepted_moved_once_and_nothing_else_did(run: Run) -> None:
    accepted = {
        row["id"]: row
        for row in run.rows(
            "SELECT r.id, r.state, r.amount_minor, r.order_number FROM remedies r "
            "JOIN remedy_steps s ON s.remedy_id = r.id AND s.step = 'accepted'"
        )
    }
    moved = {file.name: file.read_text() for file in (run.folder / "moved").iterdir()}
    calls = _calls(run)

    taken_back = {key for key, row in accepted.items() if row["state"] == "expired"}
    ends = {row["state"] for row in accepted.values()}
    assert ends <= {"settled", "failed", "expired"}, "none is lost"
    assert set(calls) == set(accepted) - taken_back, "every one was asked for, and no other"
    assert set(moved) == {key for key, row in accepted.items() if row["state"] == "settled"}
    assert set(moved.values()) == {"moved\n"}
    for key, requests in calls.items():
        assert all(one == requests[0] for one in requests), f"{key} was asked for in two ways"
        assert requests[0]["remedy_id"] == key
        assert requests[0]["amount_minor"] == accepted[key]["amount_minor"]
        assert requests[0]["order_number"] == accepted[key]["order_number"]
    failed = [key for key, row in accepted.items() if row["state"] == "failed"]
    assert all(DiskPayments.refuses(key) for key in failed)


def _each_promise_was_kept_unless_the_remedy_failed(run: Run) -> None:
    promised = run.rows(
        "SELECT r.id, r.state, count(p.id) AS promises, min(p.state) AS promise, "
        "count(s.step) AS accepted FROM remedies r LEFT JOIN promises p ON p.remedy_id = r.id "
        "LEFT JOIN remedy_steps s ON s.remedy_id = r.id AND s.step = 'accepted' "
        "GROUP BY r.id, r.state"
    )
    kept = {"settled": "kept", "failed": "open", "expired": "released"}
    for row in promised:
        expected = (1, kept[row["state"]]) if row["accepted"] else (0, None)
        assert (row["promises"], row["promise"]) == expected, dict(row)
    assert run.rows("SELECT * FROM remedy_retries") == []


def _each_customer_was_told_once(run: Run) -> None:
    ended = run.rows(
        "SELECT c.conversation_id, r.state FROM remedies r JOIN cases c ON c.id = r.case_id "
        "WHERE r.state IN ('settled', 'failed')"
    )
    due = Counter((row["conversation_id"], row["state"]) for row in ended)
    said = run.rows("SELECT conversation_id, text FROM messages WHERE role = 'system'")
    told: Counter[tuple[str, str]] = Counter()
    for row in said:
        if row["text"].startswith("Done:"):
            told[row["conversation_id"], "settled"] += 1
        elif "could not be carried out" in row["text"]:
            told[row["conversation_id"], "failed"] += 1
    assert told == due
    announced = run.rows("SELECT key FROM outbox WHERE topic = 'remedy.issued'")
    settled = run.rows("SELECT id FROM remedies WHERE state = 'settled'")
    assert sorted(row["key"] for row in announced) == sorted(row["id"] for row in settled)


def _it_was_worth_the_trouble(run: Run) -> None:
    """The proof says something only if chats met, caps bound, and processes died at work."""
    steps = Counter(row["step"] for row in run.rows("SELECT step FROM remedy_steps"))
    asked = Counter({key: len(calls) for key, calls in _calls(run).items()})
    of_owner = run.rows(f"SELECT DISTINCT case_id FROM remedies WHERE customer_key = '{OWNER}'")
    promises = Counter(row["state"] for row in run.rows("SELECT state FROM promises"))
    rungs = {row["rung"] for row in run.rows("SELECT rung FROM offers")}

    assert run.kills >= FEWEST_KILLS
    assert run.snapshots >= 30
    assert len(run.rows("SELECT id FROM cases")) == len(chat_ids())
    assert len(of_owner) > 30
    assert {0, 1} <= rungs
    assert steps["accepted"] > 40
    assert steps["declined"] > 20
    assert steps["expired"] > 0, "two chats about one order met"
    assert promises["released"] > 0, "somebody changed their mind"
    assert steps["failed"] > 0
    assert max(asked.values()) > 1, "lost answers were asked for again"
    assert run.fullest["day"] > PER_DAY - 4_00
    assert run.fullest["case"] > PER_CASE - 4_00
    assert run.fullest["customer"] > PER_CUSTOMER - 4_00


CHECKS: tuple[Callable[[Run], None], ...] = (
    _nothing_was_logged_as_an_error,
    _every_step_may_follow_the_one_before,
    _no_cap_was_ever_exceeded,
    _a_case_had_one_open_offer_at_a_time,
    _an_order_was_settled_in_one_case,
    _no_code_stands_twice,
    _what_was_accepted_moved_once_and_nothing_else_did,
    _each_promise_was_kept_unless_the_remedy_failed,
    _each_customer_was_told_once,
    _it_was_worth_the_trouble,
)
