"""`amends evaluate`: how well the assistant understands, as figures, tables and one report."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from amends.cli.checks import check_engine, read_thresholds
from amends.cli.errors import UsageError
from amends.cli.evaluation.engine import asks_back_below, fold_predictions
from amends.cli.evaluation.page import page
from amends.cli.evaluation.predictions import of_parse, read_predictions
from amends.cli.evaluation.record import (
    OWN_LINES,
    SUFFIX,
    Other,
    OtherFormatError,
    RecordError,
    Run,
    kept_path,
    last_run,
    read_record,
    record_of,
    with_comparison,
)
from amends.cli.evaluation.rows import Labelled, read_folder
from amends.cli.evaluation.tables import print_tables
from amends.cli.live import model_to_use
from amends.cli.rows import RowError, as_line
from amends.handoff.thresholds import Thresholds
from amends.training.comparison import answers
from amends.training.cross_validation import cross_validated
from amends.training.evaluation import evaluate
from amends.training.handoff_curve import handoff_curves
from amends.training.model import CrossValidation, Prediction, RowId
from amends.values import Json, utc_now
from amends.wiring.model import current_model
from amends.wiring.reading import parses
from amends.wiring.settings import Settings, env_name, load_settings

DEFAULT_FOLDS = 5
MODEL_ENDING = ".tar.gz"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Measures understanding on labelled rows, by cross-validation on the examples of data/nlu, "
        "or both; prints tables and writes evaluation.json, predictions.jsonl and report.html."
    )
    parser.add_argument(
        "--rows",
        type=Path,
        metavar="DIR",
        help=f"folder of labelled rows (default: {env_name('evaluation_rows')})",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write (var/evaluation)")
    parser.add_argument(
        "--cross-validate", type=int, metavar="K", help="train K times, each time leaving 1/K out"
    )
    parser.add_argument(
        "--compare",
        type=Path,
        metavar="FILE",
        help="another evaluation.json, or a baseline's rows {id, intent, confidence}",
    )
    parser.add_argument("--model", type=Path, help="model to use instead of the live one")


def run(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    labelled = rows_of(arguments, settings)
    folds = folds_of(arguments, labelled)
    check_engine(settings)
    compared = read_compared(arguments.compare, labelled, settings) if arguments.compare else None
    model = model_of(arguments, settings, labelled)
    run, predictions = measure(settings, model, labelled, folds)
    before = last_run(settings.models_dir, run.rows)
    others = [other for other in (before, compared) if other]
    out = arguments.out or settings.var_dir / "evaluation"
    write(settings, run, others, predictions, out)  # first: whoever reads the tables may stop early
    print_tables(run, others)
    print(f"Report: {out / 'report.html'}")
    return 0


def rows_of(arguments: argparse.Namespace, settings: Settings) -> Labelled | None:
    """Return the labelled rows, or None, saying so, when no folder was named."""
    if arguments.rows:
        return read_folder(arguments.rows)
    if settings.evaluation_rows:
        return read_folder(settings.project_dir / settings.evaluation_rows)
    print(
        f"No labelled rows: neither --rows nor {env_name('evaluation_rows')} names a folder. "
        "Only cross-validation runs.",
        file=sys.stderr,
    )
    return None


def folds_of(arguments: argparse.Namespace, labelled: Labelled | None) -> int | None:
    """Return how many folds to train, or None for no cross-validation."""
    folds: int | None = arguments.cross_validate
    if folds is None:
        return None if labelled else DEFAULT_FOLDS
    if folds < 2:
        raise UsageError(f"--cross-validate is {folds}; at least 2 folds are needed.")
    return folds


def read_compared(path: Path, labelled: Labelled | None, settings: Settings) -> Other:
    """Read what --compare names: a record, or predictions that are measured here and now.

    Raises:
        UsageError: The file is neither, or is about other rows.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--compare: {path} cannot be read: {error}.") from None
    try:
        record = read_record(text, path)
    except OtherFormatError:
        raise
    except RecordError:  # then it holds a baseline's predictions
        record = measured_baseline(text, path, labelled, settings)
    expected = labelled.fingerprint if labelled else OWN_LINES
    if record["rows"] != expected:
        raise UsageError(f"--compare: {path} was measured on other rows; measure it on these.")
    return Other(path.parent.name if path.name == SUFFIX else path.stem, record)


