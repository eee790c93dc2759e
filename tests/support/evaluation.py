"""Where the real, labelled messages lie that some tests measure with."""

from pathlib import Path

from amends.wiring.settings import PROJECT_DIR, load_settings


def evaluation_folder() -> Path:
    """Return the folder of the rows: the setting AMENDS_EVALUATION_ROWS, or one beside Amends."""
    chosen = load_settings().evaluation_rows
    return Path(chosen) if chosen else PROJECT_DIR.parent / "shared" / "eval" / "dev"
