"""Which versions of the program may run on the database as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None
beside = True


def upgrade() -> None:
    op.create_table(
        "programs",
        sa.Column("revision", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_programs")),
    )
