"""A log of some size: the pages of insights over it, and its scoring by the gateway's job.

`python -m benchmarks.scoring COUNT` fills a database of its own with so many conversations of ten
messages each, asks for every page (`benchmarks/insights.py`), forgets all scores, scores anew, and
prints seconds, milliseconds per conversation and the peak of memory as JSON.
"""

import json
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sqlalchemy import update

from amends.handoff.thresholds import Thresholds
from amends.satisfaction.model import Weights
from amends.satisfaction.scoring import BELIEVED
from amends.storage import Database
from amends.storage.migrate import upgrade
from amends.storage.tables.conversations import ConversationRow
from amends.values import Clock, utc_now
from amends.wiring import scoring
from amends.wiring.app import App
from amends.wiring.handoff import load_handoff
from amends.wiring.settings import load_settings
from benchmarks import insights
from benchmarks.conversations import MESSAGES, fill
from benchmarks.processes import Json

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Scoring:
    """What the job needs of the application."""

    db: Database
    thresholds: Thresholds
    weights: Weights = BELIEVED
    clock: Clock = utc_now


def measure(count: int) -> Json:
    """Fill a database; ask for the pages of insights, then score everything in it anew."""
    with tempfile.TemporaryDirectory(prefix="amends-log-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'amends.db'}"
        upgrade(url)
        fill(url, count)
        pages = insights.measure(url, folder, ROUNDS)
        return {"pages": pages, "scoring": score(url)}


def score(database_url: str) -> Json:
    before, database = _peak_mb(), Database(database_url)
    with database.write() as uow:
        uow._session.execute(update(ConversationRow).values(scored_at=None))
        uow.commit()
    application = Scoring(database, load_handoff(load_settings()))
    started = time.perf_counter()
    done = scoring.score_conversations(cast(App, application))
    seconds = time.perf_counter() - started
    database.close()
    return {
        "conversations": done,
        "messages": done * MESSAGES,
        "seconds": round(seconds, 1),
        "ms_per_conversation": round(1000 * seconds / max(1, done), 2),
        "peak_mb": _peak_mb(),
        "peak_mb_before": before,
    }


def _peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if sys.argv[1:] else 100_000)))
