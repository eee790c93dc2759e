"""The next version of the program: this one, with a migration that lets this one run beside it."""

import shutil
from pathlib import Path

from amends.storage import migrate
from tests.support.system import PROJECT

NOT_COPIED = (".git", ".venv*", ".tools", ".rasa", "var", "models", "__pycache__", "*_cache")
SHARED = (".venv-engine", "models")
MIGRATION = '''"""A column and a table that the version before knows nothing of."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None
beside = True


def upgrade() -> None:
    op.add_column("conversations", sa.Column("next", sa.String(8), nullable=True))
    op.create_table("next_things", sa.Column("id", sa.String(8), primary_key=True))
'''
REVISION = "9999"


def make_next_version(folder: Path) -> Path:
    """Return the folder of the next version, made there."""
    project = folder / "next"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns(*NOT_COPIED))
    for name in SHARED:
        (project / name).symlink_to(PROJECT / name)
    text = MIGRATION.format(revision=REVISION, before=migrate.latest())
    versions = project / "amends" / "storage" / "migrations" / "versions"
    (versions / f"v{REVISION}_next.py").write_text(text, "utf-8")
    return project