def measured_baseline(text: str, path: Path, labelled: Labelled | None, settings: Settings) -> Json:
    if labelled is None:
        raise UsageError("--compare with predictions needs the labelled rows; add --rows.")
    try:
        predictions = read_predictions(text.splitlines())
    except RowError as error:
        raise RowError(f"{path.name}, {error}") from None
    if not predictions:
        raise UsageError(f"--compare: {path} holds no predictions.")
    run = Run(
        model=path.stem,
        made_at=utc_now(),
        rows=labelled.fingerprint,
        figures=evaluate(labelled.rows, predictions, asks_back_below(settings)),
        curves=(),
        cross=None,
        answers=answers(predictions),
    )
    return record_of(run)


def model_of(arguments: argparse.Namespace, settings: Settings, labelled: Labelled | None) -> Path:
    """Return the model that reads the rows; cross-validation alone needs none to be trained."""
    if labelled is None:
        return current_model(settings)
    model: Path = arguments.model or model_to_use(settings)
    if not model.is_file():
        raise UsageError(f"{model} is not a model file.")
    return model


def measure(
    settings: Settings, model: Path, labelled: Labelled | None, folds: int | None
) -> tuple[Run, list[Json]]:
    """Return what was found, and the public object of each row."""
    thresholds = read_thresholds(settings)
    read = list(read_rows(settings, model, labelled, thresholds)) if labelled else []
    predictions = {prediction.id: prediction for prediction, _ in read}
    rows = labelled.rows if labelled else None
    run = Run(
        model=model.name.removesuffix(MODEL_ENDING),
        made_at=utc_now(),
        rows=labelled.fingerprint if labelled else OWN_LINES,
        figures=evaluate(rows, predictions, asks_back_below(settings)) if rows else None,
        curves=handoff_curves(rows, predictions, thresholds) if rows else (),
        cross=cross_validate(settings, folds) if folds else None,
        answers=answers(predictions),
    )
    return run, [public for _, public in read]


def read_rows(
    settings: Settings, model: Path, labelled: Labelled, thresholds: Thresholds
) -> Iterator[tuple[Prediction, Json]]:
    """Let the engine read every text once, whichever files it stands in."""
    rows: list[Json] = [{"id": row_id, "text": text} for row_id, text in labelled.texts.items()]
    found: Iterable[tuple[RowId, Json]] = parses(settings, model, rows)
    for row_id, parse in progress(found, len(rows), "Reading the labelled rows"):
        yield of_parse(row_id, parse, thresholds)


def cross_validate(settings: Settings, folds: int) -> CrossValidation:
    found = fold_predictions(settings, folds)
    return cross_validated(list(progress(found, None, f"Training {folds} times")))


def progress[T](items: Iterable[T], total: int | None, title: str) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import track

    console = Console(file=sys.stderr)
    yield from track(items, title, total=total, console=console, transient=True)


def write(
    settings: Settings, run: Run, others: list[Other], predictions: list[Json], out: Path
) -> None:
    """Write the three files, and the record a second time next to the model."""
    record = with_comparison(record_of(run), run, others)
    kept = kept_path(settings.models_dir, run.model, run.rows)
    text = json.dumps(record, indent=1) + "\n"
    contents = {
        out / SUFFIX: text,
        out / "predictions.jsonl": "".join(as_line(row) + "\n" for row in predictions),
        out / "report.html": page(run, others),
        kept: text,
    }
    for path, content in contents.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
