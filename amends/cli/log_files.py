"""Files that are there as a whole or not at all, and rows as lines in them."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from amends.cli.errors import UsageError
from amends.records.log.to_row import to_json_line
from amends.values import Json


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a draft beside `path` to write into; at the end it takes its place, if nothing failed.

    The file can be read by its owner only.

    Raises:
        UsageError: There cannot be such a file.
    """
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is not a file; name one with --out.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}; make it, or name another with --out.")
    draft = _draft(path)
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(path)
    except OSError as error:
        raise UsageError(f"{path} could not be written: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)


def write_lines(rows: Iterable[Json], file: TextIO) -> None:
    file.writelines(map(to_json_line, rows))


def _draft(path: Path) -> Path:
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise UsageError(f"{path} could not be written: {error.strerror or error}.") from error
    os.close(handle)
    return Path(name)
