"""`amends data`: look the training examples over before a model learns them, and add to them."""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from amends.cli.errors import UsageError
from amends.cli.log_files import whole_file
from amends.cli.neighbours import neighbours_of
from amends.storage import Database
from amends.training.changes import Author, Change, NewExample, TrainingFilesError
from amends.training.data_check import check_corpus
from amends.training.data_model import Corpus, Finding, Level, Place, RowIds
from amends.training.data_near import Neighbours
from amends.training.data_reader import RowsError, read_corpus, read_rows
from amends.training.data_writer import ExampleRefused, add_example
from amends.values import LANGUAGES, Json
from amends.wiring.settings import Settings, load_settings
from amends.wiring.training_files import author_here, training_files_of

EXIT_FOUND = 1
SHOWN_OF_A_KIND = 20

TITLES = {
    "broken_file": "Broken files",
    "two_intents": "The same text under two intents",
    "personal_data": "Personal data",
    "evaluation_overlap": "Examples that are evaluation rows",
    "repeat": "The same text twice",
    "near_duplicate": "Almost the same text",
    "few_examples": "Intents with few examples",
    "imbalance": "Imbalance",
    "brackets": "Brackets left in",
    "misplaced": "Examples nearer to another intent",
}


def configure(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="data_command", required=True, metavar="command")
    check = commands.add_parser("check", help="look the training examples over")
    check.description = (
        "Reads the examples in data/nlu and says what is wrong with them. "
        "Exit code 1 when there are errors; warnings alone leave it at 0."
    )
    check.add_argument("--data", type=Path, metavar="DIR", help="examples to read (data/nlu)")
    check.add_argument(
        "--rows", type=Path, metavar="DIR",
        help="evaluation rows (.jsonl) that no example may repeat; only their ids are shown",
    )  # fmt: skip
    check.add_argument(
        "--quick", action="store_true",
        help="do not look for examples nearer to another intent, which takes half a minute",
    )  # fmt: skip
    check.add_argument("--all", action="store_true", help="show all findings of each kind")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    check.set_defaults(do=_check)
    _configure_add(commands.add_parser("add", help="add an example to the file of its intent"))


def _configure_add(add: argparse.ArgumentParser) -> None:
    add.description = (
        "Puts one message under its intent, at the end of the block where most of its like stand; "
        "comments and order stay. Refuses what stands there already, almost the same words, and "
        "personal data. The change is one commit of yours, where there is git, and stands under "
        "Training, Changes at the desk. Prints the file and the line; `amends train` lets it count."
    )
    add.add_argument("text", metavar="TEXT", help="what a customer wrote, on one line")
    add.add_argument("--intent", required=True, help="such as report_damaged_item")
    add.add_argument("--language", choices=LANGUAGES, default="en", help="en unless said")
    add.add_argument("--why", metavar="TEXT", help="reason, the commit's subject")
    add.add_argument("--data", type=Path, metavar="DIR", help="the examples (data/nlu)")
    add.set_defaults(do=_add)


def run(arguments: argparse.Namespace) -> int:
    return int(arguments.do(arguments))


