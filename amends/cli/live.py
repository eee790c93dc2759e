"""Which model this installation answers with, for commands: the promoted one, else the files'."""

import sys
from pathlib import Path

from amends.cli.train import train_if_stale
from amends.wiring.models import Live, live_after, name_of
from amends.wiring.settings import Settings


def promoted(settings: Settings) -> Live | None:
    """Return the live model if it was promoted, or what is wrong with its file; else None.

    A database that is not there yet has promoted nothing. One that does not answer is named on
    stderr: then nobody knows, and the model of the present files is used.
    """
    from amends.storage import Database, migrate

    try:
        if migrate.is_behind(settings.database_url):
            return None
        db = Database(settings.database_url)
        try:
            with db.read() as uow:
                latest = uow.models.promotions(1)
        finally:
            db.close()
    except Exception as error:  # whatever a driver raises
        print(
            f"The database cannot be read ({type(error).__name__}), so nobody knows whether a "
            "model was promoted; the one of the present files is used.",
            file=sys.stderr,
        )
        return None
    return live_after(settings, latest[0]) if latest else None


def model_to_use(settings: Settings) -> Path:
    """Return the model that the running engine uses, trained now if nothing was promoted and it
    is missing or stale.

    Raises:
        TrainingError: Rasa could not train.
    """
    return model_with_notes(settings)[0]


def model_with_notes(settings: Settings) -> tuple[Path, bool, str]:
    """Return the model to use, whether it was trained just now, and what to tell about it."""
    live = promoted(settings)
    if live is None:
        return (*train_if_stale(settings), "")
    if live.promotion is None:
        model, trained = train_if_stale(settings)
        return model, trained, _gone(live.missing or "", model)
    return live.path, False, newer_files(live)


def newer_files(live: Live) -> str:
    """Say what to do when the present files ask for another model than the promoted one."""
    if not live.files_are_newer:
        return ""
    return (
        f"{live.name} is promoted and answers; the training files ask for another model: examine "
        "and promote it at the desk under Training, or with `amends train`, "
        "`amends models examine` and `amends models promote`."
    )


def _gone(name: str, instead: Path) -> str:
    return (
        f"The promoted model {name} has no file any more; {name_of(instead)} answers instead. "
        "Put the file back, or promote another model."
    )
