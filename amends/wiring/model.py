"""Which trained model belongs to the training data, components and packages as they are now."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from amends.wiring.settings import Settings

FINGERPRINTED = (
    "data",
    "domain.yml",
    "config.yml",
    "bot/components",
    "bot/encoders",
    "requirements/engine.lock",
)
FINGERPRINT_CHARACTERS = 12
IGNORED_FOLDERS = frozenset({"__pycache__"})
WEIGHTS = (".onnx", ".onnx.data")
"""Ends of large files that are refused unless they have the checksum in the file beside them."""


class ProjectFilesError(FileNotFoundError):
    """A file that training needs is missing; the text is one sentence that names it."""


def current_model(settings: Settings) -> Path:
    """Return where the model for the present files is, or will be once it is trained."""
    return settings.models_dir / f"amends-{fingerprint(settings.project_dir)}.tar.gz"


def fingerprint(project_dir: Path) -> str:
    """Return 12 hexadecimal digits that change when anything that shapes the model changes.

    Raises:
        ProjectFilesError: One of the files or folders is missing.
    """
    digest = hashlib.sha256()
    for name in FINGERPRINTED:
        for path in _files_under(project_dir / name):
            relative = path.relative_to(project_dir).as_posix()
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{relative}\0{content}\n".encode())
    return digest.hexdigest()[:FINGERPRINT_CHARACTERS]


def _files_under(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and not file.name.endswith(WEIGHTS) and not _is_litter(file):
                yield file
    else:
        raise ProjectFilesError(f"{path} is missing; the model cannot be trained without it.")


def _is_litter(file: Path) -> bool:
    return file.name.startswith(".") or bool(IGNORED_FOLDERS & set(file.parts))
