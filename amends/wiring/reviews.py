"""Keeps the trainer's review queue some seconds behind what is said, marked and rated.

Each round reads on from where the last one stopped, a batch at a time. Reading and judging hold
nobody up; a batch is then written in one transaction together with the place that was reached, and
only if nobody else has moved that place. So a process that is killed loses nothing, and two of them
do nothing twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any, Final

import structlog
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from amends.storage import SqlUnitOfWork
from amends.training.data_model import Example
from amends.training.review.model import Cursor, Gathered, Looked, Mark
from amends.training.review.reasons import found_in
from amends.training.review.similarity import signature
from amends.training.review.talks import talk_of
from amends.training.review.wording import Vocabulary, vocabulary_of
from amends.wiring.app import App
from amends.wiring.scoring import SLOWEST_COMMIT
from amends.wiring.training_files import training_files

log = structlog.get_logger()

LOOK_BACK: Final = timedelta(days=90)
"""So far back the first round of all begins: what was said earlier has been learnt, or is gone."""

BATCH: Final = 50
"""Conversations that are written together; a small batch, for it locks SQLite."""

ROUND_SECONDS: Final = 10.0
"""After so long a round ends and the next one goes on."""

ASKING_BACK: Final = ("utter_rephrase", "say_did_you_mean", "utter_default")
"""The responses of `domain.yml` by which the assistant says that it did not understand."""

Known = tuple[Vocabulary, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Batch:
    ids: tuple[str, ...]
    before: Cursor | None
    after: Cursor


def fill_review_queue(app: App) -> int:
    """Look at what is new and at what changed; return how many messages entered the queue."""
    known: Known | None = None
    until, found = monotonic() + ROUND_SECONDS, 0
    while monotonic() < until:
        with app.db.read() as uow:
            batch = next_batch(app, uow)
            gathered = uow.reviews.gather(batch.ids)
        if batch.before == batch.after:
            break
        known = known or (vocabulary(app), sentences(app.settings.project_dir / "domain.yml"))
        looked = [look(one, gathered[one], known) for one in batch.ids]
        with app.db.write() as uow:
            if not uow.reviews.advance(batch.before, batch.after):
                break  # another process is at it
            found += uow.reviews.put(looked)
            uow.commit()
    return found


def next_batch(app: App, uow: SqlUnitOfWork) -> Batch:
    """Return the conversations that come next, and the place that is reached with them."""
    settled = app.clock() - SLOWEST_COMMIT
    begin = Mark(app.clock() - LOOK_BACK)
    before = uow.reviews.cursor()
    here = before or Cursor(begin, begin)
    changed = uow.reviews.changed(here.changed, settled, BATCH)
    outdated = uow.reviews.outdated(here.outdated, settled, BATCH)
    after = Cursor(_last(changed, here.changed), _last(outdated, here.outdated))
    ids = dict.fromkeys(one.conversation_id for one in (*changed, *outdated))
    return Batch(tuple(ids), before, after)


def look(conversation_id: str, gathered: Gathered, known: Known) -> Looked:
    """Return what is worth a look in one conversation."""
    words, asking_back = known
    found = found_in(talk_of(gathered, asking_back), words)
    first = gathered.messages[0].seq if gathered.messages else 1
    return Looked(conversation_id, first, tuple((one, signature(one.text)) for one in found))


def vocabulary(app: App) -> Vocabulary:
    """Return the words that the training examples hold; none where they cannot be read."""
    try:
        return _vocabulary(tuple(training_files(app).examples()))
    except OSError as error:
        log.warning("reviews.examples.unreadable", reason=str(error))
        return Vocabulary()


def sentences(domain: Path) -> frozenset[str]:
    """Return how the assistant asks back, in all languages; none without a readable file."""
    try:
        return _sentences(domain, domain.stat().st_mtime_ns)
    except (OSError, YAMLError) as error:
        log.warning("reviews.domain.unreadable", reason=str(error))
        return frozenset()


def _last(marks: Sequence[Mark], otherwise: Mark) -> Mark:
    return marks[-1] if marks else otherwise


@lru_cache(maxsize=1)
def _vocabulary(examples: tuple[Example, ...]) -> Vocabulary:
    return vocabulary_of(one.text for one in examples)


@lru_cache(maxsize=2)
def _sentences(domain: Path, changed_ns: int) -> frozenset[str]:
    loaded: Any = YAML(typ="safe").load(domain)
    responses = (loaded or {}).get("responses") or {}
    return frozenset(_texts(responses.get(name) or () for name in ASKING_BACK))


def _texts(listed: Iterable[Any]) -> Iterable[str]:
    for variations in listed:
        for one in variations:
            if isinstance(one, dict) and isinstance(one.get("text"), str):
                yield one["text"].strip()
