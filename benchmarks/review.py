"""The review queue with many messages: seconds per page and per round of the job, as JSON.

    python -m benchmarks.review [--conversations 100000] [--reviewed 5000] [--misheard 0.05]

Fills a SQLite database with conversations of ten messages each (half of them the customer's, some
of those misheard), lets the job put into the queue what is worth a look, decides on some of it,
starts the desk on it as a process of its own, and asks for the queue over HTTP as a trainer would.
Times are of whole answers, the first one of each page left out of the median and named beside it.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
from sqlalchemy import insert

from amends.conversations.model import Delivery, Mode, Role
from amends.handoff.model import StaffMember, StaffRole
from amends.storage import Database
from amends.storage.migrate import upgrade
from amends.storage.passwords import hash_password
from amends.storage.repositories.base import table_of
from amends.storage.tables.conversations import ConversationRow, MessageRow, UnderstandingRow
from amends.training.review.deciding import Chosen, decide
from amends.training.review.model import Kind, Query, Verdict
from amends.values import new_id, utc_now
from amends.wiring import reviews
from amends.wiring.app import build
from amends.wiring.settings import PROJECT_DIR, Settings
from amends.wiring.training_files import training_files
from benchmarks.processes import Json, resident_mb, running, wait_until_ready

LOGIN, PASSWORD = "review-benchmark", "correct horse battery staple"
PORT = 5592
TURNS = 5
AT_ONCE = 500
ANSWER = "I am sorry about that. I have noted it and will look into it now."
BACK = "I am not sure that I understood. Could you put it in other words?"
PATHS = (
    "",
    "?reason=asked_back",
    "?reason=rephrased&language=en",
    "?intent=report_billing_error",
    "?state=decided",
    "?state=decided&reason=low_confidence",
    "/examples",
    "/examples?intent=report_billing_error",
    "/examples?q=parcel",
)
TARGET_SECONDS = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--reviewed", type=int, default=5_000, help="messages decided on")
    parser.add_argument("--misheard", type=float, default=0.05, help="share of what is said")
    parser.add_argument("--rounds", type=int, default=5, help="how often each page is asked for")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="amends-review-") as folder:
        url = f"sqlite:///{Path(folder) / 'review.db'}"
        upgrade(url)
        fill(url, chosen.conversations, chosen.misheard)
        settings = Settings(database_url=url, var_dir=Path(folder) / "var")
        measured = measure(settings, Path(folder), chosen.reviewed, chosen.rounds)
    messages = chosen.conversations * TURNS * 2
    print(json.dumps({"messages": messages, **measured}, indent=2))


def measure(settings: Settings, folder: Path, reviewed: int, rounds: int) -> Json:
    app = build(settings)
    job = run_job(app)
    decided = review(app.db, reviewed)
    with app.db.read() as uow:
        counts = uow.reviews.counts()
    app.db.close()
    pages, resident = ask(settings, folder, rounds)
    return {
        "cores": os.cpu_count(),
        "job": job,
        "messages_decided_on": decided,
        "rows_open": counts.groups,
        "messages_open": counts.messages,
        "desk_resident_mb": resident,
        "pages": pages,
        "slowest_median_seconds": max(page["median_seconds"] for page in pages),
        "target_seconds": TARGET_SECONDS,
    }


def fill(url: str, conversations: int, share: float) -> None:
    """Store conversations of the last two months, each with five turns."""
    random, database = Random(1), Database(url)
    texts = [one.text for one in training_files(build(Settings(database_url=url))).examples()]
    begin = utc_now() - timedelta(days=60)
    step = timedelta(days=59) / conversations
    for first in range(0, conversations, AT_ONCE):
        rows: dict[Any, list[Json]] = {ConversationRow: [], MessageRow: [], UnderstandingRow: []}
        for number in range(first, min(first + AT_ONCE, conversations)):
            add(rows, f"c{number}", begin + number * step, random, texts, share)
        with database.write() as uow:
            for row, values in rows.items():
                uow._session.execute(insert(table_of(row)), values)
            uow.commit()
    database.close()


def add(
    rows: dict[Any, list[Json]],
    talk: str,
    at: datetime,
    random: Random,
    texts: list[str],
    share: float,
) -> None:
    end = at + timedelta(minutes=TURNS)
    rows[ConversationRow].append(
        {
            "id": talk, "token_hash": talk, "mode": Mode.BOT, "language": "en", "visit": 1,
            "last_seq": 2 * TURNS, "created_at": at, "changed_at": end, "last_customer_at": end,
        }
    )  # fmt: skip
    for turn in range(TURNS):
        when, seq = at + timedelta(minutes=turn), 2 * turn + 1
        misheard = random.random() < share
        text = f"{random.choice(texts)} {random.choice(texts)}"
        said = {"conversation_id": talk, "at": when, "attempts": 0, "client_message_id": None}
        rows[MessageRow] += [
            said | {"seq": seq, "role": Role.CUSTOMER, "text": text, "in_reply_to": None,
                    "delivery": Delivery.ANSWERED},
            said | {"seq": seq + 1, "role": Role.BOT, "text": BACK if misheard else ANSWER,
                    "in_reply_to": seq, "delivery": None},
        ]  # fmt: skip
        rows[UnderstandingRow].append(understanding(talk, seq, when, random, misheard=misheard))


def understanding(
    talk: str, seq: int, at: datetime, random: Random, *, misheard: bool
) -> dict[str, Any]:
    """Return a reading with a ranking of fifty intents, as the engine stores it."""
    sure = random.uniform(0.15, 0.3) if misheard else random.uniform(0.6, 0.99)
    names = random.sample(("report_billing_error", "report_not_received", "question"), 3)
    ranking = [{"name": names[0], "confidence": sure}, {"name": names[1], "confidence": 0.1}]
    ranking += [{"name": f"report_other_{number}", "confidence": 0.001} for number in range(48)]
    return {
        "conversation_id": talk, "seq": seq, "at": at, "confidence": sure, "complaint": True,
        "intent": "nlu_fallback" if misheard else names[0], "category": None, "secondary": [],
        "sentiment": 0.0, "sentiment_label": "neu", "flags": [], "severity": "low",
        "waiting_hours": None, "language": "en", "parse": {"intent_ranking": ranking},
    }  # fmt: skip


def run_job(app: Any) -> Json:
    """Let the job read everything, a round at a time, and once more when there is nothing new."""
    found, seconds = 0, []
    while True:
        began = time.perf_counter()
        new = reviews.fill_review_queue(app)
        seconds.append(time.perf_counter() - began)
        found += new
        if not new:
            break
    return {
        "messages_found": found,
        "rounds": len(seconds) - 1,
        "seconds": round(sum(seconds), 1),
        "seconds_with_nothing_new": round(seconds[-1], 3),
    }


def review(database: Database, wanted: int) -> int:
    """Decide on so many messages as a trainer, the highest rows first; return how many it were."""
    member = StaffMember(new_id(), LOGIN, "Benchmark", StaffRole.TRAINER, seen_at=utc_now())
    with database.write() as uow:
        uow.staff.add(member, hash_password(PASSWORD))
        uow.commit()
    done = 0
    while done < wanted:
        done += sum(decide_page(database, member))
    return done


def decide_page(database: Database, member: StaffMember) -> Iterator[int]:
    kinds = (Verdict(Kind.ACCEPT), Verdict(Kind.RELABEL, "request"), Verdict(Kind.SKIP))
    with database.write() as uow:
        for place, group in enumerate(uow.reviews.groups(Query(), None, 100)):
            verdict = kinds[place % len(kinds)]
            chosen = Chosen(group.id, 10**18)
            yield decide(uow, chosen, verdict, ["request"], member, utc_now()).size
        uow.commit()


def ask(settings: Settings, folder: Path, rounds: int) -> tuple[list[Json], float]:
    environment = {
        **os.environ,
        "AMENDS_DATABASE_URL": settings.database_url,
        "AMENDS_VAR_DIR": str(settings.var_dir),
        "AMENDS_DESK_PORT": str(PORT),
    }
    address, log = f"http://127.0.0.1:{PORT}", folder / "desk.log"
    with running([sys.executable, "-m", "amends.desk"], environment, PROJECT_DIR, log) as pid:
        wait_until_ready([f"{address}/healthz"], pid, log)
        with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:
            client.post("/sign-in", data={"login": LOGIN, "password": PASSWORD})
            pages = [page(client, path, rounds) for path in PATHS]
        return pages, resident_mb(pid)


def page(client: httpx.Client, path: str, rounds: int) -> Json:
    taken = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        answer = client.get(f"/training{path}")
        taken.append(time.perf_counter() - began)
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"/training{path} answered {answer.status_code}")
    return {
        "path": f"/training{path}",
        "first_seconds": round(taken[0], 3),
        "median_seconds": round(statistics.median(taken[1:]), 3),
        "most_seconds": round(max(taken[1:]), 3),
        "kilobytes": round(len(answer.content) / 1024),
    }


if __name__ == "__main__":
    main()
