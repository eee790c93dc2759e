"""A promise may be given a new date: another promise, which says whose place it takes."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None
beside = True


def upgrade() -> None:
    # In SQL that both databases read: SQLite adds no foreign key to a column that is there already.
    op.execute(
        "ALTER TABLE promises ADD COLUMN replaces VARCHAR(64) "
        "CONSTRAINT fk_promises_replaces REFERENCES promises (id)"
    )
    op.create_index(op.f("ix_promises_replaces"), "promises", ["replaces"], unique=True)
