"""Figures tell what was granted beyond the clauses of the policy; so far that was nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None
beside = True


def upgrade() -> None:
    column = sa.Column("exception_minor", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("conversation_facts", column)
