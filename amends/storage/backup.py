"""Copies of both SQLite databases while they are in use, and back again.

BackupError   it cannot be done; one sentence says why
"""

import json
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import URL

from amends.storage import migrate
from amends.storage.database import is_sqlite, parse_url
from amends.values import Json

BOOKS, STATES, SECRET, TOLD = "amends.db", "tracker.db", "secret", "backup.json"
FORMAT = 1
PAGES = 2_000
"""Copied at a time; between them the engine and the gateway write on."""
BUSY_SECONDS = 30.0


class BackupError(Exception):
    pass


def back_up(database_url: str, tracker_url: str, secret: Path | None, target: Path) -> Json:
    """Write one archive with both databases, and the secret if it is given.

    The dialogue states are copied first. So the books may know more than they do, never less: what
    the engine has not seen is driven again, and replays are harmless. The other way round a state
    could tell of a case that is not there.

    Raises:
        BackupError: a database is no SQLite file, or the archive cannot be written.
    """
    books, states = _file_of(database_url), _file_of(tracker_url)
    if not books.is_file():
        raise BackupError(f"there is no database at {books}.")
    told: Json = {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "migration": migrate.current(database_url),
        "with_secret": secret is not None,
    }
    with tempfile.TemporaryDirectory(dir=_folder(target)) as folder:
        parts = Path(folder)
        if states.is_file():
            _copy(states, parts / STATES)
        _copy(books, parts / BOOKS)
        if secret is not None:
            shutil.copyfile(secret, parts / SECRET)
        (parts / TOLD).write_text(json.dumps(told), encoding="utf-8")
        _pack(parts, target)
    return {**told, "bytes": target.stat().st_size}


def restore(
    archive: Path, database_url: str, tracker_url: str, secret: Path, *, force: bool
) -> Json:
    """Put the databases of an archive in place, and the secret if the archive holds one.

    Raises:
        BackupError: something is there already and not to be replaced, the archive is none of
            ours or damaged, or it is of a later version of the program.
    """
    books, states = _file_of(database_url), _file_of(tracker_url)
    if books.exists() and not force:
        raise BackupError(
            f"there is a database at {books}; move it away, or say --force to replace it."
        )
    with tempfile.TemporaryDirectory(dir=_folder(books)) as folder:
        parts = Path(folder)
        told = _unpack(archive, parts)
        for name in (BOOKS, STATES):
            if (parts / name).is_file():
                _check(parts / name)
        _refuse_newer(parts / BOOKS)
        _put(parts / BOOKS, books)
        if (parts / STATES).is_file():
            _put(parts / STATES, states)
        if (parts / SECRET).is_file():
            secret.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (parts / SECRET).chmod(0o600)
            (parts / SECRET).replace(secret)
    return told


def _file_of(url: str) -> Path:
    parsed: URL = parse_url(url)
    if not is_sqlite(parsed):
        raise BackupError(
            "this is for SQLite; of PostgreSQL make a backup with pg_dump, "
            "see docs/how-to/operate.md."
        )
    return Path(parsed.database or "")


def _folder(file: Path) -> Path:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return file.parent


def _copy(source: Path, target: Path) -> None:
    """Copy a database in use: one consistent state, of a moment within the copying."""
    try:
        with (
            closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as opened,
            closing(sqlite3.connect(target)) as copied,
        ):
            # One read transaction holds the state, however much is written meanwhile.
            opened.execute("BEGIN")
            opened.execute("SELECT count(*) FROM sqlite_master").fetchone()
            opened.backup(copied, pages=-1)
            copied.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied: {error}.") from error


def _pack(parts: Path, target: Path) -> None:
    draft = target.with_name(f".{target.name}.part")
    try:
        with tarfile.open(draft, "w:gz") as archive:
            for file in sorted(parts.iterdir()):
                archive.add(file, file.name)
        draft.chmod(0o600)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BackupError(f"{target} cannot be written: {error.strerror}.") from error


def _unpack(file: Path, parts: Path) -> Json:
    try:
        with tarfile.open(file, "r:gz") as archive:
            names = set(archive.getnames())
            if not {BOOKS, TOLD} <= names <= {BOOKS, STATES, SECRET, TOLD}:
                raise BackupError(f"{file} is no backup of Amends.")
            archive.extractall(parts, filter="data")
        told: Json = json.loads((parts / TOLD).read_text("utf-8"))
    except (OSError, tarfile.TarError, ValueError, EOFError) as error:
        raise BackupError(f"{file} cannot be read: {error}.") from error
    if told.get("format") != FORMAT:
        raise BackupError(f"{file} has a format that this program does not know; update Amends.")
    return told


def _check(file: Path) -> None:
    with closing(sqlite3.connect(file)) as opened:
        try:
            found = opened.execute("PRAGMA quick_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            found = str(error)
    if found != "ok":
        raise BackupError(f"{file.name} in the backup is damaged: {found}.")


def _refuse_newer(file: Path) -> None:
    try:
        migrate.is_behind(f"sqlite:///{file}")
    except Exception as error:
        raise BackupError(f"the backup cannot be used: {error}") from error


def _put(source: Path, target: Path) -> None:
    """Replace a database; the log of the one before would belong to another file."""
    _folder(target)
    for beside in ("-wal", "-shm"):
        source.with_name(source.name + beside).unlink(missing_ok=True)
        target.with_name(target.name + beside).unlink(missing_ok=True)
    source.chmod(0o600)
    source.replace(target)
