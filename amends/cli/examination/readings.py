"""What the candidate and the live model make of labelled rows and of last week's messages."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from amends.cli.evaluation.engine import asks_back_below
from amends.cli.evaluation.predictions import of_parse
from amends.cli.evaluation.record import Run, record_of
from amends.cli.evaluation.rows import Labelled
from amends.cli.examination.steps import StepFailed, Steps
from amends.handoff.thresholds import Thresholds
from amends.training.comparison import Headline, Verdict, answers, compare, headlines
from amends.training.data_reader import read_corpus
from amends.training.evaluation import evaluate
from amends.training.handoff_curve import handoff_curves
from amends.training.model import Figures, Prediction, RowId
from amends.training.promotion.model import ChangedReading, Figure, Reading, differing
from amends.values import Json, utc_now
from amends.wiring.models import name_of
from amends.wiring.reading import Compared, UnderstandingError, reading_of_parse, side_by_side
from amends.wiring.settings import Settings

LAST_WEEK = timedelta(days=7)
ENOUGH_FOR_A_MEDIAN = 200
TELL_EVERY = 50
SAME_SPEED_WITHIN = 0.05
"""Two runs of one model differ by as much on a machine that does other work too."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The candidate, and the live model to compare with; None when it is the candidate itself."""

    settings: Settings
    model: Path
    against: Path | None
    thresholds: Thresholds


@dataclass(slots=True)
class MessagesRead:
    """What came of last week's messages."""

    count: int = 0
    changed: tuple[ChangedReading, ...] = ()
    latency: Figure | None = None
    pairs: list[tuple[str, int, Reading, Reading]] = field(default_factory=list)


def read_labelled(pair: Pair, labelled: Labelled, steps: Steps) -> tuple[list[Figure], Json]:
    """Return the figures of the labelled rows beside the live model's, and the whole evaluation.

    Raises:
        StepFailed: A model could not read them.
    """
    rows: list[Json] = [{"id": row_id, "text": text} for row_id, text in labelled.texts.items()]
    now: dict[RowId, Prediction] = {}
    before: dict[RowId, Prediction] = {}
    for one in _read(pair, rows, steps, "rows"):
        now[one.id] = of_parse(one.id, one.parse, pair.thresholds)[0]
        if one.against is not None:
            before[one.id] = of_parse(one.id, one.against, pair.thresholds)[0]
    threshold = asks_back_below(pair.settings)
    figures = evaluate(labelled.rows, now, threshold)
    live = evaluate(labelled.rows, before, threshold) if before else None
    run = Run(
        model=name_of(pair.model),
        made_at=utc_now(),
        rows=labelled.fingerprint,
        figures=figures,
        curves=handoff_curves(labelled.rows, now, pair.thresholds),
        cross=None,
        answers=answers(now),
    )
    return _beside(figures, live), record_of(run)


def read_messages(
    pair: Pair, messages: Sequence[tuple[str, int, str]], steps: Steps
) -> MessagesRead:
    """Read last week's messages with both models, and measure how long each reading takes.

    Where there are few messages, lines of our own stand in for the measurement of time alone.

    Raises:
        StepFailed: A model could not read them.
    """
    places = {str(number): place[:2] for number, place in enumerate(messages)}
    rows: list[Json] = [
        {"id": key, "text": one[2]} for key, one in zip(places, messages, strict=True)
    ]
    rows += _own_lines(pair.settings, ENOUGH_FOR_A_MEDIAN - len(rows))
    found = MessagesRead(count=len(messages))
    took: list[tuple[float, float | None]] = []
    for one in _read(pair, rows, steps, "messages"):
        took.append((one.ms, one.against_ms))
        if one.against is not None and one.id in places:
            before = reading_of_parse(one.against, pair.thresholds)
            after = reading_of_parse(one.parse, pair.thresholds)
            found.pairs.append((*places[str(one.id)], before, after))
    found.changed = differing(found.pairs)
    found.latency = latency(took)
    return found


def latency(took: Sequence[tuple[float, float | None]]) -> Figure | None:
    """Return the median time of a reading as a multiple of the live model's in the same run."""
    other = [against for _, against in took if against is not None]
    if not took or not other:
        return None
    ratio = statistics.median(ms for ms, _ in took) / max(statistics.median(other), 0.001)
    headline = Headline("latency_ratio", "", round(ratio, 3), rows=len(took), less_is_better=True)
    found = _as_figure(headline, 1.0)
    if abs(ratio - 1) < SAME_SPEED_WITHIN:
        return replace(found, verdict=Verdict.SAME.value)
    return found


def _read(pair: Pair, rows: list[Json], steps: Steps, key: str) -> "list[Compared]":
    found: list[Compared] = []
    try:
        for one in side_by_side(pair.settings, pair.model, pair.against, rows):
            found.append(one)
            if len(found) % TELL_EVERY == 0 or len(found) == len(rows):
                steps.say(key, f"{len(found)} / {len(rows)}")
    except UnderstandingError as error:
        first, _, rest = str(error).partition("\n")
        raise StepFailed(first, rest) from None
    return found


def _own_lines(settings: Settings, how_many: int) -> list[Json]:
    if how_many <= 0:
        return []
    examples = read_corpus(settings.project_dir / "data/nlu", settings.project_dir).examples
    apart = max(1, len(examples) // how_many)
    chosen = examples[::apart][:how_many]
    return [{"id": f"own-{number}", "text": one.text} for number, one in enumerate(chosen)]


def _beside(figures: Figures, live: Figures | None) -> list[Figure]:
    before = {one.key: one.value for one in headlines(live, None)} if live else {}
    return [_as_figure(one, before.get(one.key)) for one in headlines(figures, None)]


def _as_figure(headline: Headline, before: float | None) -> Figure:
    change = None if before is None else compare(headline, before)
    return Figure(
        key=headline.key,
        value=round(headline.value, 4),
        interval95=headline.interval95,
        rows=headline.rows,
        before=None if before is None else round(before, 4),
        verdict=change.verdict.value if change else None,
        may_be_chance=change.may_be_chance if change else False,
        less_is_better=headline.less_is_better,
    )


def cross_figures(found: Sequence[Headline], before: dict[str, float]) -> list[Figure]:
    """Return the figures of a cross-validation beside those of the live model's own."""
    return [_as_figure(one, before.get(one.key)) for one in found]
