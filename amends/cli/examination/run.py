"""One examination from its beginning to its end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from amends.cli.checks import read_thresholds
from amends.cli.errors import UsageError
from amends.cli.evaluation.engine import fold_predictions
from amends.cli.evaluation.rows import Labelled, read_folder
from amends.cli.examination.rasa import CONVERSATIONS, test_conversations, validate
from amends.cli.examination.readings import (
    LAST_WEEK,
    Pair,
    cross_figures,
    read_labelled,
    read_messages,
)
from amends.cli.examination.steps import Report, StepFailed, Steps
from amends.cli.train import Progress, steps_of, train_if_stale
from amends.storage import Database
from amends.training.comparison import headlines
from amends.training.cross_validation import cross_validated
from amends.training.model import FoldPrediction
from amends.training.promotion.model import ChangedReading, Examination, Figure
from amends.training.promotion.rules import STEPS, PromotionRules
from amends.values import Json, new_id, utc_now
from amends.wiring.model import current_model
from amends.wiring.models import find_model, live_model, name_of
from amends.wiring.settings import Settings, env_name

TRAINING = "training"
TELL_EVERY = 100
OTHER_FILES = "the present files make another model"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is examined, and how.

    Attributes:
        model: Its name; None: the model of the present files, trained first if it is missing.
        folds: Of the cross-validation; 0 leaves it out.
    """

    model: str | None
    folds: int
    by: str


@dataclass(slots=True)
class _Found:
    figures: list[Figure] = field(default_factory=list)
    messages: int = 0
    changed: tuple[ChangedReading, ...] = ()
    evaluation: Json | None = None


def examine(
    settings: Settings, db: Database, rules: PromotionRules, asked: Asked, report: Report
) -> Examination:
    """Examine a model against the live one, and store what was found as one record.

    A step that fails does not keep the others from being taken; what failed stands in the record.

    Raises:
        TrainingError: The model could not be trained, so there is nothing to examine.
        UnknownModel: There is no such model.
    """
    keys = STEPS if asked.model else (TRAINING, *STEPS)
    steps = Steps(keys, report)
    model = (
        find_model(settings, asked.model).path if asked.model else _train(settings, asked, steps)
    )
    with db.read() as uow:
        live = live_model(settings, uow)
    against = live.path if live.path != model and live.path.is_file() else None
    found = _Found()
    _check_files(settings, db, model, asked, steps, found, against)
    pair = Pair(settings, model, against, read_thresholds(settings))
    _read_rows(pair, steps, found)
    _converse(settings, model, steps)
    _read_messages(pair, db, rules, steps, found)
    examination = Examination(
        id=new_id(),
        model=name_of(model),
        against=name_of(against) if against else None,
        at=utc_now(),
        by=asked.by,
        steps=steps.all(),
        figures=tuple(found.figures),
        messages=found.messages,
        changed_count=len(found.changed),
        changed=found.changed,
        evaluation=found.evaluation,
    )
    with db.write() as uow:
        uow.models.add_examination(examination)
        uow.commit()
    return examination


def _train(settings: Settings, asked: Asked, steps: Steps) -> Path:
    with steps.doing(TRAINING):
        model, trained = train_if_stale(settings, progress=_each_part(settings, steps), by=asked.by)
        steps.say(TRAINING, name_of(model) if trained else f"{name_of(model)} was there already")
    return model


def _each_part(settings: Settings, steps: Steps) -> Progress:
    total, done = steps_of(settings.project_dir / "config.yml"), [0]

    def told(component: str) -> None:
        done[0] = min(done[0] + 1, total)
        steps.say(TRAINING, f"{done[0]} / {total}: {component}")

    return told


def _check_files(
    settings: Settings,
    db: Database,
    model: Path,
    asked: Asked,
    steps: Steps,
    found: _Found,
    against: Path | None,
) -> None:
    """Check what only the present files tell of a model that was made of them."""
    if model != current_model(settings):
        for key in ("validation", "cross_validation"):
            steps.skip(key, OTHER_FILES)
        return
    with steps.doing("validation"):
        validate(settings)
    if not asked.folds:
        steps.skip("cross_validation", "left out as asked")
        return
    with steps.doing("cross_validation"):
        found.figures += _cross_validate(settings, db, asked.folds, steps, against)


def _cross_validate(
    settings: Settings, db: Database, folds: int, steps: Steps, against: Path | None
) -> list[Figure]:
    read: list[FoldPrediction] = []
    try:
        for one in fold_predictions(settings, folds):
            read.append(one)
            if len(read) % TELL_EVERY == 0:
                steps.say("cross_validation", f"{one.fold} / {folds}")
    except UsageError as error:
        first, _, rest = str(error).partition("\n")
        raise StepFailed(first, rest) from None
    steps.say("cross_validation", f"{folds} / {folds}")
    return cross_figures(headlines(None, cross_validated(read)), _cross_before(db, against))


def _cross_before(db: Database, against: Path | None) -> dict[str, float]:
    """Return the live model's own figures, from when it was examined itself."""
    if against is None:
        return {}
    with db.read() as uow:
        last = uow.models.last_examination(name_of(against))
    return {one.key: one.value for one in last.figures} if last else {}


def _read_rows(pair: Pair, steps: Steps, found: _Found) -> None:
    folder = pair.settings.evaluation_rows
    if not folder:
        steps.skip("rows", f"{env_name('evaluation_rows')} names no labelled messages")
        return
    with steps.doing("rows"):
        labelled = _labelled(pair.settings.project_dir / folder)
        figures, found.evaluation = read_labelled(pair, labelled, steps)
        found.figures += figures


def _labelled(folder: Path) -> Labelled:
    try:
        return read_folder(folder)
    except UsageError as error:
        raise StepFailed(str(error)) from None


def _converse(settings: Settings, model: Path, steps: Steps) -> None:
    if not (settings.project_dir / CONVERSATIONS).is_dir():
        steps.skip("conversations", f"there is no folder {CONVERSATIONS}")
        return
    with steps.doing("conversations"):
        test_conversations(settings, model)


def _read_messages(
    pair: Pair, db: Database, rules: PromotionRules, steps: Steps, found: _Found
) -> None:
    if pair.against is None:
        steps.skip("messages", "no other model is live to compare with")
        return
    with steps.doing("messages"):
        with db.read() as uow:
            messages: Sequence[tuple[str, int, str]] = uow.recent_messages.since(
                utc_now() - LAST_WEEK, rules.messages
            )
        read = read_messages(pair, messages, steps)
        found.messages, found.changed = read.count, read.changed
        found.figures += [read.latency] if read.latency else []
