"""The files of rules, stories and test conversations as they stand, beside the domain."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from amends.cases.categories import CATEGORIES_FILE
from amends.training.new_intent.files import CATEGORIES, DOMAIN, RULES

STORIES = "data/stories"
TESTS = "tests/conversations"
NLU = "data/nlu"


def read_folder(project: Path, folder: str) -> dict[str, str]:
    """Return the text of each YAML file of a folder and its folders, by path, in order."""
    found = sorted(_yaml_files(project / folder))
    return {
        path.relative_to(project).as_posix(): path.read_bytes().decode("utf-8") for path in found
    }


def read_domain(project: Path) -> str:
    return (project / DOMAIN).read_bytes().decode("utf-8")


def files_of_intents(project: Path) -> dict[str, str]:
    """Return the texts that a new intent may change: domain, categories and rules."""
    categories = project / CATEGORIES
    found = {DOMAIN: read_domain(project), **read_folder(project, RULES)}
    if categories.is_file():
        found[CATEGORIES] = categories.read_bytes().decode("utf-8")
    return found


def is_read_from(project: Path) -> bool:
    """Whether this program reads its categories from that project's folder."""
    return (project / CATEGORIES).resolve() == CATEGORIES_FILE.resolve()


def names_in_use(project: Path, folders: Sequence[str] = (NLU, RULES, STORIES)) -> frozenset[str]:
    """Return the names of files that a new one must not overwrite, without their endings."""
    own = {path.stem for folder in folders for path in _yaml_files(project / folder)}
    tests = {path.stem.removeprefix("test_") for path in _yaml_files(project / TESTS)}
    return frozenset(own | tests)


def _yaml_files(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("*.yml")
    yield from folder.rglob("*.yaml")