def _add(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    project = settings.project_dir.resolve()
    folder = (arguments.data or project / "data" / "nlu").resolve()
    corpus = _corpus(folder, project)
    if folder != project / "data" / "nlu":
        print(_add_elsewhere(arguments, folder, project, corpus))
        return 0
    database = Database(settings.database_url)
    author = Author(*author_here(project))
    new = NewExample(arguments.intent, arguments.text, arguments.language)
    why = arguments.why or f"Add an example of {arguments.intent}"
    try:
        change = training_files_of(settings, database).add_examples([new], author, why)
    except (ExampleRefused, TrainingFilesError) as refused:
        raise UsageError(str(refused)) from None
    finally:
        database.close()
    print(_place_of(new, change, read_corpus(folder, project)))
    return 0


def _place_of(new: NewExample, change: Change, corpus: Corpus) -> Place:
    return next(
        one.place
        for one in corpus.examples
        if one.place.file in change.paths
        and (one.intent, one.text) == (new.intent, new.text.strip())
    )


def _add_elsewhere(
    arguments: argparse.Namespace, folder: Path, project: Path, corpus: Corpus
) -> Place:
    """Add to a folder that is not the project's: one file, written whole, recorded nowhere."""
    inside = folder.is_relative_to(project)
    paths = {str(p.relative_to(project) if inside else p): p for p in folder.rglob("*.yml")}
    files = {name: path.read_bytes().decode("utf-8") for name, path in paths.items()}
    try:
        added = add_example(
            files, corpus.examples, arguments.intent, arguments.text, arguments.language
        )
    except ExampleRefused as refused:
        raise UsageError(str(refused)) from None
    path = paths[added.place.file]
    with whole_file(path) as draft:
        draft.write_bytes(added.text.encode("utf-8"))
        shutil.copymode(path, draft)
    return added.place


def _check(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    project = settings.project_dir
    corpus = _corpus(arguments.data or project / "data" / "nlu", project)
    rows = _rows(arguments.rows) if arguments.rows else None
    neighbours = None if arguments.quick else _neighbours(settings, corpus)
    found = check_corpus(corpus, rows, neighbours)
    if arguments.json:
        print(json.dumps(as_json(corpus, found), ensure_ascii=False, indent=2))
    else:
        print(as_text(corpus, found, None if arguments.all else SHOWN_OF_A_KIND))
    return EXIT_FOUND if _count(found, Level.ERROR) else 0


def as_json(corpus: Corpus, found: Sequence[Finding]) -> Json:
    """Return the report for other programs."""
    return {
        "examples": len(corpus.examples),
        "intents": len({one.intent for one in corpus.examples}),
        "errors": _count(found, Level.ERROR),
        "warnings": _count(found, Level.WARNING),
        "findings": [
            {
                "check": one.check,
                "level": str(one.level),
                "message": one.message,
                "places": [{"file": place.file, "line": place.line} for place in one.places],
                "row_ids": list(one.row_ids),
            }
            for one in found
        ],
    }


def as_text(corpus: Corpus, found: Sequence[Finding], most: int | None) -> str:
    """Return the report for a person, at most so many findings of each kind."""
    lines = []
    for (level, check), same in groupby(found, key=lambda one: (one.level, one.check)):
        alike = list(same)
        lines.append(f"{level.upper()}  {TITLES.get(check, check)} ({len(alike)})")
        lines += [f"  {_line(one)}" for one in alike[:most]]
        if most is not None and len(alike) > most:
            lines.append(f"  … and {len(alike) - most} more; --all shows them")
        lines.append("")
    intents = len({one.intent for one in corpus.examples})
    errors, warnings = _count(found, Level.ERROR), _count(found, Level.WARNING)
    lines.append(
        f"{len(corpus.examples)} examples of {intents} intents: "
        f"{errors} errors, {warnings} warnings."
    )
    return "\n".join(lines)


def _line(one: Finding) -> str:
    rows = f" (rows {', '.join(one.row_ids)})" if one.row_ids else ""
    return f"{', '.join(map(str, one.places))}  {one.message}{rows}"


def _corpus(folder: Path, project: Path) -> Corpus:
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder; name the one that holds the examples.")
    corpus = read_corpus(folder.resolve(), project.resolve())
    if not corpus.examples and not corpus.broken:
        raise UsageError(f"{folder} holds no examples; name the folder with Rasa's NLU files.")
    return corpus


def _neighbours(settings: Settings, corpus: Corpus) -> Neighbours | None:
    """Ask the engine's encoder; without its environment everything else is still checked."""
    if settings.engine_python.exists():
        return neighbours_of(settings, [one.text for one in corpus.examples])
    print(f"amends: {settings.engine_python} is missing, so no intents were compared; "
          "set it up with `make install`.", file=sys.stderr)  # fmt: skip
    return None


def _rows(folder: Path) -> RowIds:
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder; name the one that holds the evaluation rows.")
    try:
        return read_rows(folder)
    except RowsError as error:
        raise UsageError(str(error)) from None


def _count(found: Sequence[Finding], level: Level) -> int:
    return sum(one.level is level for one in found)
