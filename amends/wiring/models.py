"""The trained models of this installation: their files, how each was made, and which one is live.

How a model was made stands in a small file beside it (`NAME.training.json`), so that it travels
with the model and training needs no database. What was found about it and which model answers
stands in the database, where all processes see it and nothing is rewritten.
"""

import hashlib
import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from amends.training.data_reader import read_corpus
from amends.training.promotion.errors import UnknownModel
from amends.training.promotion.model import LONGEST_NAME, Promotion
from amends.training.promotion.ports import UnitOfWork
from amends.values import Json
from amends.wiring.model import FINGERPRINTED, ProjectFilesError, current_model, fingerprint
from amends.wiring.settings import Settings

ENDING = ".tar.gz"
RECORD_ENDING = ".training.json"
GIT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Training:
    """How a model was made.

    Attributes:
        data_version: Commit of the project; empty where there is no git.
        data_dirty: Whether files that shape the model differed from that commit.
        config_digest: The first 12 hexadecimal digits of config.yml's SHA-256.
        examples: Lines of data/nlu that it learnt from.
        trained_by: Staff id, or the name of who typed the command.
    """

    fingerprint: str
    data_version: str
    data_dirty: bool
    config_digest: str
    examples: int
    trained_at: datetime
    trained_by: str
    seconds: float


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A model file; `training` is None when nothing is kept about how it was made."""

    name: str
    path: Path
    written_at: datetime
    size_bytes: int
    training: Training | None

    @property
    def trained_at(self) -> datetime:
        return self.training.trained_at if self.training else self.written_at


@dataclass(frozen=True, slots=True)
class Live:
    """Which model answers, or will once it is trained.

    Attributes:
        path: Its file, which may not exist yet where nothing was promoted.
        promotion: What made it live; None: the model of the present files is.
        missing: A promoted model whose file is gone, so that another one serves.
        files_are_newer: A promoted one is live, and the present files ask for another.
    """

    path: Path
    promotion: Promotion | None = None
    missing: str | None = None
    files_are_newer: bool = False

    @property
    def name(self) -> str:
        return name_of(self.path)


def name_of(path: Path) -> str:
    return path.name.removesuffix(ENDING)


def path_of(settings: Settings, name: str) -> Path:
    """Return the file of a model.

    Raises:
        UnknownModel: The name is no name of a file in the models folder.
    """
    if not 0 < len(name) <= LONGEST_NAME or name != Path(name).name or name.startswith("."):
        raise UnknownModel(name)
    return settings.models_dir / f"{name}{ENDING}"


def find_model(settings: Settings, name: str) -> TrainedModel:
    """Return a model by its name.

    Raises:
        UnknownModel: There is no such file.
    """
    path = path_of(settings, name.removesuffix(ENDING))
    try:
        return _model_at(path)
    except OSError:
        raise UnknownModel(name) from None


def all_models(settings: Settings) -> Sequence[TrainedModel]:
    """Return every model of the folder, the latest first."""
    found = []
    for path in settings.models_dir.glob(f"*{ENDING}"):
        if not path.name.startswith(".") and path.is_file():
            found.append(_model_at(path))
    return sorted(found, key=lambda one: one.trained_at, reverse=True)


def live_model(settings: Settings, uow: UnitOfWork) -> Live:
    """Return which model is live: what was promoted last, else what the engine said it serves,
    else the one of the present files.

    Raises:
        ProjectFilesError: None of these is known, and a file that training needs is missing.
    """
    latest = uow.models.promotions(1)
    if latest:
        return live_after(settings, latest[0])
    for serving in uow.model_serving.all():
        if serving.model and path_of(settings, serving.model).is_file():
            return Live(path_of(settings, serving.model))
    return live_after(settings, None)


def live_after(settings: Settings, promotion: Promotion | None) -> Live:
    """Return which model is live after this promotion; see `live_model`."""
    if promotion is None:
        return Live(current_model(settings))
    path = path_of(settings, promotion.model)
    if not path.is_file():
        return Live(current_model(settings), missing=promotion.model)
    try:
        newer = current_model(settings) != path
    except ProjectFilesError:
        newer = False
    return Live(path, promotion, files_are_newer=newer)


def prepare_training(settings: Settings, by: str) -> Training:
    """Return what is known of a training before it begins; its seconds come afterwards."""
    version, dirty = data_version(settings.project_dir)
    config = (settings.project_dir / "config.yml").read_bytes()
    corpus = read_corpus(settings.project_dir / "data/nlu", settings.project_dir)
    return Training(
        fingerprint=fingerprint(settings.project_dir),
        data_version=version,
        data_dirty=dirty,
        config_digest=hashlib.sha256(config).hexdigest()[:12],
        examples=len(corpus.examples),
        trained_at=datetime.now(UTC),
        trained_by=by,
        seconds=0.0,
    )


def write_training(model: Path, training: Training) -> None:
    """Keep beside a model how it was made."""
    content = {**asdict(training), "trained_at": training.trained_at.isoformat()}
    _record_path(model).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_training(model: Path) -> Training | None:
    """Return how a model was made; None when that is not known."""
    try:
        row = json.loads(_record_path(model).read_text(encoding="utf-8"))
        return Training(**{**row, "trained_at": datetime.fromisoformat(row["trained_at"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def training_json(training: Training | None) -> Json | None:
    if training is None:
        return None
    return {**asdict(training), "trained_at": training.trained_at.isoformat(timespec="seconds")}


def data_version(project_dir: Path) -> tuple[str, bool]:
    """Return the commit of the project, and whether what shapes the model differs from it.

    Without git, or outside a repository, the commit is empty.
    """
    commit = _git(project_dir, "rev-parse", "HEAD")
    if not commit:
        return "", False
    return commit.strip(), bool(_git(project_dir, "status", "--porcelain", "--", *FINGERPRINTED))


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "--no-optional-locks", *arguments]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=GIT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _model_at(path: Path) -> TrainedModel:
    facts = path.stat()
    written = datetime.fromtimestamp(facts.st_mtime, UTC)
    return TrainedModel(name_of(path), path, written, facts.st_size, read_training(path))


def _record_path(model: Path) -> Path:
    return model.with_name(f"{name_of(model)}{RECORD_ENDING}")
