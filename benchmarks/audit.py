"""What the audit log costs: a case's transactions with it and without, and a check of many rows.

.venv/bin/python -m benchmarks.audit [--cases 300] [--rows 1000000]
"""

import argparse
import json
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from amends.audit.chain import chained, checked
from amends.audit.model import Entry, Head
from amends.compensation.model import Step
from amends.storage import Database
from amends.storage import database as databases
from amends.storage.audit.recording import _values
from amends.storage.migrate import upgrade
from amends.storage.tables import METADATA
from tests.storage.samples import case, conversation, customer_says, decision, offer, remedy

NOW = datetime(2026, 3, 1, tzinfo=UTC)
AT_ONCE = 5000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--rows", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/amends.db"
        upgrade(url)
        found: dict[str, Any] = compare(url, given.cases)
        beside = f"sqlite:///{folder}/checked.db"
        upgrade(beside)
        found |= check(beside, given.rows)
    print(json.dumps(found, indent=1))


def compare(url: str, count: int) -> dict[str, Any]:
    """Settle cases in turn with and without the log, so that whatever else runs meets both."""
    recorded = databases.RecordedSession
    seconds = {"with": 0.0, "without": 0.0}
    for number in range(2 * count):
        how = "with" if number % 2 else "without"
        databases.RecordedSession = recorded if number % 2 else Session  # type: ignore[misc,assignment]
        with closing(Database(url)) as db:
            begun = time.perf_counter()
            settle(db, f"b{number}")
            seconds[how] += time.perf_counter() - begun
    databases.RecordedSession = recorded  # type: ignore[misc]
    per_case = {how: round(total / count * 1000, 2) for how, total in seconds.items()}
    return {"ms_per_case": per_case, "ratio": round(seconds["with"] / seconds["without"], 3)}


def settle(db: Database, name: str) -> None:
    """Four transactions of a case: opened, offered, accepted, issued; six rows of the log."""
    with db.write() as uow:
        uow.conversations.add(conversation(name), f"hash {name}")
        uow.conversations.append(name, customer_says(), NOW)
        uow.cases.add(case(name, conversation_id=name))
        uow.commit()
    with db.write() as uow:
        uow.ledger.add_decision(decision(f"d{name}", case_id=name))
        one = remedy(f"r{name}", case_id=name)
        uow.ledger.add_offer(offer(f"o{name}", one, case_id=name, decision_id=f"d{name}"))
        uow.commit()
    for step in (Step.ACCEPTED, Step.ISSUED):
        with db.write() as uow:
            uow.ledger.add_step(f"r{name}", step, NOW, "customer", None)
            uow.commit()


def check(url: str, count: int) -> dict[str, Any]:
    with closing(Database(url)) as db, db.read() as uow:
        head = uow.audit.head()
    engine, entry = create_engine(url), Entry(NOW, "bot", "case.noted", "case", "k", {"seq": 1})
    for begin in range(0, count, AT_ONCE):
        rows = chained(head, [entry] * min(AT_ONCE, count - begin))
        head = Head(rows[-1].number, rows[-1].hash)
        with engine.begin() as connection:
            connection.execute(insert(METADATA.tables["audit"]), [_values(row) for row in rows])
    engine.dispose()
    begun = time.perf_counter()
    with closing(Database(url)) as db, db.read() as uow:
        with closing(uow.audit.rows()) as rows_read:
            began, total = {}, 0
            for row in checked(rows_read):
                began, total = (row.entry.data if row.number == 1 else began), total + 1
        compared = uow.audit.agree(began)
    size = Path(url.removeprefix("sqlite:///")).stat().st_size
    return {
        "rows_checked": total,
        "rows_compared": compared,
        "check_seconds": round(time.perf_counter() - begun, 1),
        "database_mb": round(size / 1e6),
    }


if __name__ == "__main__":
    main()
